"""Finds the power of designs before a run: how often would they find an effect, and what would they cost?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.pilot_people import PilotPeople, pilot_sampler
from tinytroupe_cli.analysis.power import (
    WANTED,
    Layout,
    PowerSettings,
    Sampler,
    model_sampler,
    people_beyond,
    simulated_power,
    wording_variance,
)
from tinytroupe_cli.analysis.power_question import (
    PowerQuestion,
    block_sizes,
    conditions_at_level,
    people_at_levels,
    power_question,
)
from tinytroupe_cli.analysis.power_result import AssumedVariance, DesignPower, PowerResult
from tinytroupe_cli.analysis.units import MIN_UNITS, units_of
from tinytroupe_cli.api.planning import Compiled, compile_file
from tinytroupe_cli.api.power_assumptions import Stated, answer_model, assumed_variance, effect_of
from tinytroupe_cli.api.power_costs import DesignCosts, design_costs
from tinytroupe_cli.api.power_pilot import read_pilot
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.added_people import without_rule
from tinytroupe_cli.plan.query_fields import comparable_measures
from tinytroupe_cli.plan.types import Plan

__all__ = ["DesignPower", "PowerRequest", "PowerResult", "power_of_designs"]

PEOPLE: Final = (20, 40, 80)


@dataclass(frozen=True)
class PowerRequest:
    """The designs to be simulated, and what is known of the answers."""

    measure: str = ""
    by: str = ""
    people: tuple[int, ...] = PEOPLE
    wordings: tuple[int, ...] = (1,)
    replicates: tuple[int, ...] = ()
    """Empty: the experiment's own number."""
    stated: Stated = field(default_factory=Stated)
    pilot: Path | None = None
    usd: float | None = None
    """Most that a recommended design may cost."""
    draws: int = 1_000


@dataclass(frozen=True)
class _Setting:
    """Everything that designs have in common."""

    plan: Plan
    asked: PowerQuestion
    variance: AssumedVariance
    effect: float
    pilot: PilotPeople | None
    how: PowerSettings


def power_of_designs(
    path: Path,
    request: PowerRequest,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
) -> PowerResult:
    """Return the power and cost of every combination of people, wordings and replicates. Makes no model call.

    Raises SpecError for the experiment's errors, and RunError where it has no comparison to plan for.
    """
    compiled = compile_file(path, env=env, overrides=overrides, flags=flags, is_offline=True)
    setting = _setting(compiled.plan, request)
    replicates = request.replicates or (compiled.plan.replicates,)

    def costs_of(count: int) -> DesignCosts:
        given = {**(flags or {}), "replicates": count}
        own = compile_file(path, env=env, overrides=overrides, flags=given, is_offline=True)
        return design_costs(without_rule(own.plan), _results_folder(own))

    costs = {count: costs_of(count) for count in replicates}
    designs = [
        _design(setting, (people, wordings, count), costs[count], request.usd)
        for people, wordings, count in product(request.people, request.wordings, replicates)
    ]
    return _power_result(compiled.plan, setting, designs)


def _power_result(plan: Plan, setting: _Setting, designs: Sequence[DesignPower]) -> PowerResult:
    question = setting.asked.question
    return PowerResult(
        measure=setting.asked.measure,
        option=question.option,
        by=question.planned.factor,
        levels=setting.asked.levels,
        design="within" if setting.asked.is_within else "between",
        scale=type_of(question.field).scale or "number",
        effect=setting.effect,
        alpha=setting.how.alpha,
        correction=setting.how.correction,
        comparisons=setting.how.comparisons,
        draws=setting.how.draws,
        is_weighted=plan.weights is not None,
        variance=setting.variance,
        designs=tuple(designs),
        recommended=_cheapest(designs),
    )


def _results_folder(compiled: Compiled) -> Path:
    return Path.cwd() / compiled.settings.results


