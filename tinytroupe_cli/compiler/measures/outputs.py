"""Resolves a run's outputs: tables, training data, categories, a story."""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.compiler.conditions import Arm
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.datasets import plan_dataset, scenes_of
from tinytroupe_cli.compiler.measures.tables import plan_tables
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.plan.outputs import PlannedOutputs, PlannedStory
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.spec.experiment import Experiment


def plan_outputs(
    experiment: Experiment,
    roster: Roster,
    arms: Sequence[Arm],
    trials: Sequence[Trial],
    *,
    made: PlannedOutputs,
    findings: Findings,
) -> PlannedOutputs:
    """Check all outputs and return them with those that make measures (`made`)."""
    scenes = scenes_of(trials, arms, experiment.vars)
    found: dict[str, object] = {
        "tables": plan_tables(experiment.reduce, roster, [arm.condition for arm in arms], findings),
        "dataset": plan_dataset(experiment.dataset, roster, trials, scenes, findings),
        "story": _story(experiment, trials),
    }
    return made.model_copy(update=found)


def _story(experiment: Experiment, trials: Sequence[Trial]) -> PlannedStory | None:
    written = experiment.report.story if experiment.report else None
    if written is None:
        return None
    first_trials = {trial.condition: trial.id for trial in reversed(trials)}
    narrated = tuple(trial.id for trial in trials if trial.id in first_trials.values())
    return PlannedStory(words=written.words, style=written.style, trials=narrated)
