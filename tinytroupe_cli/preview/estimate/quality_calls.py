"""The calls that weighing turns before they are taken adds to a plan, and about how long they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from tinytroupe_cli.plan.types import QualityPlan
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

QUESTION = 1_600
"""Letters of the judge's question beside persona, past and attempt: four meanings and the rest."""
AGAIN = 400
"""Letters a person is told of why they thought better of it, beside the attempt."""


TRIES = 3
"""How often a turn is taken at the most where nothing else is said."""


def again_calls(turn: PlannedCall, quality: QualityPlan | None) -> Iterator[PlannedCall]:
    """Yield what follows a turn whose words are looked at, or weighed, before it is taken."""
    if turn.role != "people":
        return iter(())
    return _guarding_calls(turn) if quality is None else _weighing_calls(turn, quality)


def _guarding_calls(turn: PlannedCall) -> Iterator[PlannedCall]:
    """Yield the further tries of a turn, made where its words are none of the person's."""
    for number in range(1, TRIES):
        yield replace(turn, key=_key(turn, "guard", number), is_certain=False, is_retry=True)


def _weighing_calls(turn: PlannedCall, quality: QualityPlan) -> Iterator[PlannedCall]:
    """Yield what follows a turn: its scoring, for sure, and each further attempt with its own, perhaps."""
    attempts = quality.attempts if quality.least or quality.guards else 1
    for attempt in range(1, attempts + 1):
        if attempt > 1:
            told = CharRange(AGAIN, AGAIN) + turn.reply
            yield PlannedCall("people", _key(turn, "again", attempt), turn.prompt + told, turn.reply, is_certain=False)
        if quality.least:
            asked = CharRange(QUESTION, QUESTION) + turn.prompt + turn.reply
            is_certain = turn.is_certain and attempt == 1
            yield PlannedCall("judge", _key(turn, "score", attempt), asked, CharRange(60, 400), is_certain=is_certain)


def _key(turn: PlannedCall, what: str, attempt: int) -> bytes:
    return hashlib.blake2b(turn.key + f"{what} {attempt}".encode(), digest_size=16).digest()