def _setting(plan: Plan, request: PowerRequest) -> _Setting:
    if plan.inference.about == "cast" or units_of(plan, "people").kind != "person":
        raise RunError(
            "troupe power needs people who answer alone; here the units are groups or replicates",
            hint="use world: {type: interviews} and inference: {about: people}",
        )
    if plan.assignment.sequences:
        message = "troupe power does not model periods, but here people go through all conditions in one trial"
        raise RunError(message, hint="--set design=within gives the power if periods and carry-over make no difference")
    asked = power_question(plan, measure=request.measure, by=request.by)
    if asked is None:
        raise _no_question(plan, request)
    kind, measured, stated = type_of(asked.question.field), asked.question.field, request.stated
    scale, pilot = kind.scale or "number", None
    if request.pilot is None:
        variance = assumed_variance(stated, scale, kind.range(measured), len(measured.options))
    else:
        variance, pilot = read_pilot(request.pilot, asked)
    inference = plan.inference
    how = PowerSettings(
        alpha=inference.alpha,
        correction="holm" if inference.correction == "max_t" else inference.correction,  # max_t finds a little more
        comparisons=asked.comparisons,
        permutations=inference.permutations,
        draws=request.draws,
        seed=Stream(plan.seed, "power").integer(),
    )
    return _Setting(plan, asked, variance, effect_of(stated.effect, scale, variance), pilot, how)


def _no_question(plan: Plan, request: PowerRequest) -> RunError:
    """Return why there is no comparison: none was planned, or none with this measure or factor."""
    fields = {query.name: query.fields for trial in plan.trials for query in trial.queries}
    if not plan.factors:
        return RunError("the experiment has no conditions to compare", hint="add `factors` and a measure")
    if request.measure:
        hint = did_you_mean(request.measure, comparable_measures(fields), label="measures")
        return RunError(f"no comparison of '{request.measure}' between conditions", hint=hint)
    hint = did_you_mean(request.by, plan.factors, label="factors")
    return RunError(f"no comparison by '{request.by}'" if request.by else "no measure to compare", hint=hint)


def _design(setting: _Setting, size: tuple[int, int, int], costs: DesignCosts, limit: float | None) -> DesignPower:
    people, wordings, replicates = size
    layout = Layout(
        people=people_at_levels(setting.plan, setting.asked, people),
        is_within=setting.asked.is_within,
        wordings=wordings,
        replicates=replicates,
        conditions=conditions_at_level(setting.plan, setting.asked),
        blocks=block_sizes(setting.plan, setting.asked),
    )
    usd = costs.usd(people)
    blank = DesignPower(
        people=people,
        wordings=wordings,
        replicates=replicates,
        calls=costs.calls(people),
        tokens=costs.tokens(people),
        usd=usd,
        minutes=costs.minutes(people),
        is_over_limit=limit is not None and usd is not None and usd[1] > limit,
    )
    if why := _too_small(layout):
        return blank.model_copy(update={"why_not": why})
    try:
        sample, layout, fixed = _sampler(setting, layout)
    except ValueError as error:
        return blank.model_copy(update={"why_not": str(error)})
    found = simulated_power(sample, layout, setting.how)
    update = {"power": found.power, "error": found.error, "detectable": found.detectable}
    return blank.model_copy(update={**update, "beyond": people_beyond(found.spread, people, fixed)})


def _too_small(layout: Layout) -> str:
    least = min(layout.people)
    if least < MIN_UNITS:
        return f"there are fewer than {MIN_UNITS} people at a level"
    is_one_each = layout.is_within and layout.wordings == least
    if layout.wordings > 1 and layout.wordings * 2 > least and not is_one_each:
        return f"{layout.wordings} wordings need {2 * layout.wordings} people at each level"
    return ""


def _sampler(setting: _Setting, layout: Layout) -> tuple[Sampler, Layout, float]:
    """Return what draws samples, the layout it uses, and the variance of the estimate that is between wordings."""
    wording = setting.variance.wording_sd
    if setting.pilot is not None:
        sample = pilot_sampler(setting.pilot, layout, effect=setting.effect, wording=wording)
        return sample, layout, wording_variance(wording, layout.wordings)
    model = answer_model(setting.variance, setting.effect, setting.asked.samples)
    if model.share is None:
        return model_sampler(model, layout), layout, wording_variance(wording, layout.wordings)
    layout = replace(layout, replicates=layout.replicates * setting.asked.samples)
    between = model.share + model.effect / 2
    return model_sampler(model, layout), layout, wording_variance(wording, layout.wordings, between)


def _cheapest(designs: Sequence[DesignPower]) -> int | None:
    """Return the place of the cheapest design with enough power, by cost where it is known, then by calls."""
    enough = [
        (design.usd[1] if design.usd is not None else 0.0, design.calls[1], design.people, place)
        for place, design in enumerate(designs)
        if design.power is not None and design.power >= WANTED and not design.is_over_limit
    ]
    return min(enough)[-1] if enough else None
