"""Which differences a comparison asks for: pairs of levels with their conditions, or of groups with their people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import CastMember, Condition, Plan


@dataclass(frozen=True, slots=True)
class Question:
    """One difference to be found."""

    planned: PlannedComparison
    field: PlannedField
    option: JsonValue
    levels: tuple[JsonValue, JsonValue]
    conditions: tuple[tuple[str, ...], tuple[str, ...]]
    """The conditions of each level, in the order in which the other factors' levels match."""
    people: tuple[frozenset[str], frozenset[str]] | None = None
    """By attribute: the people of each group."""


def questions(plan: Plan, planned: PlannedComparison, field: PlannedField) -> Iterator[Question]:
    """Yield every pair of levels, for each option of a choice or ranking."""
    options: Sequence[JsonValue] = field.options if type_of(field).shape in ("nominal", "ranking") else (None,)
    for option in options:
        if planned.factor:
            yield from _of_factor(plan, planned, field, option)
        else:
            yield from _of_people(plan, planned, field, option)


def matching(
    conditions: Sequence[Condition], planned: PlannedComparison, first: JsonValue, second: JsonValue
) -> list[tuple[str, str]]:
    """Return pairs of conditions, one at each level, that differ in nothing but the factor."""

    def others(condition: Condition) -> dict[str, JsonValue]:
        return {name: level for name, level in condition.levels.items() if name != planned.factor}

    at = planned.at.items()
    kept = [one for one in conditions if all(is_same(one.levels.get(name), level) for name, level in at)]
    ones = [one for one in kept if is_same(one.levels.get(planned.factor), first)]
    seconds = [one for one in kept if is_same(one.levels.get(planned.factor), second)]
    return [(one.name, other.name) for one in ones for other in seconds if others(one) == others(other)]


def groups_of_people(people: Iterable[CastMember], attribute: str, bands: Sequence[float]) -> dict[str, frozenset[str]]:
    """Return the groups of people by an attribute, named by value or band, in order of bands or of the cast."""
    found: dict[str, set[str]] = {}
    order: dict[str, float] = {}
    for member in people:
        value = single_value(member.persona, attribute)
        if value is None:
            continue
        name = label(value)
        if bands and isinstance(value, int | float):
            name, order[name] = band_of(value, bands)
        found.setdefault(name, set()).add(member.id)
    return {name: frozenset(found[name]) for name in sorted(found, key=lambda name: order.get(name, 0.0))}


def _of_factor(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[Question]:
    for first, second in planned.pairs or tuple(combinations(plan.factors[planned.factor], 2)):
        if pairs := matching(plan.conditions, planned, first, second):
            ones, others = zip(*pairs, strict=True)
            yield Question(planned, field, option, (first, second), (tuple(ones), tuple(others)))


def _of_people(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[Question]:
    everywhere = tuple(condition.name for condition in plan.conditions)
    groups = groups_of_people(plan.cast, planned.attribute, planned.bands)
    for first, second in planned.pairs or tuple(combinations(groups, 2)):
        people = (groups.get(label(first), frozenset()), groups.get(label(second), frozenset()))
        yield Question(planned, field, option, (first, second), (everywhere, everywhere), people)


def band_of(value: float, bands: Sequence[float]) -> tuple[str, float]:
    """Return the name of the band that a number is in, and its lower end."""
    edges = [-math.inf, *sorted(bands), math.inf]
    low, high = next(pair for pair in pairwise(edges) if pair[0] <= value < pair[1])
    if low == -math.inf:
        return f"under {label(high)}", low
    return (f"{label(low)} and over" if high == math.inf else f"{label(low)} to under {label(high)}"), low
