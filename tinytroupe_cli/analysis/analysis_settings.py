"""How the figures of a run are calculated: its settings of inference, and the seed of its draws."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_comparisons import PlannedInference


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """How one difference is tested."""

    inference: PlannedInference
    seed: int
    blocks: tuple[str, ...] = ()
    """Block of each unit, of the first group and then of the second; empty: no blocks."""


def settings_of(inference: PlannedInference, seed: int) -> AnalysisSettings:
    """Return how a run's figures are calculated; measures of the same units share their draws."""
    return AnalysisSettings(inference, Stream(seed, "analysis").integer())
