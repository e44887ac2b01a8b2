"""Interventions: where a condition holds, its effects happen, at most `limit` times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.faults import as_evidence
from tinytroupe_cli.events.types import Event, Failed, Intervened, Refused
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.plan.types import PlannedIntervention, Trial
from tinytroupe_cli.simulation.effects import events_of
from tinytroupe_cli.simulation.environment import Environment, build_environment
from tinytroupe_cli.simulation.expression_scope import expression_scope
from tinytroupe_cli.simulation.preconditions import ConditionInputs, ConditionJudge, ConditionResult, evaluate_condition
from tinytroupe_cli.simulation.state import WorldState


@dataclass(frozen=True)
class Interventions:
    """The director of a trial that has interventions: looks at each at the beginning of every step."""

    trial: Trial
    judge: ConditionJudge

    async def direct(self, stamp: LogTime, log: Sequence[Event], world: WorldState) -> Sequence[Event]:
        """Have all conditions judged at once, and return what happens, in the order written."""
        waiting = [
            intervention for intervention in self.trial.interventions if _fired(intervention, log) < intervention.limit
        ]
        prospect = ConditionInputs(world, expression_scope(self.trial, log, world), as_evidence(log))
        found = await gather(evaluate_condition(intervention.when, prospect, self.judge) for intervention in waiting)
        environment = build_environment(self.trial, is_directed=True)
        pairs = zip(waiting, found, strict=True)
        return [event for intervention, its in pairs for event in _outcome(intervention, its, environment, stamp)]


def _fired(intervention: PlannedIntervention, log: Sequence[Event]) -> int:
    return sum(isinstance(event, Intervened) and event.name == intervention.name for event in log)


def _outcome(
    intervention: PlannedIntervention, found: ConditionResult, environment: Environment, stamp: LogTime
) -> Iterator[Event]:
    if found.unanswered is not None:
        yield _unjudged(intervention.name, found.unanswered, stamp)
    if not found.is_true:
        return
    yield Intervened(
        trial=stamp.trial, step=stamp.step, time=stamp.time, name=intervention.name, justification=found.why
    )
    for effect in intervention.then:
        yield from events_of(effect, environment, stamp, intervention.name)


def _unjudged(name: str, answer: NoAnswer, stamp: LogTime) -> Refused | Failed:
    trial, step, time, text = stamp.trial, stamp.step, stamp.time, answer.text
    if answer.reason == "refused":
        return Refused(trial=trial, step=step, time=time, action="intervene", intervention=name, text=text)
    return Failed(
        trial=trial, step=step, time=time, action="intervene", intervention=name, reason=answer.reason, text=text
    )
