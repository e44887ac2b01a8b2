"""Whose turns must be over before a person's turn begins.

A person waits only for those whose words could reach them: not for a whole step, and in
interviews for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.simulation.environment import Environment

TurnId = tuple[str, int]
"""Person and step."""


@dataclass(frozen=True, slots=True)
class TurnDependencies:
    """The turns whose deliveries reach a person after their last turn and before this one, in order."""

    last_step: tuple[TurnId, ...]
    """Of the step before. Their own last turn is among them: the world may have answered it."""
    this_step: tuple[TurnId, ...]
    """Of this step: those before them, in an order one after another."""


def turn_dependencies(environment: Environment, person: str, step: int) -> TurnDependencies:
    """Return whom a person has to wait for."""
    last = [(other, step - 1) for other in _reached_by(environment, person, step - 1)] if step > 1 else []
    if environment.trial.world.order == "simultaneous":
        return TurnDependencies(tuple(last), ())
    earlier = environment.order(step - 1) if step > 1 else []
    since = [turn for turn in last if earlier.index(turn[0]) >= earlier.index(person)]
    now = environment.order(step)
    reach = environment.could_reach(person, step)
    before = [(other, step) for other in now[: now.index(person)] if other in reach]
    return TurnDependencies(tuple(since), tuple(before))


def _reached_by(environment: Environment, person: str, step: int) -> list[str]:
    """Return those whose words at a step reach a person, themselves included, in the order they acted."""
    reach = {person, *environment.could_reach(person, step)}
    return [other for other in environment.order(step) if other in reach]
