"""Compares measures between levels of a factor or groups of people, on units.

Tests are permutation tests; intervals are score intervals for shares with one answer per unit, else bootstrap-t. Where
all units agree, the interval is the exact bound, never of width 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Final

from tinytroupe_cli.analysis.comparison_questions import Question, questions
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, How
from tinytroupe_cli.analysis.measure_values import number_of
from tinytroupe_cli.analysis.multiplicity import corrected
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import Units, cell_values, matched, pooled, units_of
from tinytroupe_cli.analysis.weights import Weighed, weighed_people
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Plan

MIN_TESTED: Final = 6
"""Units, in each group, below which values are described and not tested."""
MIN_AUTO: Final = 6
"""Units from which comparisons are made that nobody wrote."""


def comparisons(plan: Plan, rows: Sequence[Observation]) -> list[ComparisonResult]:
    """Return every comparison of a plan, or the obvious ones where none was written: each measure by each factor."""
    units = units_of(plan, plan.inference.about)
    if plan.comparisons is not None:
        return compared(plan, rows, plan.comparisons)
    wanted = list(obvious_comparisons(plan)) if _count_of(units, plan) >= MIN_AUTO else []
    return compared(plan, rows, wanted, is_auto=True)


def compared(
    plan: Plan, rows: Sequence[Observation], wanted: Sequence[PlannedComparison], *, is_auto: bool = False
) -> list[ComparisonResult]:
    """Return the results of some comparisons, with p-values corrected within each family.

    One that can't be made is a result too, with the reason.
    """
    fields = {(query, field.name): field for query, field in _fields(plan)}
    weighed = weighed_people(plan)
    found: list[ComparisonResult] = []
    for planned in wanted:
        units = units_of(plan, "people" if planned.attribute else plan.inference.about)
        field = fields.get((planned.query, planned.field))
        asked = [] if field is None else list(questions(plan, planned, field))
        found += [_result(plan, rows, units, question, is_auto=is_auto, weighed=weighed) for question in asked]
        if not asked:
            found.append(_impossible(plan, units, planned, field))
    for family in ("main", "exploratory", "description"):
        tested = [(place, one.p) for place, one in enumerate(found) if one.family == family and one.p is not None]
        p_values = corrected([p for _, p in tested], plan.inference.correction)
        for (place, _), p in zip(tested, p_values, strict=True):
            found[place] = found[place].model_copy(update={"p_corrected": p})
    return found


def obvious_comparisons(plan: Plan) -> Iterator[PlannedComparison]:
    """Yield each measure by each factor: what is compared where nothing was written."""
    controls = {(control.query, control.field) for control in plan.controls}
    for query, field in _fields(plan):
        if (
            not field.aside
            and (query, field.name) not in controls
            and type_of(field).scale is not None
            and (field.options or type_of(field).shape != "nominal")
        ):
            yield from (PlannedComparison(query=query, field=field.name, factor=factor) for factor in plan.factors)


def _fields(plan: Plan) -> list[tuple[str, PlannedField]]:
    found = {
        (query.name, field.name): field for trial in plan.trials for query in trial.queries for field in query.fields
    }
    return [(query, field) for (query, _), field in found.items()]


def _count_of(units: Units, plan: Plan) -> int:
    return plan.replicates if units.kind == "replicate" else len(set(units.of.values()))


def _impossible(plan: Plan, units: Units, planned: PlannedComparison, field: PlannedField | None) -> ComparisonResult:
    """Return a result that says why there is none."""
    if field is None or (type_of(field).shape == "nominal" and not field.options):
        why = "its answers were not sorted into categories"
    elif planned.factor:
        why = "no two conditions differ in this factor alone"
    else:
        why = "there are no two groups of people"
    return ComparisonResult(
        measure=f"{planned.query}.{planned.field}",
        by=planned.factor or planned.attribute,
        at=planned.at,
        design="description" if planned.attribute else "between" if plan.is_between(planned.factor) else "within",
        scale=(type_of(field).scale if field else None) or "number",
        unit=units.kind,
        family="description" if planned.attribute else "main",
        why_not=why,
    )


def _result(
    plan: Plan,
    rows: Sequence[Observation],
    units: Units,
    question: Question,
    *,
    is_auto: bool,
    weighed: Weighed | None,
) -> ComparisonResult:
    field, planned, is_people = question.field, question.planned, question.people is not None
    is_within = not is_people and (not plan.is_between(planned.factor) or units.kind == "replicate")
    own = [row for row in rows if (row.query, row.field) == (planned.query, field.name)]
    sides = [_rows_of(own, question, side) for side in (0, 1)]
    blank = ComparisonResult(
        measure=f"{planned.query}.{field.name}",
        option=question.option,
        by=planned.factor or planned.attribute,
        levels=question.levels,
        at=planned.at,
        design="description" if is_people else "within" if is_within else "between",
        scale=type_of(field).scale or "number",
        unit=units.kind,
        missing=_pair(sum(row.outcome != "stated" for row in side) for side in sides),
        planned=_pair(len(side) for side in sides),
        equivalence=planned.equivalence,
        alpha=plan.inference.alpha,
        family="description" if is_people else "exploratory" if is_auto else "main",
    )
    weights = weighed.for_figures if weighed else None
    first, second = _unit_values(question, sides, units, weights, is_within=is_within)
    shared = not is_within and bool(first.keys() & second.keys())
    blank = blank.model_copy(update={"n": (len(first), len(second))})
    seed = Stream(plan.seed, "analysis").integer()  # one for all: measures of the same units share their draws
    low, high = type_of(field).range(field)
    width = 1.0 if blank.scale == "share" else high - low
    how = How(plan.inference, seed, () if is_within or is_people else _blocks(plan, units, [*first, *second]))
    is_weighted = weights is not None and {*first, *second} <= set(units.of.values())
    weighted = (weighed, units) if weighed and is_weighted else None
    return blank.model_copy(update=_figures(first, second, blank, width, how, is_shared=shared, weighted=weighted))


def _unit_values(
    question: Question,
    sides: Sequence[Sequence[Observation]],
    units: Units,
    weights: Mapping[str, float] | None,
    *,
    is_within: bool,
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the value of each unit at both levels; within, of the units that have both."""
    number = number_of(question.field, question.option)
    if not is_within:
        first, second = (pooled(cell_values(side, units, number, weights)) for side in sides)
        return first, second
    pairs = list(zip(*question.conditions, strict=True))
    both = matched(cell_values([*sides[0], *sides[1]], units, number, weights), pairs)
    return {unit: one for unit, (one, _) in both.items()}, {unit: other for unit, (_, other) in both.items()}


