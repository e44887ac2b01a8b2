"""Estimates the calls of baselines, which are counted apart from the simulation's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tinytroupe_cli.measurement.forecasts import PlannedForecast, forecasts
from tinytroupe_cli.plan.baseline_trials import PLAYED, baseline_plan, extra_kinds, shuffled_trials
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.preview.estimate.lengths import CharRange, Fixed, PlannedCall
from tinytroupe_cli.preview.estimate.workload import RenderPersona, planned_calls
from tinytroupe_cli.spec.baselines import ExtraKind

PROMPT = 400
"""Approximate characters of the forecast's prompt, without the study."""
PER_ANSWER = 22
"""Characters of a reply for each answer."""


def baseline_calls(plan: Plan, render: RenderPersona, fixed: Fixed) -> Mapping[ExtraKind, list[PlannedCall]]:
    """Return the calls of each baseline, in the order written; none for those made by code."""
    found: dict[ExtraKind, list[PlannedCall]] = {kind: [] for kind in extra_kinds(plan)}
    for kind in PLAYED:
        if kind in found:
            found[kind] = list(planned_calls(baseline_plan(plan, kind), render, fixed))
    if "persona_shuffle" in found:
        shuffled = plan.model_copy(update={"trials": shuffled_trials(plan)})
        found["persona_shuffle"] = list(planned_calls(shuffled, render, fixed))
    if "single_prompt" in found:
        found["single_prompt"] = list(_forecasts(plan))
    return found


def _forecasts(plan: Plan) -> Iterator[PlannedCall]:
    for planned in forecasts(plan):
        trial = planned.trial
        length = PROMPT + _characters(planned)
        reply = PER_ANSWER * len(planned.asked.answers)
        yield PlannedCall(
            role="people",
            key=f"forecast {planned.measure} {trial.condition} {trial.replicate}".encode(),
            prompt=CharRange(length, length),
            reply=CharRange(reply, reply + PER_ANSWER),
        )


def _characters(planned: PlannedForecast) -> int:
    asked = planned.asked
    pairs = (*asked.margins, *asked.answers)
    return len(asked.question) + sum(len(one) + len(other) + 6 for one, other in pairs) + sum(map(len, asked.events))
