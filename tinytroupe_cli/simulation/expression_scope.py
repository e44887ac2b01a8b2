"""What an intervention's expression sees when a step has just begun: the world, and everyone in it.

`compiler/stimuli/expression_names.py` says beforehand which names there are.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.events.types import Event
from tinytroupe_cli.language.evaluation import evaluate, is_true, look_up
from tinytroupe_cli.language.expressions import parse
from tinytroupe_cli.minds.current_persona import current_persona
from tinytroupe_cli.plan.expression_names import WORLD, expression_name
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.state import PersonState, WorldState


def expression_scope(trial: Trial, log: Sequence[Event], world: WorldState) -> dict[str, JsonValue]:
    """Return name -> value; a person's state goes before fields of their persona that share its names."""
    seen: dict[str, JsonValue] = {
        WORLD: {
            "step": world.step,
            "steps": trial.world.steps,
            "messages": world.messages,
            "messages_this_step": world.messages_this_step,
            "quiet_steps": world.quiet_steps,
            "people": len(trial.people),
        }
    }
    for member in trial.people:
        persona = current_persona(member.persona, member.id, log)
        seen[expression_name(member.id)] = {**persona, **_state(world.people[member.id])}
    return seen


def is_true_in(expression: str, seen: dict[str, JsonValue]) -> bool:
    """Return whether an expression is true; raises `ExpressionError` where it can't be worked out."""
    return is_true(evaluate(parse(expression), lambda name: look_up(name.path, seen)))


def _state(state: PersonState) -> dict[str, JsonValue]:
    return {
        "emotions": state.feeling or None,
        "attention": state.attention or None,
        "goal": state.goal or None,
        "context": state.context or None,
        "place": state.place or None,
    }