def _blocks(plan: Plan, units: Units, compared: Sequence[str]) -> tuple[str, ...]:
    """Return the block of each unit; empty where people were not assigned one by one within blocks."""
    block_of = {person: block for block, people in plan.assignment.blocks.items() for person in people}
    if units.kind != "person" or not block_of:
        return ()
    return tuple(block_of.get(unit, "") for unit in compared)


def _rows_of(rows: Sequence[Observation], question: Question, side: int) -> list[Observation]:
    """Return the rows at one level, or of one group."""
    conditions = frozenset(question.conditions[side])
    people = question.people[side] if question.people else None
    return [row for row in rows if row.condition in conditions and (people is None or row.person in people)]


def _pair(numbers: Iterable[int]) -> tuple[int, int]:
    first, second = numbers
    return first, second


def _figures(
    first: Mapping[str, float],
    second: Mapping[str, float],
    blank: ComparisonResult,
    width: float,
    how: How,
    *,
    is_shared: bool,
    weighted: tuple[Weighed, Units] | None,
) -> dict[str, object]:
    """Return the estimate, and the test and interval where there are enough units."""
    least = min(len(first), len(second))
    if not least:
        return {"why_not": "no answers at one of the levels"}
    plain = fmean(first.values()), fmean(second.values())
    values = plain if weighted is None else (_weighted_mean(first, *weighted), _weighted_mean(second, *weighted))
    found: dict[str, object] = {"values": values, "estimate": values[1] - values[0]}
    found |= {} if weighted is None else {"unweighted": plain}
    if is_shared:
        together = (
            "people of both groups talked with each other"
            if blank.design == "description"
            else "some units are at both levels (people are reassigned in each replicate, or answers are about all)"
        )
        return {**found, "why_not": f"{together}: described, not tested"}
    if least < MIN_TESTED:
        return {**found, "why_not": f"fewer than {MIN_TESTED} units on one side: described, not tested"}
    # A run without comparisons loads neither numpy nor scipy.
    if weighted is not None:
        from tinytroupe_cli.analysis.weighted_differences import weighted_figures, weighted_units  # noqa: PLC0415

        return {**found, **weighted_figures(first, second, blank, width, how, weighted=weighted_units(*weighted))}
    from tinytroupe_cli.analysis.differences import figures  # noqa: PLC0415

    return {**found, **figures(list(first.values()), list(second.values()), blank, width, how)}


def _weighted_mean(values: Mapping[str, float], weighed: Weighed, units: Units) -> float:
    """Return the mean over units; a group's weight is the sum of its people's."""
    sums: dict[str, float] = {}
    for person, weight in weighed.weights.items():
        sums[units.of[person]] = sums.get(units.of[person], 0.0) + weight
    return fmean(values.values(), [sums[unit] for unit in values])
