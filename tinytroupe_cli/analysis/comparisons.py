"""Compares measures between levels of a factor or groups of people, on units.

Tests are permutation tests; intervals are score intervals for shares with one answer per unit, else bootstrap-t. Where
all units agree, the interval is the exact bound, never of width 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import fmean
from typing import Final, Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_result import ComparisonResult, How
from tinytroupe_cli.analysis.multiplicity import corrected
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import CellValues, Units, cell_values, matched, pooled, units_of
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Condition, Plan

MIN_TESTED: Final = 6
"""Units, in each group, below which values are described and not tested."""
MIN_AUTO: Final = 6
"""Units from which comparisons are made that nobody wrote."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One difference to be found."""

    planned: PlannedComparison
    field: PlannedField
    option: JsonValue
    levels: tuple[JsonValue, JsonValue]
    conditions: tuple[tuple[str, ...], tuple[str, ...]]
    """The conditions of each level, in the order in which the other factors' levels match."""
    people: tuple[frozenset[str], frozenset[str]] | None = None
    """By attribute: the people of each group."""

    @property
    def name(self) -> str:
        return f"{self.planned.query}.{self.planned.field}"


def comparisons(plan: Plan, rows: Sequence[Observation]) -> list[ComparisonResult]:
    """Return every comparison of a plan, or the obvious ones where none was written: each measure by each factor."""
    units = units_of(plan, plan.inference.about)
    if plan.comparisons is not None:
        return compared(plan, rows, plan.comparisons)
    wanted = list(_obvious(plan)) if _count_of(units, plan) >= MIN_AUTO else []
    return compared(plan, rows, wanted, is_auto=True)


def compared(
    plan: Plan, rows: Sequence[Observation], wanted: Sequence[PlannedComparison], *, is_auto: bool = False
) -> list[ComparisonResult]:
    """Return the results of some comparisons, with p-values corrected within each family."""
    units = units_of(plan, plan.inference.about)
    found = [_result(plan, rows, units, question, is_auto=is_auto) for question in _questions(plan, wanted)]
    for family in ("main", "exploratory", "description"):
        at = [place for place, one in enumerate(found) if one.family == family and one.p is not None]
        p_values = corrected([found[place].p or 1.0 for place in at], plan.inference.correction)
        for place, p in zip(at, p_values, strict=True):
            found[place] = found[place].model_copy(update={"p_corrected": p})
    return found


def _obvious(plan: Plan) -> Iterator[PlannedComparison]:
    for query, field in _fields(plan):
        if not field.aside and _scale(field) is not None:
            yield from (PlannedComparison(query=query, field=field.name, factor=factor) for factor in plan.factors)


def _fields(plan: Plan) -> list[tuple[str, PlannedField]]:
    found = {
        (query.name, field.name): field for trial in plan.trials for query in trial.queries for field in query.fields
    }
    return [(query, field) for (query, _), field in found.items()]


def _count_of(units: Units, plan: Plan) -> int:
    return plan.replicates if units.kind == "replicate" else len(set(units.of.values()))


def _scale(field: PlannedField) -> Literal["share", "points", "number", "place"] | None:
    """Return what a field's values are when compared; None: it can't be."""
    match type_of(field).shape:
        case "binary" | "nominal":
            return "share"
        case "ordinal":
            return "points"
        case "numeric":
            return "points" if type_of(field).ends(field) else "number"
        case "ranking":
            return "place"
        case "entries" | "words":
            return None


def _questions(plan: Plan, wanted: Iterable[PlannedComparison]) -> Iterator[_Question]:
    fields = {(query, field.name): field for query, field in _fields(plan)}
    for planned in wanted:
        field = fields.get((planned.query, planned.field))
        if field is None or _scale(field) is None:
            continue
        options: Sequence[JsonValue] = field.options if type_of(field).shape in ("nominal", "ranking") else (None,)
        for option in options:
            if planned.factor:
                yield from _of_factor(plan, planned, field, option)
            else:
                yield from _of_people(plan, planned, field, option)


