"""Finds how many human and simulated answers a rectified estimate needs, before any call is made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final, Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.humans_needed import (
    TwinModel,
    WidthSearch,
    cautious_correlation,
    humans_alone,
    humans_needed,
    sd_of_interval,
)
from tinytroupe_cli.analysis.power_result import AssumedVariance, HumansNeeded, HumansNeededResult
from tinytroupe_cli.analysis.rectification_result import RectifiedResult
from tinytroupe_cli.analysis.rectified import MIN_TWINS
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.api.power_assumptions import Stated, assumed_variance, in_measure_unit
from tinytroupe_cli.api.power_costs import DesignCosts, design_costs
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.added_people import without_rule
from tinytroupe_cli.plan.query_fields import comparable_measures, field_named
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.run_lookup import open_folder

__all__ = ["HumansNeeded", "HumansNeededResult", "RectificationRequest", "humans_for_rectification"]

CORRELATIONS: Final = (0.2, 0.4, 0.6)
"""From what is usual for twins' answers to a very good simulation."""
SIMULATED: Final = (200, 500, 1000)
DEFAULT_POINTS: Final = 0.05
DEFAULT_SD: Final = 0.2
"""Half-width that is looked for, in standard deviations."""


@dataclass(frozen=True)
class RectificationRequest:
    """The estimate to be made, and what is known of the answers."""

    measure: str = ""
    """Empty: that of the first `rectify`."""
    by: str = ""
    half_width: str = ""
    simulated: tuple[int, ...] = ()
    correlations: tuple[float, ...] = ()
    stated: Stated = field(default_factory=Stated)
    pilot: Path | None = None
    usd: float | None = None
    """Most that a simulation may cost."""
    draws: int = 1_000


@dataclass(frozen=True)
class _Known:
    """What is known of people's answers and their twins'."""

    sd: float
    share: float | None
    correlations: tuple[float, ...]
    is_unit: bool = False
    cautious: tuple[Literal["sd", "share", "correlation"], ...] = ()
    pilot: str = ""
    pilot_humans: int = 0
    pilot_correlation: float | None = None


