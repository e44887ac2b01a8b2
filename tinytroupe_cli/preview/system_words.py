"""Describes the systems of a trial, for `troupe plan`."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.plan.planned_systems import PlannedSystem
from tinytroupe_cli.plan.types import Trial


def systems_in_words(trial: Trial) -> Iterator[str]:
    """Yield a line for each system: how it is reached, and who can talk to it."""
    for system in trial.systems:
        started = ", started for the run" if system.start else ""
        everyone = len(system.people) == len(trial.people)
        whom = "" if everyone else f"; heard by {', '.join(system.people) or 'nobody'}"
        yield f"{system.name}: {_way(system)}{started}{whom}"


def _way(system: PlannedSystem) -> str:
    if system.http is not None:
        return f"{system.http.method} {system.http.url}"
    if system.model is not None:
        return f"played by {system.model.use}"
    return f"the function {system.python}" if system.python else f"the command {' '.join(system.command)}"
