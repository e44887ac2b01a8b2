"""Estimates the calls that quality checks of turns add to a plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from tinytroupe_cli.plan.types import QualityPlan
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

QUESTION = 1_600
"""Characters of the judge's question in addition to persona, past and attempt: four meanings and the rest."""
AGAIN = 400
"""Characters of the feedback to a person, in addition to the attempt."""


TRIES = 3
"""Default maximum attempts at a turn."""


def again_calls(turn: PlannedCall, quality: QualityPlan | None) -> Iterator[PlannedCall]:
    """Yield the calls after a turn that is checked or scored."""
    if turn.role != "people":
        return iter(())
    return _guarding_calls(turn) if quality is None else _weighing_calls(turn, quality)


def _guarding_calls(turn: PlannedCall) -> Iterator[PlannedCall]:
    """Yield the further attempts at a turn, made if its words are faulty."""
    for number in range(1, TRIES):
        yield replace(turn, key=_key(turn, "guard", number), is_certain=False, is_retry=True)


def _weighing_calls(turn: PlannedCall, quality: QualityPlan) -> Iterator[PlannedCall]:
    """Yield the calls after a turn: its scoring (certain), and each further attempt with its own (possible)."""
    attempts = quality.attempts if quality.least or quality.guards else 1
    for attempt in range(1, attempts + 1):
        if attempt > 1:
            added = CharRange(AGAIN, AGAIN) + turn.reply
            yield PlannedCall("people", _key(turn, "again", attempt), turn.prompt + added, turn.reply, is_certain=False)
        if quality.least:
            asked = CharRange(QUESTION, QUESTION) + turn.prompt + turn.reply
            is_certain = turn.is_certain and attempt == 1
            yield PlannedCall("judge", _key(turn, "score", attempt), asked, CharRange(60, 400), is_certain=is_certain)


def _key(turn: PlannedCall, what: str, attempt: int) -> bytes:
    return hashlib.blake2b(turn.key + f"{what} {attempt}".encode(), digest_size=16).digest()
