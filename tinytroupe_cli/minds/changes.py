"""Who a person is by now: their persona with everything that was set on them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from tinytroupe_cli.events.types import STATE_OF_MIND, Changed, Event


def persona_by_now(persona: Mapping[str, JsonValue], person: str, past: Sequence[Event]) -> Mapping[str, JsonValue]:
    """Return the persona after its changes; the same object where there were none."""
    for event in past:
        if isinstance(event, Changed) and person in event.people:
            for name, value in event.values.items():
                if name not in STATE_OF_MIND:
                    persona = _with(persona, name.split("."), value)
    return persona


def _with(fields: Mapping[str, JsonValue], path: Sequence[str], value: JsonValue) -> dict[str, JsonValue]:
    """Return fields with one set by its path; what stands in the way of a path gives way."""
    first, *rest = path
    if not rest:
        return {**fields, first: value}
    inner = fields.get(first)
    held = cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}
    return {**fields, first: _with(held, rest, value)}
