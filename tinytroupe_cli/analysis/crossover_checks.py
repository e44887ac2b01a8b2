"""Checks of conditions that people met one after another: effects of periods, and carry-over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import analysis_settings, sequences_of
from tinytroupe_cli.analysis.crossover_result import CrossoverCheck
from tinytroupe_cli.analysis.measure_values import measured_options, number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, cell_values, units_of
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.crossover_figures import PeriodValues


def crossover_checks(plan: Plan, rows: Sequence[Observation]) -> Iterator[CrossoverCheck]:
    """Yield the checks of every measure that is a number or a share; none unless people met conditions in order."""
    if not plan.assignment.sequences:
        return
    # A run without such a design loads neither numpy nor scipy.
    from tinytroupe_cli.analysis.crossover_figures import PeriodValues  # noqa: PLC0415

    units = units_of(plan, "people")
    sequences = sequences_of(plan)
    for (query, _), field in plan.fields.items():
        scale = type_of(field).scale
        if field.is_auxiliary or scale is None or not measured_options(field):
            continue
        own = [row for row in rows if (row.query, row.field) == (query, field.name)]
        for option in measured_options(field):
            cells = cell_values(own, units, number_of(field, option))
            blank = CrossoverCheck(
                measure=f"{query}.{field.name}", option=option, scale=scale, alpha=plan.inference.alpha
            )
            yield blank.model_copy(update=_checked(PeriodValues(cells, sequences), plan))


def with_carry_over(found: Sequence[ComparisonResult], checks: Sequence[CrossoverCheck]) -> list[ComparisonResult]:
    """Mark the differences of measures whose answers depend on the condition before."""
    carried = {(check.measure, repr(check.option)) for check in checks if check.is_carried_over}
    return [
        result.model_copy(update={"is_carried_over": True})
        if result.kind == "pair" and (result.measure, repr(result.option)) in carried
        else result
        for result in found
    ]


def _checked(own: PeriodValues, plan: Plan) -> dict[str, Any]:
    from tinytroupe_cli.analysis.carry_over import carry_over, period_test  # noqa: PLC0415
    from tinytroupe_cli.analysis.crossover import crossover_fit  # noqa: PLC0415

    found: dict[str, Any] = {"people": len(own.people)}
    if not own.people:
        return {**found, "why_not": "nobody has an answer in every period"}
    design = own.design
    found["periods"] = tuple(crossover_fit(own.values, design).periods.tolist())
    if len(own.people) < MIN_UNITS:
        return {**found, "why_not": f"fewer than {MIN_UNITS} people have an answer in every period"}
    settings = analysis_settings(plan)
    draws = {"draws": settings.inference.permutations, "seed": settings.seed}
    block_of = plan.assignment.block_of
    blocks = [block_of.get(person, "") for person in own.people] if block_of else ()
    carried = carry_over(own.values, design, **draws, blocks=blocks)
    return {
        **found,
        "period_p": period_test(own.values, design, **draws),
        "carry_over": dict(zip(own.conditions, carried.effects, strict=True)) if carried.effects else {},
        "carry_over_p": carried.p,
        "why_not": carried.why_not,
    }
