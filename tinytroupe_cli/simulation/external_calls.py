"""Calls to what lies outside the simulation: asked once in a run, and remembered.

A system under test, a user's tool: what it answered is a fact of the run, so a resumed run
uses it again. How long it took is kept beside it, never in the log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.safe_text import safe_value


@dataclass(frozen=True, slots=True)
class ExternalCall:
    """One call, told apart from all others of a run."""

    kind: str
    """`system`, `tool`."""
    name: str
    """Which of them."""
    trial: str
    person: str
    """On whose behalf."""
    step: int
    number: int
    """Counts the person's calls of this kind and name within the step, from 0."""
    content: JsonValue
    """All that can change the answer: message and history, or arguments."""

    @property
    def key(self) -> str:
        """Return the call's identity."""
        about = [self.kind, self.name, self.trial, self.person, self.step, self.number, self.content]
        text = json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredReply:
    """What came back, and after how long."""

    value: JsonValue
    seconds: float
    """Wall time."""


class ExternalCallStore(Protocol):
    """Remembers calls. `put` returns only when the answer is safe from a kill."""

    def cleaned(self, value: JsonValue) -> JsonValue:
        """Return an answer without secrets, as it is used and kept."""
        ...

    def get(self, call: ExternalCall) -> StoredReply | None:
        """Return the result of a call, if it was made in this run."""
        ...

    def put(self, call: ExternalCall, kept: StoredReply) -> None:
        """Keep the result of a call; a second time changes nothing."""
        ...


async def call_once(
    call: ExternalCall, ask: Callable[[], Awaitable[JsonValue]], *, store: ExternalCallStore, clock: Clock
) -> JsonValue:
    """Return what is stored of a call, or make it and commit what comes back before it is used.

    An answer that a kill cut off before it was stored is asked for again.
    """
    kept = store.get(call)
    if kept is not None:
        return kept.value
    began = clock.seconds()
    value = store.cleaned(safe_value(await ask()))
    store.put(call, StoredReply(value, clock.seconds() - began))
    return value
