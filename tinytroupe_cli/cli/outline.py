"""What is known of a run before it begins, for those who show progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Plan, Trial
    from tinytroupe_cli.api.preparing import Prepared


@dataclass(frozen=True)
class Outline:
    """The amount of work ahead, and texts that no event carries."""

    calls: int = 1
    """The minimum number of calls; if people are added until something is known, the maximum."""
    steps: int = 0
    trials: int = 1
    is_interviews: bool = False
    """Everyone is alone with an interviewer: whom they speak to goes without saying."""
    turns: int = 0
    is_free: bool = False
    """All models are local."""
    is_offline: bool = False
    """No model is called: only cached answers count."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Trial -> how it differs, where there are several."""
    questions: Mapping[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])
    """Trial, query, person -> what was asked at the end."""
    midway: Mapping[tuple[str, str, str, int], str] = field(default_factory=dict[tuple[str, str, str, int], str])
    """Trial, query, person, step -> what was asked after a step, where people go through several conditions."""
    interviews: frozenset[str] = frozenset()
    """Queries put to people."""
    claims: frozenset[str] = frozenset()
    """Queries that are claims for the judge."""
    texts: frozenset[tuple[str, str]] = frozenset()
    """Query and field of open answers."""
    auxiliary: frozenset[tuple[str, str]] = frozenset()
    """Query and field of answers that only explain another."""
    units: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """Query and field -> the unit."""


def outline_of(prepared: Prepared) -> Outline:
    """Return the outline of a run."""
    plan = prepared.plan
    queries = [(trial, query) for trial in plan.trials for query in trial.queries]
    fields = [(query, field) for _, query in queries for field in query.fields]
    return Outline(
        calls=max(1, prepared.estimate.calls.high if plan.stopping else prepared.estimate.calls.low),
        steps=plan.trials[0].world.steps,
        trials=len(plan.trials),
        is_interviews=plan.trials[0].world.type == "interviews",
        turns=sum(len(trial.people) * trial.world.steps for trial in plan.trials),
        is_free=all(role.is_local for role in prepared.estimate.roles),
        is_offline=prepared.is_offline,
        labels={trial.id: _label(plan, trial) for trial in plan.trials} if len(plan.trials) > 1 else {},
        questions={
            (trial.id, query.name, person): text for trial, query in queries for person, text in query.questions.items()
        },
        midway={
            (trial.id, query.name, person, trial.periods[query.period - 1].last): text
            for trial, query in queries
            if query.period
            for person, text in query.questions.items()
        },
        interviews=frozenset(query.name for _, query in queries if query.procedure == "interview"),
        claims=frozenset(query.name for _, query in queries if query.procedure == "judge"),
        texts=frozenset((query.name, field.name) for query, field in fields if field.kind == "text"),
        auxiliary=frozenset((query.name, field.name) for query, field in fields if field.is_auxiliary),
        units={(query.name, field.name): field.unit for query, field in fields if field.unit},
    )


def _label(plan: Plan, trial: Trial) -> str:
    """Name a trial by what differs between trials: condition, room and replicate."""
    parts: list[str] = []
    if trial.periods:
        parts = [", then ".join(period.condition for period in trial.periods)]
    elif len(plan.conditions) > 1:
        condition = next(arm for arm in plan.conditions if arm.name == trial.condition)
        levels = [f"{factor.replace('_', ' ')} {level}" for factor, level in condition.levels.items()]
        parts = [" + ".join(levels) or condition.name]
    parts += [f"room {trial.group}"] if trial.group else []
    parts += [f"block {trial.block}"] if trial.block else []
    return ", ".join([*parts, *([f"replicate {trial.replicate}"] if plan.replicates > 1 else [])])
