"""Resolves quality checks and safety notices for each trial."""

from __future__ import annotations

from tinytroupe_cli.plan.types import QualityPlan
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.running import Quality

QUALITIES = ("adherence", "consistency", "fluency", "suitability")


def plan_quality(written: Quality | None) -> QualityPlan | None:
    """Return the checks of turns; None: none."""
    if written is None:
        return None
    least: dict[str, float | None] = {name: getattr(written, name) for name in QUALITIES}
    return QualityPlan(
        least={name: float(score) for name, score in least.items() if score is not None},
        guards=written.guards,
        repetition=float(written.repetition),
        attempts=written.attempts,
        on_fail=written.on_fail,
    )


def plan_safety(experiment: Experiment, configured: tuple[str, ...]) -> tuple[str, ...]:
    """Return the safety notices: the experiment's, else the settings'."""
    return configured if experiment.safety is None else tuple(dict.fromkeys(experiment.safety))
