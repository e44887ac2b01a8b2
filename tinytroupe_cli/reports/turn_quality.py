"""The scores of turns: how many were tried again, how much better the later attempts were, and the cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from tinytroupe_cli.events.types import Event, TurnScored
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.usage import RunUsage


class TurnQuality(Frozen):
    """Scores of turns, over all trials."""

    turns: int
    """Turns that were scored."""
    retried: int = Field(validation_alias="redone", serialization_alias="redone")
    """Of these, turns tried more than once."""
    accepted_below_threshold: int = Field(validation_alias="below", serialization_alias="below")
    """Turns kept although no attempt was good enough."""
    rejected: int = Field(validation_alias="dropped", serialization_alias="dropped")
    """Turns dropped because no attempt was good enough."""
    unscored: int
    """Attempts for which the judge gave no scores."""
    first: dict[str, float]
    """Quality -> mean score of the first attempts."""
    taken: dict[str, float]
    """Quality -> mean score of the attempts kept."""
    calls: int
    """Calls for scoring and for trying again; `accounts` includes them."""
    usd: float | None
    """Cost of these calls; null: unknown."""


def turn_quality(plan: Plan, events: Mapping[str, Sequence[Event]], accounts: RunUsage) -> TurnQuality | None:
    """Add up every attempt; None where turns were not weighed."""
    if not any(trial.quality and (trial.quality.least or trial.quality.guards) for trial in plan.trials):
        return None
    turns = [turn for trial in plan.trials for turn in _turns(events.get(trial.id, ()))]
    kept = [attempt for turn in turns for attempt in turn if attempt.is_kept]
    cost = next((purpose for purpose in accounts.purposes if purpose.what == "quality"), None)
    return TurnQuality(
        turns=len(turns),
        retried=sum(len(turn) > 1 for turn in turns),
        accepted_below_threshold=sum(not attempt.is_good for attempt in kept),
        rejected=len(turns) - len(kept),
        unscored=sum(attempt.is_unscored for turn in turns for attempt in turn),
        first=_means(turn[0] for turn in turns),
        taken=_means(kept),
        calls=cost.calls if cost else 0,
        usd=cost.usd if cost else 0.0,
    )


def _turns(events: Iterable[Event]) -> list[list[TurnScored]]:
    """Group attempts by turn; the first attempt begins one."""
    turns: list[list[TurnScored]] = []
    for event in events:
        if isinstance(event, TurnScored):
            if event.attempt == 1:
                turns.append([])
            turns[-1].append(event)
    return turns


def _means(attempts: Iterable[TurnScored]) -> dict[str, float]:
    scores: dict[str, list[float]] = {}
    for attempt in attempts:
        for quality, score in attempt.scores.items():
            scores.setdefault(quality, []).append(score)
    return {quality: round(sum(values) / len(values), 2) for quality, values in scores.items()}
