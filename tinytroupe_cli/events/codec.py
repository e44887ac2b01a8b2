"""Event to line and back."""

from __future__ import annotations

from pydantic import TypeAdapter

from tinytroupe_cli.events.types import Event

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def encode(event: Event) -> str:
    """Return the event as one line of JSON without its line end; the same event, the same bytes."""
    return event.model_dump_json()


def decode(line: str | bytes) -> Event:
    """Read an event back; raises `pydantic.ValidationError` for anything else."""
    return _EVENT.validate_json(line)