def humans_for_rectification(
    path: Path,
    request: RectificationRequest,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
) -> HumansNeededResult:
    """Return the human answers that are needed for each number of simulated people. Makes no model call.

    Raises SpecError for the experiment's errors, and RunError where nothing can be planned.
    """
    compiled = compile_file(path, env=env, overrides=overrides, flags=flags, is_offline=True)
    plan = compiled.plan
    if units_of(plan, "people").kind != "person":
        hint = "use world: {type: interviews}"
        raise RunError("a rectification needs people who answer alone; here the units are groups", hint=hint)
    measure, measured, factor = _wanted(plan, request)
    known = _of_pilot(request, measure) if request.pilot else _assumed(request, measured)
    costs = design_costs(without_rule(plan), Path.cwd() / compiled.settings.results)
    seed = Stream(plan.seed, "rectify").integer()
    search = WidthSearch(_half_width(request, measured, known), plan.inference.alpha, MIN_TWINS, request.draws, seed)
    levels = len(plan.factors[factor]) if factor and plan.is_between(factor) else 1
    twins = TwinModel(known.sd, known.share, 0.0, arms=2 if factor else 1)
    designs = [
        _design(replace(twins, correlation=correlation), simulated // levels, search, costed)
        for simulated, correlation in product(request.simulated or SIMULATED, known.correlations)
        for costed in [_costed(simulated, correlation, costs, request.usd)]
    ]
    return HumansNeededResult(
        measure=measure,
        by=factor,
        scale=type_of(measured).scale or "number",
        half_width=search.half_width,
        alpha=search.alpha,
        draws=search.draws,
        sd=known.sd,
        is_unit=known.is_unit,
        share=known.share,
        cautious=known.cautious,
        pilot=known.pilot,
        pilot_humans=known.pilot_humans,
        pilot_correlation=known.pilot_correlation,
        humans_alone=twins.arms * humans_alone(twins, search),
        designs=tuple(designs),
    )


def _design(twins: TwinModel, per_level: int, search: WidthSearch, costed: HumansNeeded) -> HumansNeeded:
    found = humans_needed(twins, per_level, search)
    if found is None:
        where = " of a level" if twins.arms > 1 else ""
        return costed.model_copy(update={"why_not": f"more than the {per_level:,} simulated people{where}"})
    people, width = found
    update = {"humans": twins.arms * people, "half_width": width.half_width, "lam": width.lam}
    return costed.model_copy(update=update)


def _half_width(request: RectificationRequest, measured: PlannedField, known: _Known) -> float:
    """Return the half-width that is looked for, in the measure's unit."""
    scale = type_of(measured).scale or "number"
    variance = _variance(request, measured).model_copy(update={"sd": known.sd, "is_unit": known.is_unit})
    if not request.half_width:
        return DEFAULT_POINTS if scale == "share" else DEFAULT_SD * known.sd
    return in_measure_unit("--half-width", request.half_width, scale, variance)


def _variance(request: RectificationRequest, measured: PlannedField) -> AssumedVariance:
    """Return the stated figures of an answer, completed by cautious ones."""
    scale = type_of(measured).scale or "number"
    return assumed_variance(request.stated, scale, type_of(measured).range(measured), len(measured.options))


def _wanted(plan: Plan, request: RectificationRequest) -> tuple[str, PlannedField, str]:
    """Return the measure, its field and the factor; by default those of the first rectification."""
    first = plan.rectifications[0] if plan.rectifications else None
    fields: dict[str, list[PlannedField]] = {}
    for (query, _), one in plan.fields.items():
        fields.setdefault(query, []).append(one)
    named = request.measure or (f"{first.query}.{first.field}" if first else "")
    if not named:
        raise RunError(
            "the experiment has no `rectify`, so the measure is missing", hint="name it: --measure QUERY.FIELD"
        )
    found = field_named(fields, named)
    if found is None or type_of(found[1]).scale is None:
        hint = did_you_mean(named, comparable_measures(fields), label="measures")
        raise RunError(f"no measure '{named}' with a mean or a share", hint=hint)
    factor = request.by or (first.factor if first and not request.measure else "")
    if factor and factor not in plan.factors:
        raise RunError(f"no factor '{factor}'", hint=did_you_mean(factor, plan.factors, label="factors"))
    return f"{found[0]}.{found[1].name}", found[1], factor


def _assumed(request: RectificationRequest, measured: PlannedField) -> _Known:
    """Return the stated figures, completed by cautious ones."""
    variance = _variance(request, measured)
    cautious: list[Literal["sd", "share", "correlation"]] = [
        name for name in ("sd", "share") if name in variance.cautious
    ]
    share = variance.share
    return _Known(
        sd=variance.sd if share is None else math.sqrt(share * (1 - share)),
        share=share,
        correlations=request.correlations or CORRELATIONS,
        is_unit=variance.is_unit,
        cautious=(*cautious, *(() if request.correlations else ("correlation",))),
    )


def _of_pilot(request: RectificationRequest, measure: str) -> _Known:
    """Return what a run with a rectification of the same measure found, its correlation cautiously."""
    assert request.pilot is not None  # noqa: S101 - only then is there one
    folder = open_folder(request.pilot)
    usable = [one for one in results_of_run(folder).rectified if one.measure == measure and _is_usable(one)]
    if not usable:
        raise RunError(
            f"the pilot has no rectified estimate of {measure} whose people and twins both vary",
            hint="a pilot is a run with `rectify`, without `by`; or state --correlation and --sd or --share",
        )
    one = min(usable, key=lambda found: found.correlation or 0.0)
    assert one.human_only is not None  # noqa: S101 - it is usable
    assert one.correlation is not None  # noqa: S101
    share = one.human_only.value if one.scale == "share" else None
    sd = sd_of_interval(one.human_only, one.n, one.alpha) if share is None else math.sqrt(share * (1 - share))
    return _Known(
        sd=sd,
        share=share,
        correlations=request.correlations or (cautious_correlation(one.correlation, one.n),),
        pilot=f"{folder.path.resolve().parent.name}/{folder.path.resolve().name}",
        pilot_humans=one.n,
        pilot_correlation=one.correlation,
    )


def _is_usable(one: RectifiedResult) -> bool:
    has_width = one.human_only is not None and one.human_only.low is not None
    return has_width and one.correlation is not None and not one.by


def _costed(simulated: int, correlation: float, costs: DesignCosts, limit: float | None) -> HumansNeeded:
    usd = costs.usd(simulated)
    return HumansNeeded(
        simulated=simulated,
        correlation=correlation,
        calls=costs.calls(simulated),
        usd=usd,
        minutes=costs.minutes(simulated),
        is_over_limit=limit is not None and usd is not None and usd[1] > limit,
    )
