"""Which differences a comparison asks for: between levels of a factor, groups of people, or options of a choice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import CastMember, Condition, Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.comparison_result import ComparisonKind


@dataclass(frozen=True, slots=True)
class Question:
    """One difference to be found."""

    planned: PlannedComparison
    field: PlannedField
    option: JsonValue
    levels: tuple[JsonValue, ...]
    conditions: tuple[tuple[str, ...], ...]
    """The conditions of each level, in the order in which the other factors' levels match."""
    people: tuple[frozenset[str], ...] | None = None
    """By attribute: the people of each group."""
    kind: ComparisonKind = "pair"
    contrast: str = ""
    """Name of a named contrast."""
    weights: tuple[float, ...] = ()
    """The weight of each level in a contrast."""
    group_of: tuple[int, ...] = ()
    """The number of each level's group of units; levels of one group have the same units."""


def questions(plan: Plan, planned: PlannedComparison, field: PlannedField) -> Iterator[Question]:
    """Yield what a comparison asks: of more than two levels an omnibus question, then every pair of levels.

    A choice, a budget or a best-worst task is compared as a whole and option by option, a ranking option by option.
    """
    if planned.options:
        yield from _of_options(plan, planned, field)
        return
    groups = groups_of_people(plan.cast, planned.attribute, planned.bands) if planned.attribute else {}
    levels = tuple(groups) if planned.attribute else plan.factors[planned.factor]
    pairs: Sequence[tuple[JsonValue, ...]] = planned.pairs or tuple(combinations(levels, 2))
    every = [tuple(levels)] if len(levels) > 2 and not planned.pairs else []  # noqa: PLR2004 - two are a pair
    for kind, option in _parts(field):
        for compared in every if kind == "omnibus" else pairs:
            if planned.attribute:
                everywhere = tuple(condition.name for condition in plan.conditions)
                people = tuple(groups.get(label(level), frozenset()) for level in compared)
                yield Question(planned, field, option, compared, (everywhere,) * len(compared), people, kind)
            elif sets := matching(plan.conditions, planned, compared):
                yield Question(planned, field, option, compared, tuple(zip(*sets, strict=True)), kind=kind)


def _parts(field: PlannedField) -> Iterator[tuple[ComparisonKind, JsonValue]]:
    """Yield what is compared of a field: all of it, or one option."""
    match type_of(field).shape:
        case "nominal":
            yield "omnibus", None
            if len(field.options) > 2:  # noqa: PLR2004 - of two options each has the whole difference
                yield "whole", None
            for option in field.options:
                yield "pair", option
        case "amounts":
            yield "omnibus", None
            yield "whole", None
            for option in field.options:
                yield "pair", option
        case "ranking":
            for option in field.options:
                yield "omnibus", option
            for option in field.options:
                yield "pair", option
        case _:
            yield "omnibus", None
            yield "pair", None


def matching(
    conditions: Sequence[Condition], planned: PlannedComparison, levels: Sequence[JsonValue]
) -> list[tuple[str, ...]]:
    """Return sets of conditions, one at each level, that differ in nothing but the factor."""
    alike: dict[str, list[list[str]]] = {}
    for condition in conditions:
        if not all(is_same(condition.levels.get(name), level) for name, level in planned.at.items()):
            continue
        place = next(
            (at for at, candidate in enumerate(levels) if is_same(condition.levels.get(planned.factor), candidate)),
            None,
        )
        rest = {name: level for name, level in condition.levels.items() if name != planned.factor}
        if place is not None:
            alike.setdefault(repr(sorted(rest.items())), [[] for _ in levels])[place].append(condition.name)
    return [names for at_level in alike.values() for names in product(*at_level)]


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


def _of_options(plan: Plan, planned: PlannedComparison, field: PlannedField) -> Iterator[Question]:
    at = planned.at.items()
    kept = [
        candidate
        for candidate in plan.conditions
        if all(is_same(candidate.levels.get(name), level) for name, level in at)
    ]
    names = tuple(condition.name for condition in kept)
    for first, second in planned.pairs or tuple(combinations(field.options, 2)):
        yield Question(planned, field, None, (first, second), (names, names), kind="options")


def band_of(value: float, bands: Sequence[float]) -> tuple[str, float]:
    """Return the name of the band that a number is in, and its lower end."""
    edges = [-math.inf, *sorted(bands), math.inf]
    low, high = next(pair for pair in pairwise(edges) if pair[0] <= value < pair[1])
    if low == -math.inf:
        return f"under {label(high)}", low
    return (f"{label(low)} and over" if high == math.inf else f"{label(low)} to under {label(high)}"), low
