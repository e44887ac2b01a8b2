"""likert: one of several labels that are in order; a label counts as its point, from 1."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.fields.field_type import (
    AddFinding,
    ScaleEnd,
    place_of,
    quoted,
    unique_options,
)
from tinytroupe_cli.fields.likert_scales import LIKERT
from tinytroupe_cli.fields.options import OneOfType
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, Reading, read_option, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.spec.measures import Likert


class LikertType(OneOfType[Likert]):
    """A labelled scale."""

    kind = "likert"
    shape = "ordinal"
    scale = "points"
    noun = "a likert"
    spec = Likert
    ordering = "scales"
    is_rated = True
    has_numbers = True

    def plan(self, name: str, written: Likert, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned, with the labels of a named scale."""
        return PlannedField(name=name, kind="likert", options=_labels(written, (*path, "likert"), report))

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Find the label that is meant, by its words or by its point.

        Read from high to low, a bare number could be a point or a place in the list: it is no answer.
        """
        return read_option(stated_answer(answers, key), options, is_ordered=tuple(options) == field.options)

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """Name the ends, in the direction in which it is read."""
        del field, is_named
        return f"from {quoted([options[0]])} to {quoted([options[-1]])}"

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the label's point, from 1."""
        del option
        return place_of(field.options, value)

    def range(self, field: PlannedField) -> tuple[float, float]:
        """Return the first and last point."""
        return 1, len(field.options)

    def phrase(self, field: PlannedField) -> str:
        """Return the number of points, and what the ends are."""
        return f"{len(field.options)} points, from {label(field.options[0])} to {label(field.options[-1])}"

    def ends(self, field: PlannedField) -> tuple[ScaleEnd, ScaleEnd]:
        """Return the first and last label."""
        return ScaleEnd(1, label(field.options[0])), ScaleEnd(len(field.options), label(field.options[-1]))


def _labels(written: Likert, path: Path, report: AddFinding) -> tuple[JsonValue, ...]:
    if isinstance(written.likert, str):
        if written.likert not in LIKERT:
            hint = did_you_mean(written.likert, LIKERT, label="scales") + "; or list the labels from lowest to highest"
            report("E333", f"unknown Likert scale '{written.likert}'", path, hint=hint)
        return LIKERT.get(written.likert, ())
    if len(written.likert) < 2:  # noqa: PLR2004 - one point is no scale
        report("E333", "a scale needs at least two labels", path)
    return unique_options(written.likert, path, report)
