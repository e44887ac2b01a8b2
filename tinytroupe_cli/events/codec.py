"""Event to line and back; lines of older versions are read as what they mean today."""

from __future__ import annotations

import re
from typing import Final

from pydantic import JsonValue, TypeAdapter

from tinytroupe_cli.events.types import Event

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_IS_VERSION_1: Final = re.compile(rb'"v": ?1[,}]')
"""In a line of JSON; inside a text the quotes would be escaped."""
_RENAMED: Final = {
    "acted": {"deed": "action"},
    "used": {"act": "action"},
    "refused": {"act": "action"},
    "failed": {"act": "action"},
}
"""Kind of event -> its keys in version 1 and their names in version 2."""


def encode(event: Event) -> str:
    """Return the event as one line of JSON without its line end; the same event, the same bytes."""
    return event.model_dump_json()


def decode(line: str | bytes) -> Event:
    """Read an event back; raises `pydantic.ValidationError` for anything else."""
    raw = line.encode() if isinstance(line, str) else line
    return _EVENT.validate_json(_of_version_2(raw) if _IS_VERSION_1.search(raw) else raw)


def _of_version_2(line: bytes) -> bytes:
    """Return a line of version 1 in the terms of version 2; raises `pydantic.ValidationError` for no JSON object."""
    old = _OBJECT.validate_json(line)
    renamed = _RENAMED.get(str(old.get("kind")), {})
    return _OBJECT.dump_json({renamed.get(key, key): value for key, value in old.items()} | {"v": 2})
