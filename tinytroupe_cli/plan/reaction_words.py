"""What was planned to happen when something holds, in words."""

from __future__ import annotations

from typing import assert_never

from tinytroupe_cli.plan.planned_interventions import (
    AllOf,
    AnyOf,
    ClaimHolds,
    ExpressionTrue,
    PlannedCondition,
    PlannedQuiet,
    StepReached,
)
from tinytroupe_cli.plan.types import DeliverStimuli, PlannedEffect, PlannedEndTrial, PlannedStateChange


def condition_words(condition: PlannedCondition) -> str:
    """Write a condition: `it is step 3 and the judge holds that “…”`."""
    match condition:
        case ClaimHolds(texts=texts, score_below=None):
            return f"the judge holds that “{texts[0]}”"
        case ClaimHolds(texts=texts, score_below=below):
            return f"the judge scores below {below:g} that “{texts[0]}”"
        case PlannedQuiet(steps=steps):
            return f"nobody has spoken for {steps} step{'s' * (steps != 1)}"
        case StepReached(step=step):
            return f"it is step {step}"
        case ExpressionTrue(text=text):
            return text
        case AllOf():
            return _joined(condition, " and ")
        case AnyOf():
            return _joined(condition, " or ")
        case _:
            assert_never(condition)


def effect_words(effect: PlannedEffect) -> str:
    """Write an effect in a word or two: `say`, `show car-3f9a1c20.png`, `set emotions`, `end`."""
    match effect:
        case DeliverStimuli(stimuli=stimuli):
            images = dict.fromkeys(name for stimulus in stimuli for name in stimulus.images)
            return " ".join((stimuli[0].verb, *images)) if stimuli else "nothing"
        case PlannedStateChange(changes=changes):
            return f"set {', '.join(dict.fromkeys(change.field for change in changes))}"
        case PlannedEndTrial():
            return "end"
        case _:
            assert_never(effect)


def _joined(condition: AllOf | AnyOf, word: str) -> str:
    parts = [
        f"({condition_words(part)})" if isinstance(part, AllOf | AnyOf) else condition_words(part)
        for part in condition.conditions
    ]
    return word.join(parts)
