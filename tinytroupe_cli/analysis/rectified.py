"""Estimates about people from a few human answers and many simulated ones: units, twins and arms of each measure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from tinytroupe_cli.analysis.measure_values import measured_options
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.rectification_result import RectifiedResult
from tinytroupe_cli.analysis.rectified_arms import ArmSource, RectifiedArm, differences
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_rectification import PlannedRectification
from tinytroupe_cli.plan.query_fields import why_absent
from tinytroupe_cli.plan.types import Plan

MIN_TWINS = 20
"""People with twins below which there is no estimate."""


def rectified(plan: Plan, rows: Sequence[Observation], wanted: Sequence[PlannedRectification]) -> list[RectifiedResult]:
    """Return the estimates of each measure; one that can't be had says why."""
    fields = plan.fields
    found: list[RectifiedResult] = []
    for planned in wanted:
        found += _of_measure(plan, rows, planned, fields.get((planned.query, planned.field)))
    return found


def _of_measure(
    plan: Plan, rows: Sequence[Observation], planned: PlannedRectification, field: PlannedField | None
) -> list[RectifiedResult]:
    blank = _blank(plan, planned, field)
    if field is None:
        return [blank.model_copy(update={"why_not": why_absent(plan, planned.query)})]
    units = units_of(plan, "people")
    if units.kind != "person":
        why = "people talked with each other, so a twin's answer also depends on others"
        return [blank.model_copy(update={"why_not": why})]
    own = [row for row in rows if (row.query, row.field) == (planned.query, planned.field)]
    weighed = weighed_people(plan)
    weights = (weighed.for_figures if weighed else None) or {}
    source = ArmSource(plan, own, planned, field, units, weights)
    levels = plan.factors.get(planned.factor, ())
    found: list[RectifiedResult] = []
    for option in measured_options(field):
        asked = blank.model_copy(update={"option": option})
        if not planned.factor:
            found.append(_mean(asked, planned, source.arm(option)))
            continue
        arms = {label(level): source.arm(option, level) for level in levels}
        for first, second in combinations(levels, 2):
            pair = asked.model_copy(update={"levels": (first, second)})
            found.append(_contrast(pair, planned, arms[label(first)], arms[label(second)]))
    return found


def _blank(plan: Plan, planned: PlannedRectification, field: PlannedField | None) -> RectifiedResult:
    humans = planned.humans
    return RectifiedResult(
        measure=f"{planned.query}.{planned.field}",
        by=planned.factor,
        data=humans.data,
        column=humans.column,
        hash=humans.hash,
        drawn=planned.drawn,
        scale=(type_of(field).scale if field else None) or "number",
        alpha=plan.inference.alpha,
    )


def _mean(asked: RectifiedResult, planned: PlannedRectification, arm: RectifiedArm) -> RectifiedResult:
    asked = asked.model_copy(update={"n": len(arm.humans), "further": len(arm.simulated) - len(arm.humans)})
    if why := _too_few(arm):
        return asked.model_copy(update={"why_not": why})
    # A run without human answers loads neither numpy nor scipy.
    from tinytroupe_cli.analysis.rectified_figures import mean_figures  # noqa: PLC0415

    return asked.model_copy(update=mean_figures(arm, alpha=asked.alpha, human_only=planned.human_only))


def _contrast(
    asked: RectifiedResult, planned: PlannedRectification, first: RectifiedArm, second: RectifiedArm
) -> RectifiedResult:
    both = [person for person in first.humans if person in second.humans]
    if both:  # the same people answered at both levels: on their differences
        return _mean(asked, planned, differences(first, second))
    people = len(first.humans) + len(second.humans)
    simulated = first.simulated.keys() | second.simulated.keys()
    humans = first.humans.keys() | second.humans.keys()
    asked = asked.model_copy(update={"n": people, "further": len(simulated - humans)})
    if why := _too_few(first) or _too_few(second):
        return asked.model_copy(update={"why_not": why})
    from tinytroupe_cli.analysis.rectified_figures import difference_figures  # noqa: PLC0415

    return asked.model_copy(update=difference_figures(first, second, alpha=asked.alpha, human_only=planned.human_only))


def _too_few(arm: RectifiedArm) -> str:
    if len(arm.humans) < MIN_TWINS:
        return f"people with an answer and a twin: {len(arm.humans)}; an estimate needs {MIN_TWINS}"
    return ""
