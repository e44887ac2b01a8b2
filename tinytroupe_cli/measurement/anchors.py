"""Statements that stand for the points of a field's scale, so that words can be rated by how near they are.

Sixteen constructs have statements of their own (`anchors.yaml`). Which of them a field is about is read from its
labels, its name and its question (`constructs.py`). Knows fields; knows nothing of vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.measurement.constructs import construct_of, labels_of
from tinytroupe_cli.plan.types import PlannedField

Anchors = tuple[tuple[str, ...], ...]

WRITTEN_FOR = 7
"""Points the shipped statements stand for."""
MAX_POINTS = 11
"""A scale with more points than this, or with fractions, is rated on this many at equal distances."""
_CHOSEN = {2: (0, 6), 3: (0, 3, 6), 4: (0, 2, 4, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 4, 5, 6)}
"""Number of points -> which of seven statements stand for them."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Sets of statements, each from the field's lowest point to its highest."""

    sets: Anchors
    construct: str = ""
    """What they are about; empty: made of the field's own labels."""
    is_reversed: bool = False
    """Whether the field counts down: its highest point is the construct's lowest."""


def statements_for(field: PlannedField, question: str) -> Statements | None:
    """Return at least four sets of statements for a scale or Likert field; None: nothing to go by.

    A set has seven statements, whatever the field's points; those made of a Likert field's labels have one for each.
    """
    if not type_of(field).is_rated:
        return None
    labels = labels_of(field)
    if found := construct_of(labels, field.name, question):
        sets = _shipped()[found.name]
        return Statements(
            tuple(anchors[::-1] for anchors in sets) if found.is_reversed else sets,
            found.name,
            is_reversed=found.is_reversed,
        )
    if len(labels) < 2:  # noqa: PLR2004 - one end leaves the other open
        return None
    return Statements(_of_labels(labels) if field.options else _between(*labels))


def anchors_for(field: PlannedField, question: str) -> Anchors | None:
    """Return the statements with one for each point of the field, where it has 2 to 7; seven for longer scales."""
    found = statements_for(field, question)
    if found is None:
        return None
    return tuple(_chosen(anchors, points_of(field)) for anchors in found.sets)


def points_of(field: PlannedField) -> int:
    """Return on how many points a field is rated."""
    if field.options:
        return len(field.options)
    low, high = map(float, type_of(field).range(field))
    steps = high - low
    return int(steps) + 1 if steps.is_integer() and low.is_integer() and steps < MAX_POINTS else MAX_POINTS


def _chosen(statements: tuple[str, ...], points: int) -> tuple[str, ...]:
    if len(statements) != WRITTEN_FOR or points not in _CHOSEN:
        return statements
    return tuple(statements[at] for at in _CHOSEN[points])


def _of_labels(labels: Sequence[str]) -> Anchors:
    forms = ("{}.", "I'd say: {}.", "For me it's {}.", "{}, that's how it is.")
    return tuple(tuple(form.format(label) for label in labels) for form in forms)


def _between(low: str, high: str) -> Anchors:
    """Make statements for seven points between two ends that are described in words."""
    forms = (
        ("Absolutely {}.", "{}.", "Rather {}.", "Neither the one nor the other."),
        ("I'm convinced: {}.", "I'd say: {}.", "I lean towards: {}.", "I can see both sides."),
        ("Yes, {}, without a doubt.", "Mostly {}.", "Perhaps {}.", "It depends, somewhere in between."),
        ("Only {}.", "More or less {}.", "A little more {}.", "A bit of both."),
    )
    return tuple(
        (*(form.format(low) for form in three), middle, *(form.format(high) for form in three[::-1]))
        for *three, middle in forms
    )


@cache
def _shipped() -> dict[str, Anchors]:
    text = resources.files("tinytroupe_cli.measurement").joinpath("anchors.yaml").read_text(encoding="utf-8")
    return {name: tuple(map(tuple, sets)) for name, sets in yaml.safe_load(text).items()}
