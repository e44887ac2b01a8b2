"""Prompts and raw replies for the page: each message once, as calls repeat most of what they send.

They are packed (gzip), and left out beyond `MAX_BYTES`, the last calls first; html/calls.js reads them.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tinytroupe_cli.reports.run_log import RecordedCall

MAX_BYTES: Final = 900_000
"""Of all packed prompts and replies."""
BATCH: Final = 200
"""Calls after which the size is looked at."""


def packed_calls(calls: Iterable[RecordedCall]) -> tuple[str, int, int]:
    """Return the calls as base64 of gzipped JSON, how many are in it, and how many there are."""
    messages: dict[tuple[str, str], int] = {}
    entries: list[list[Any]] = []
    counted, size = 0, 0
    for call in calls:
        counted += 1
        if size > MAX_BYTES:
            continue
        entries.append(_entry(call, messages))
        if counted % BATCH == 0:
            size = len(_packed(messages, entries))
    packed = _packed(messages, entries)
    while len(packed) > MAX_BYTES and entries:
        entries = entries[: max(0, len(entries) * 3 // 4 - 1)]
        packed = _packed(_used(messages, entries), entries)
    return packed.decode(), len(entries), counted


def _entry(call: RecordedCall, messages: dict[tuple[str, str], int]) -> list[Any]:
    """Return trial, person, step, purpose, numbers of messages, and the reply."""
    request: Mapping[str, Any] = json.loads(call.request) if call.request else {}
    sent = [
        (
            str(message["role"]),
            "\n".join([message["content"], *(f"[image {name}]" for name in message.get("images", ()))]),
        )
        for message in request.get("messages", ())
    ]
    numbers = [messages.setdefault(message, len(messages)) for message in sent]
    reply = json.loads(call.completion).get("text", "") if call.completion else ""
    return [call.trial, call.person, call.step, call.what, numbers, reply]


def _used(messages: dict[tuple[str, str], int], entries: list[list[Any]]) -> dict[tuple[str, str], int]:
    last = max((number for entry in entries for number in entry[4]), default=-1)
    return {message: number for message, number in messages.items() if number <= last}


def _packed(messages: dict[tuple[str, str], int], entries: list[list[Any]]) -> bytes:
    content = json.dumps({"messages": list(messages), "calls": entries}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(content.encode(), 9, mtime=0))
