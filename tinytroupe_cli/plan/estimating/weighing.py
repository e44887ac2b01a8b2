"""The calls that weighing turns before they are taken adds to a plan, and about how long they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tinytroupe_cli.plan.estimating.lengths import Letters, PlannedCall
from tinytroupe_cli.plan.types import QualityPlan

QUESTION = 1_600
"""Letters of the judge's question beside persona, past and attempt: four meanings and the rest."""
AGAIN = 400
"""Letters a person is told of why they thought better of it, beside the attempt."""


def weighing_calls(turn: PlannedCall, quality: QualityPlan) -> Iterator[PlannedCall]:
    """Yield what follows a turn: its scoring, for sure, and each further attempt with its own, perhaps."""
    for attempt in range(1, quality.attempts + 1):
        if attempt > 1:
            told = Letters(AGAIN, AGAIN) + turn.reply
            yield PlannedCall("people", _key(turn, "again", attempt), turn.prompt + told, turn.reply, is_sure=False)
        if quality.least:
            asked = Letters(QUESTION, QUESTION) + turn.prompt + turn.reply
            is_sure = turn.is_sure and attempt == 1
            yield PlannedCall("judge", _key(turn, "score", attempt), asked, Letters(60, 400), is_sure=is_sure)


def _key(turn: PlannedCall, what: str, attempt: int) -> bytes:
    return hashlib.blake2b(turn.key + f"{what} {attempt}".encode(), digest_size=16).digest()
