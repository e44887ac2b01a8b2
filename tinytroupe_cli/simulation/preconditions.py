"""Does it hold? Conditions of interventions, the cheap ones first: a claim is judged only where all hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from pydantic import JsonValue

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.language.expressions import ExpressionError
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.verdicts import JudgedClaim, Verdict
from tinytroupe_cli.plan.planned_interventions import (
    AllOf,
    AnyOf,
    ClaimHolds,
    ExpressionTrue,
    PlannedCondition,
    PlannedQuiet,
    StepReached,
    at_step,
    claims_in,
)
from tinytroupe_cli.simulation.expression_scope import is_true_in
from tinytroupe_cli.simulation.state import WorldState


class ConditionJudge(Protocol):
    """A mind that judges claims by a transcript."""

    async def verdict(
        self, claim: JudgedClaim, evidence: str, *, sample: int = 0, person: str = "", step: int = 0
    ) -> Verdict | NoAnswer:
        """Judge a claim by all of the evidence."""
        ...


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """Whether a condition holds, and why."""

    is_true: bool = False
    why: str = ""
    """Where it holds: what made it, first what the judge had to say."""
    unanswered: NoAnswer | None = None
    """It hangs on something that nobody could tell."""


@dataclass(frozen=True, slots=True)
class ConditionInputs:
    """What conditions are judged by at the beginning of a step."""

    world: WorldState
    seen: dict[str, JsonValue]
    """Names of expressions -> values."""
    evidence: str
    """The transcript so far."""


async def evaluate_condition(
    condition: PlannedCondition, prospect: ConditionInputs, judge: ConditionJudge
) -> ConditionResult:
    """Return whether a condition holds."""
    match condition:
        case ClaimHolds():
            return await _claimed(condition, prospect, judge)
        case PlannedQuiet(steps=steps):
            return ConditionResult(prospect.world.quiet_steps >= steps, f"nobody has spoken for {_steps(steps)}")
        case StepReached(step=step):
            return ConditionResult(prospect.world.step == step, f"step {step} has come")
        case ExpressionTrue(text=text):
            return _worked_out(text, prospect)
        case AllOf():
            return await _all(condition, prospect, judge)
        case AnyOf():
            return await _any(condition, prospect, judge)
        case _:
            assert_never(condition)


async def _claimed(condition: ClaimHolds, prospect: ConditionInputs, judge: ConditionJudge) -> ConditionResult:
    below = condition.score_below
    claim = JudgedClaim(at_step(condition.texts, prospect.world.step), is_scored=below is not None)
    found = await judge.verdict(claim, prospect.evidence, step=prospect.world.step)
    if isinstance(found, NoAnswer):
        return ConditionResult(unanswered=found)
    if below is None:
        return ConditionResult(found.holds is True, found.justification)
    is_below = found.score is not None and found.score < below
    return ConditionResult(is_below, f"scored {found.score}, below {below:g}: {found.justification}")


def _worked_out(text: str, prospect: ConditionInputs) -> ConditionResult:
    try:
        return ConditionResult(is_true_in(text, prospect.seen), f"`{text}` is true")
    except ExpressionError as error:
        return ConditionResult(unanswered=NoAnswer("bad_output", f"{text}: {error.message}"))


async def _all(condition: AllOf, prospect: ConditionInputs, judge: ConditionJudge) -> ConditionResult:
    cheap, dear = _by_cost(condition.conditions)
    found = await _each(cheap, prospect, judge)
    if any(not result.is_true and result.unanswered is None for result in found):
        return ConditionResult()
    found += await _each(dear, prospect, judge)
    if any(not result.is_true and result.unanswered is None for result in found):
        return ConditionResult()
    unanswered = next((result.unanswered for result in found if result.unanswered), None)
    return (
        ConditionResult(unanswered=unanswered) if unanswered else ConditionResult(is_true=True, why=_why(found[::-1]))
    )


async def _any(condition: AnyOf, prospect: ConditionInputs, judge: ConditionJudge) -> ConditionResult:
    found: list[ConditionResult] = []
    for part in _by_cost(condition.conditions):
        found += await _each(part, prospect, judge)
        if any(result.is_true for result in found):
            return ConditionResult(is_true=True, why=_why([result for result in found if result.is_true]))
    return ConditionResult(unanswered=next((result.unanswered for result in found if result.unanswered), None))


async def _each(
    conditions: Sequence[PlannedCondition], prospect: ConditionInputs, judge: ConditionJudge
) -> list[ConditionResult]:
    return await gather(evaluate_condition(condition, prospect, judge) for condition in conditions)


def _by_cost(conditions: Sequence[PlannedCondition]) -> tuple[list[PlannedCondition], list[PlannedCondition]]:
    """Part the conditions that cost nothing from those with a claim in them."""
    cheap = [condition for condition in conditions if not claims_in(condition)]
    return cheap, [condition for condition in conditions if claims_in(condition)]


def _why(found: Sequence[ConditionResult]) -> str:
    return "; ".join(result.why for result in found if result.why)


def _steps(count: int) -> str:
    return f"{count} step" + "s" * (count != 1)
