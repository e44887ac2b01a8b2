"""A fake model that answers every question, so that expectations about missing answers hold."""

from __future__ import annotations

import copy
from typing import Any

from provider import answer_for, schema_of


def stated(body: Any) -> str:
    """Answer as the fake does, but every question, and scores with the highest."""
    body = copy.deepcopy(body)
    _insist(schema_of(body) or {})
    return answer_for(body)


def _insist(schema: Any) -> None:
    if isinstance(schema, list):
        for part in schema:
            _insist(part)
    if not isinstance(schema, dict):
        return
    if "enum" in schema:
        options = [option for option in schema["enum"] if option not in ("not stated", "no evidence")]
        schema["enum"] = options[-1:] if all(str(option).isdigit() for option in options) else options
    for part in schema.values():
        _insist(part)
