"""The names an intervention's expression may use: `world.messages`, and a person's id with `_` for `-`."""

from __future__ import annotations

WORLD = "world"
WORLD_NAMES = ("step", "steps", "messages", "messages_this_step", "quiet_steps", "people")


def expression_name(person: str) -> str:
    """Return how an expression calls a person."""
    return person.replace("-", "_")
