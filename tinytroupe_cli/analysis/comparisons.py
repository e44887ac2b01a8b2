"""Compares measures between levels of a factor or groups of people, on units.

Tests are permutation tests; intervals are score intervals for shares with one answer per unit, else bootstrap-t. Where
all units agree, the interval is the exact bound, never of width 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings, settings_of
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_figures import figures_of
from tinytroupe_cli.analysis.comparison_questions import questions
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, key_of
from tinytroupe_cli.analysis.contrast_questions import contrast_questions, is_comparable, is_contrast, numbers_of
from tinytroupe_cli.analysis.covariates import covariates_of
from tinytroupe_cli.analysis.estimands import LABELS, scale_under
from tinytroupe_cli.analysis.families import corrected_at_bounds, family_of, with_corrections
from tinytroupe_cli.analysis.level_values import LevelValues
from tinytroupe_cli.analysis.looks import LookedAt
from tinytroupe_cli.analysis.missing_answers import (
    BOUNDED,
    is_much_missing,
    missing_questions,
    worst_case,
    worst_changes,
)
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, Units, random_wordings, units_of
from tinytroupe_cli.analysis.weights import Weighed, weighed_people
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, comparison_names
from tinytroupe_cli.plan.query_fields import why_absent
from tinytroupe_cli.plan.types import Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.permutation import PermutationTest


def comparisons(plan: Plan, rows: Sequence[Observation]) -> list[ComparisonResult]:
    """Return every comparison of a plan, or the obvious ones where none was written: each measure by each factor."""
    return compared(plan, rows, wanted_comparisons(plan), is_auto=plan.comparisons is None)


def wanted_comparisons(plan: Plan) -> Sequence[PlannedComparison]:
    """Return what a plan compares; where it names nothing, the obvious comparisons, if there are enough units."""
    if plan.comparisons is not None:
        return plan.comparisons
    units = units_of(plan, plan.inference.about)
    return list(obvious_comparisons(plan)) if _count_of(units, plan) >= MIN_UNITS else []


def compared(
    plan: Plan, rows: Sequence[Observation], wanted: Sequence[PlannedComparison], *, is_auto: bool = False
) -> list[ComparisonResult]:
    """Return the results of some comparisons, with p-values corrected within each family.

    One that can't be made is a result too, with the reason.
    """
    settings = analysis_settings(plan)
    found: list[ComparisonResult] = []
    tests: list[PermutationTest | None] = []
    checked: set[str] = set()
    names = [] if is_auto else comparison_names(wanted)
    for number, (planned, asked) in enumerate(asked_of(plan, rows, wanted)):
        blanks = [blank_comparison(plan, question, is_auto=is_auto) for question in asked]
        answered = [_result(blank, question, settings) for blank, question in zip(blanks, asked, strict=True)]
        field = plan.fields.get((planned.query, planned.field))
        own = [result for result, _ in answered] or [_impossible(plan, _units(plan, planned), planned, field)]
        if is_much_missing(own):
            own = [
                result.model_copy(update=worst_case(question, result, settings)) if result.kind in BOUNDED else result
                for question, result in zip(asked, own, strict=True)
            ]
        name = names[number] if names else ""
        own_tests = [test for _, test in answered] or [None]
        for result, test in zip(own, own_tests, strict=True):
            if result.kind == "missing" and key_of(result) in checked:
                continue  # an entry with another estimand asks about the same missing answers
            checked.add(key_of(result))
            found.append(result.model_copy(update={"name": name, "evidence": _evidence(result, is_auto=is_auto)}))
            tests.append(test)
    corrected = with_corrections(found, tests, settings)
    return [
        result.model_copy(update={"worst_changes": worst_changes(result, at_bounds)}) if result.worst else result
        for result, at_bounds in zip(corrected, corrected_at_bounds(found, settings), strict=True)
    ]


def _evidence(result: ComparisonResult, *, is_auto: bool) -> str:
    """Return what a comparison is worth without a lock."""
    if result.kind == "missing":
        return ""
    return "exploratory" if is_auto or result.design == "description" else "declared"


def with_evidence(found: Sequence[ComparisonResult], confirmatory: frozenset[str]) -> list[ComparisonResult]:
    """Return results of an experiment that was locked: these comparisons are confirmatory, all others exploratory."""
    return [
        result.model_copy(update={"evidence": "confirmatory" if result.name in confirmatory else "exploratory"})
        if result.evidence
        else result
        for result in found
    ]


def analysis_settings(plan: Plan) -> AnalysisSettings:
    """Return how a plan's comparisons are tested; measures of the same units share their draws."""
    return settings_of(plan.inference, plan.seed)


def asked_of(
    plan: Plan, rows: Sequence[Observation], wanted: Sequence[PlannedComparison]
) -> Iterator[tuple[PlannedComparison, list[AskedQuestion]]]:
    """Yield each comparison with the questions it asks, and what they are answered from."""
    fields, weighed = plan.fields, weighed_people(plan)
    values = LevelValues(rows, weighed.for_figures if weighed else None)
    looked_at = LookedAt(plan, plan.stopping, rows) if plan.stopping else None
    for planned in wanted:
        field = fields.get((planned.query, planned.field))
        yield planned, [] if field is None else _asked(plan, planned, field, values, weighed, looked_at=looked_at)


def result_of(plan: Plan, asked: AskedQuestion, settings: AnalysisSettings) -> ComparisonResult:
    """Return the result of one question, its p-value not corrected."""
    return _result(blank_comparison(plan, asked), asked, settings)[0]