def _of_factor(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[_Question]:
    levels = plan.factors[planned.factor]
    for first, second in planned.pairs or tuple(combinations(levels, 2)):
        pairs = _matching(plan.conditions, planned, first, second)
        if pairs:
            ones, others = zip(*pairs, strict=True)
            yield _Question(planned, field, option, (first, second), (tuple(ones), tuple(others)))


def _matching(
    conditions: Sequence[Condition], planned: PlannedComparison, first: JsonValue, second: JsonValue
) -> list[tuple[str, str]]:
    """Return pairs of conditions that differ in nothing but the factor."""

    def others(condition: Condition) -> dict[str, JsonValue]:
        return {name: level for name, level in condition.levels.items() if name != planned.factor}

    kept = [
        one for one in conditions if all(is_same(one.levels.get(name), level) for name, level in planned.at.items())
    ]
    return [
        (one.name, other.name)
        for one in kept
        for other in kept
        if is_same(one.levels.get(planned.factor), first)
        and is_same(other.levels.get(planned.factor), second)
        and others(one) == others(other)
    ]


def _of_people(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[_Question]:
    everywhere = tuple(condition.name for condition in plan.conditions)
    groups = groups_of_people(plan, planned.attribute, planned.bands)
    for first, second in planned.pairs or tuple(combinations(groups, 2)):
        people = (groups.get(label(first), frozenset()), groups.get(label(second), frozenset()))
        yield _Question(planned, field, option, (first, second), (everywhere, everywhere), people)


def groups_of_people(plan: Plan, attribute: str, bands: Sequence[float]) -> dict[str, frozenset[str]]:
    """Return the groups of people by an attribute, named by value or band, in order of bands or of the cast."""
    found: dict[str, set[str]] = {}
    order: dict[str, float] = {}
    for trial in plan.trials:
        for member in trial.people:
            value: JsonValue = member.persona
            for part in attribute.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if value is None or isinstance(value, dict | list):
                continue
            name = label(value)
            if bands and isinstance(value, int | float):
                name, order[name] = _band(value, bands)
            found.setdefault(name, set()).add(member.id)
    return {name: frozenset(found[name]) for name in sorted(found, key=lambda name: order.get(name, 0.0))}


def _band(value: float, bands: Sequence[float]) -> tuple[str, float]:
    edges = [-math.inf, *bands, math.inf]
    for low, high in pairwise(edges):
        if low <= value < high:
            if low == -math.inf:
                return f"under {label(high)}", low
            return (f"{label(low)} and over" if high == math.inf else f"{label(low)} to under {label(high)}"), low
    return label(value), value


def _result(
    plan: Plan, rows: Sequence[Observation], units: Units, question: _Question, *, is_auto: bool
) -> ComparisonResult:
    field, is_people = question.field, question.people is not None
    is_within = not is_people and plan.design == "within"
    own = [row for row in rows if (row.query, row.field) == (question.planned.query, field.name)]
    first, second = _sides(cell_values(own, units, _number_of(question)), units, question, is_within=is_within)
    blank = ComparisonResult(
        measure=question.name,
        option=question.option,
        by=question.planned.factor or question.planned.attribute,
        levels=question.levels,
        at=question.planned.at,
        design="description" if is_people else "within" if is_within else "between",
        scale=_scale(field) or "number",
        unit=units.kind,
        n=(len(first), len(second)),
        missing=_counted(own, question, is_missing=True),
        planned=_counted(own, question, is_missing=False),
        equivalence=question.planned.equivalence,
        alpha=plan.inference.alpha,
        family="description" if is_people else "exploratory" if is_auto else "main",
    )
    seed = Stream(plan.seed, "analysis").integer()  # one for all: measures of the same units share their draws
    low, high = type_of(field).range(field)
    width = 1.0 if blank.scale == "share" else high - low
    return blank.model_copy(update=_figures(first, second, blank, width, How(plan.inference, seed)))


def _number_of(question: _Question) -> Callable[[Observation], float | None]:
    """Return what turns a stated answer into the number that is compared."""
    kind = type_of(question.field)
    match kind.shape:
        case "binary":
            return lambda row: float(row.value is True)
        case "nominal":
            return lambda row: float(kind.is_answer(question.field, row.value, question.option))
        case _:
            return lambda row: kind.as_number(question.field, row.value, question.option)


def _sides(
    values: CellValues, units: Units, question: _Question, *, is_within: bool
) -> tuple[list[float], list[float]]:
    """Return the units' values at both levels; in the same order where the design is within."""
    names = list(dict.fromkeys(unit for unit, _ in values))
    if is_within:
        both = matched(values, list(zip(*question.conditions, strict=True)), names)
        return [one for one, _ in both], [other for _, other in both]
    first, second = (
        pooled(values, conditions, [name for name in names if group is None or name in _units_in(units, group)])
        for conditions, group in zip(question.conditions, question.people or (None, None), strict=True)
    )
    return first, second


def _units_in(units: Units, people: frozenset[str]) -> set[str]:
    return {units.of.get(person, person) for person in people}


def _counted(rows: Sequence[Observation], question: _Question, *, is_missing: bool) -> tuple[int, int]:
    groups = question.people or (None, None)
    ones, others = (
        sum(
            row.condition in conditions
            and (group is None or row.person in group)
            and (not is_missing or row.outcome != "stated")
            for row in rows
        )
        for conditions, group in zip(question.conditions, groups, strict=True)
    )
    return ones, others


def _figures(
    first: list[float], second: list[float], blank: ComparisonResult, width: float, how: How
) -> dict[str, object]:
    """Return the estimate, and the test and interval where there are enough units."""
    least = min(len(first), len(second))
    if not least:
        return {"why_not": "no answers at one of the levels"}
    values = fmean(first), fmean(second)
    found: dict[str, object] = {"values": values, "estimate": values[1] - values[0]}
    if least < MIN_TESTED:
        return {**found, "why_not": f"fewer than {MIN_TESTED} units on one side: described, not tested"}
    # A run without comparisons loads neither numpy nor scipy.
    from tinytroupe_cli.analysis.differences import figures  # noqa: PLC0415

    return {**found, **figures(first, second, blank, width, how)}
