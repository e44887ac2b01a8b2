"""Makes one trial of the trials that people would have in each condition: the conditions follow one another.

Steps before the first stimulus that depends on the condition come once, at the beginning; from there on, each condition
has all its steps. The questions of a condition are asked after its last step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.plan.planned_assignment import PlannedPeriod
from tinytroupe_cli.plan.types import PlannedQuery, PlannedStimulus, Trial


def first_that_differs(trials: Sequence[Sequence[Trial]], findings: Findings) -> int:
    """Return the first step whose stimuli depend on the condition; each list has the same people in each condition.

    Reports if there is none, or if a condition changes what can't change within a trial.
    """
    for own in trials:
        _check_world(own, findings)
    steps = [step for own in trials for step in range(1, own[0].world.steps + 1) if _differ(own, step)]
    if trials and not steps:
        findings.add(
            "E541",
            "no stimulus differs between conditions, so people would experience nothing that a later answer could "
            "depend on",
            ("design", "order"),
            hint="name the factor in a stimulus, or use order: separate; questions leave no trace in people's memory",
        )
    return min(steps, default=1)


def one_after_another(trials: Sequence[Trial], first: int) -> Trial:
    """Return one trial of those of the same people in each condition, in the order in which they meet them.

    `first`: the step from which on each condition is played.
    """
    length = trials[0].world.steps - first + 1
    shifts = [number * length for number in range(len(trials))]
    periods = tuple(
        PlannedPeriod(condition=trial.condition, first=first + shift if shift else 1, last=trial.world.steps + shift)
        for trial, shift in zip(trials, shifts, strict=True)
    )
    stimuli = [one for trial, shift in zip(trials, shifts, strict=True) for one in _shifted(trial, first, shift)]
    queries = [query for number, trial in enumerate(trials, start=1) for query in _asked(trial, number)]
    world = trials[0].world.model_copy(update={"steps": periods[-1].last})
    return trials[0].model_copy(
        update={
            "condition": "",
            "periods": periods,
            "world": world,
            "stimuli": tuple(stimuli),
            "queries": tuple(queries),
        }
    )


def _shifted(trial: Trial, first: int, shift: int) -> Iterator[PlannedStimulus]:
    for stimulus in trial.stimuli:
        if stimulus.step >= first or not shift:
            yield stimulus.model_copy(update={"step": stimulus.step + shift})


def _asked(trial: Trial, number: int) -> Iterator[PlannedQuery]:
    for query in trial.queries:
        yield query.model_copy(update={"period": number})


def _differ(trials: Sequence[Trial], step: int) -> bool:
    """Return whether what reaches people at a step depends on the condition."""
    due = [[one for one in trial.stimuli if one.step == step] for trial in trials]
    return any(other != due[0] for other in due[1:])


def _check_world(trials: Sequence[Trial], findings: Findings) -> None:
    """Report what a condition changes that is the same throughout a trial."""
    first = trials[0].world
    for key in ("place", "name", "places"):
        if any(getattr(trial.world, key) != getattr(first, key) for trial in trials):
            message = f"`{key}` depends on the condition, but with `order` people stay in one world"
            findings.add("E541", message, ("world", key), hint="name the factor in a stimulus instead")