def _asked(
    plan: Plan,
    planned: PlannedComparison,
    field: PlannedField,
    values: LevelValues,
    weighed: Weighed | None,
    *,
    looked_at: LookedAt | None,
) -> list[AskedQuestion]:
    """Return the questions of a comparison; whether answers are missing comes first."""
    if not is_comparable(field):
        return []
    units, is_special = _units(plan, planned), is_contrast(plan, planned)
    asked = list((contrast_questions if is_special else questions)(plan, planned, field))
    numbers = numbers_of(plan.cast, planned.moderator or planned.attribute) if is_special else {}
    blocks: Mapping[str, str] = {} if planned.attribute or units.kind != "person" else plan.assignment.block_of
    is_within = _is_within(plan, units, planned)
    covariates = covariates_of(plan, planned, values, units)
    looks = looked_at if looked_at is not None and looked_at.stopping.is_about(planned) else None
    wordings = random_wordings(plan, units)
    orders = sequences_of(plan) if planned.factor else {}
    found = [
        AskedQuestion(question, values, units, is_within, blocks, numbers, weighed, covariates, looks, orders, wordings)
        for question in asked
    ]
    missing = [
        AskedQuestion(question, values, units, is_within, blocks, numbers, weighed, sequences=orders, wordings=wordings)
        for question in missing_questions(asked, values)
    ]
    return [*missing, *found]


def sequences_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return person -> the conditions in the order in which they meet them; empty: each is a trial of its own."""
    return {person: one.conditions for one in plan.assignment.sequences for person in one.people}


def _units(plan: Plan, planned: PlannedComparison) -> Units:
    return units_of(plan, "people" if planned.attribute or planned.moderator else plan.inference.about)


def obvious_comparisons(plan: Plan) -> Iterator[PlannedComparison]:
    """Yield each measure by each factor; without factors, the options of the first choice."""
    controls = {(control.query, control.field) for control in plan.controls}
    for (query, _), field in plan.fields.items():
        kind = type_of(field)
        is_open = kind.shape == "nominal" and not field.options
        if (query, field.name) in controls or field.is_auxiliary or kind.scale is None or is_open:
            continue
        yield from (PlannedComparison(query=query, field=field.name, factor=factor) for factor in plan.factors)
        if not plan.factors and kind.shape == "nominal":
            yield PlannedComparison(query=query, field=field.name, options=True)
            return


def _by_of(planned: PlannedComparison) -> str:
    """Return what a comparison is by: a factor, an attribute of people, or `options`."""
    return "options" if planned.options else planned.factor or planned.attribute


def _count_of(units: Units, plan: Plan) -> int:
    return plan.replicates if units.kind == "replicate" else len(set(units.of.values()))


def _impossible(plan: Plan, units: Units, planned: PlannedComparison, field: PlannedField | None) -> ComparisonResult:
    """Return a result that says why there is none."""
    if field is None or (type_of(field).shape == "nominal" and not field.options):
        why = why_absent(plan, planned.query)
    elif planned.options:
        why = "it has fewer than two options"
    elif planned.factor:
        why = "no two conditions differ in this factor alone"
    else:
        why = "there are no two groups of people"
    return ComparisonResult(
        measure=f"{planned.query}.{planned.field}",
        by=_by_of(planned),
        at=planned.at,
        design="description" if planned.attribute else "between" if plan.is_between(planned.factor) else "within",
        scale=(type_of(field).scale if field else None) or "number",
        unit=units.kind,
        family=family_of(planned, plan.inference, is_auto=False),
        why_not=why,
    )


def _result(
    blank: ComparisonResult, asked: AskedQuestion, settings: AnalysisSettings
) -> tuple[ComparisonResult, PermutationTest | None]:
    """Return the result of a question, with its test where the family's correction needs it."""
    figures = figures_of(asked, blank, settings)
    test = figures.pop("tested", None)
    return blank.model_copy(update=figures), test if settings.inference.correction == "max_t" else None


def _is_within(plan: Plan, units: Units, planned: PlannedComparison) -> bool:
    """Return whether the same units are at every level."""
    return not planned.attribute and (not plan.is_between(planned.factor) or units.kind == "replicate")


def blank_comparison(plan: Plan, asked: AskedQuestion, *, is_auto: bool = False) -> ComparisonResult:
    """Return all of a result that is known before any figure."""
    question, planned = asked.question, asked.question.planned
    sides = [asked.values.rows(question, level) for level in range(len(question.conditions))]
    design = "within" if asked.is_within or planned.options else "between"
    has_largest = question.kind in BOUNDED and planned.estimand is None
    return ComparisonResult(
        kind=question.kind,
        measure=f"{planned.query}.{question.field.name}",
        option=question.option,
        by=_by_of(planned),
        levels=question.levels,
        contrast=question.contrast,
        weights=question.weights,
        also_by=planned.second_factor or planned.moderator,
        at=planned.at,
        design="description" if planned.attribute else design,
        scale="share" if question.kind == "missing" else scale_under(question.field, planned.estimand),
        estimand=LABELS[planned.estimand] if planned.estimand and question.kind in BOUNDED else "difference",
        unit=asked.units.kind,
        wordings=plan.wordings.count if plan.wordings else None,
        wordings_are=plan.wordings.drawn if plan.wordings else "",
        missing=tuple(sum(row.outcome != "stated" for row in side) for side in sides),
        planned=tuple(len(side) for side in sides),
        equivalence=None if question.kind == "missing" else planned.equivalence,
        largest=asked.width if has_largest and math.isfinite(asked.width) else None,
        alpha=plan.inference.alpha,
        family="missing" if question.kind == "missing" else family_of(planned, plan.inference, is_auto=is_auto),
    )
