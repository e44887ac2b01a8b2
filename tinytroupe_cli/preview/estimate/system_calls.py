"""Estimates the calls that systems add to a run: replies of systems played by a model, and turns that continue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

REPLY = CharRange(40, 1_500)
"""Characters of a system's reply."""


def system_calls(
    trial: Trial, person: str, turn: PlannedCall, *, is_together: bool, key: Callable[..., bytes]
) -> Iterator[PlannedCall]:
    """Yield the calls that may follow a turn: a person talks to each system at most once a step."""
    hearing = [system for system in trial.systems if person in system.people]
    for number, system in enumerate(hearing):
        if system.model is not None:
            yield PlannedCall(
                role="system",
                key=key(system.name, "reply"),
                prompt=CharRange(len(system.prompt), len(system.prompt) + turn.prompt.high),
                reply=REPLY,
                is_certain=False,
                model=system.model.name,
            )
        if is_together or number:  # alone with one system, its reply waits for the next turn
            again = replace(
                turn, key=key(system.name, "again"), prompt=turn.prompt + turn.reply + REPLY, is_certain=False
            )
            yield again


def models_of_systems(plan: Plan) -> list[ModelConfig]:
    """Return the models that play systems, each once."""
    return list(
        dict.fromkeys(system.model for trial in plan.trials for system in trial.systems if system.model is not None)
    )
