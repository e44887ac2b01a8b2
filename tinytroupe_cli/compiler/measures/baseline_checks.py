"""Checks that an experiment has a measure on which its baselines can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.analysis.units import MIN_UNITS
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.baseline_measures import baseline_fields, can_be_forecast
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.spec.baselines import BaselineKind
from tinytroupe_cli.spec.experiment import Experiment

KEY = ("baseline",)


def plan_baselines(
    written: BaselineKind | Sequence[BaselineKind], trials: Sequence[Trial], findings: Findings
) -> tuple[BaselineKind, ...]:
    """Return the baselines in the order written, each once; report those without a measure."""
    kinds: Sequence[BaselineKind] = (written,) if isinstance(written, str) else written
    for place, kind in enumerate(kinds):
        if kind in kinds[:place]:
            findings.add("E529", f"`{kind}` appears twice", (*KEY, place), hint="name each baseline once")
    if not kinds or not trials:
        return tuple(dict.fromkeys(kinds))
    queries = trials[0].queries
    if not any(baseline_fields(query) for query in queries):
        hint = "ask for a choice, yes_no, likert, scale or number in `extract`"
        findings.add("E529", "there is no measure on which a baseline can be compared", KEY, key=True, hint=hint)
    elif "single_prompt" in kinds and not any(
        can_be_forecast(field) for query in queries for field in baseline_fields(query)
    ):
        hint = "ask each person for a choice, yes_no, likert or scale, or leave single_prompt out"
        message = "single_prompt predicts shares of a few possible answers; no measure has these"
        findings.add("E529", message, KEY, key=True, hint=hint)
    return tuple(dict.fromkeys(kinds))


def check_shuffle(experiment: Experiment, people: int, findings: Findings) -> None:
    """Report a shuffle of personas that could not say whose answers are whose."""
    if not experiment.persona_shuffle:
        return
    key: Path = ("persona_shuffle",)
    if experiment.world.type != "interviews":
        hint = "use world: {type: interviews}, or leave `persona_shuffle` out"
        message = "answers of people who hear each other can't be told apart by persona"
        findings.add("E527", message, key, key=True, hint=hint)
    elif people < MIN_UNITS:
        hint = f"a correlation needs at least {MIN_UNITS} people"
        findings.add("E527", f"there are too few people to shuffle personas: {people}", key, key=True, hint=hint)
