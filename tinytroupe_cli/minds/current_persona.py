"""Who a person is by now: their persona with everything that was set on them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.events.types import MENTAL_STATE_FIELDS, Event, StateSet
from tinytroupe_cli.personas.edits import replaced


def current_persona(persona: Mapping[str, JsonValue], person: str, past: Sequence[Event]) -> Mapping[str, JsonValue]:
    """Return the persona after its changes; the same object where there were none."""
    for event in past:
        if isinstance(event, StateSet) and person in event.people:
            for name, value in event.values.items():
                if name not in MENTAL_STATE_FIELDS:
                    persona = replaced(persona, name.split("."), value)
    return persona
