"""Estimates the calls that write wordings, before any trial."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

PROMPT = 900
"""Approximate characters of these prompts."""


def wording_calls(plan: Plan) -> Iterator[PlannedCall]:
    """Yield one call that writes the paraphrases of each text, and one that checks each of them."""
    wordings = plan.wordings
    for text in wordings.texts if wordings else ():
        length, count = len(text.wordings[0]), (wordings.count if wordings else 0) - len(text.wordings)
        if count <= 0:
            continue
        key = f"wordings {text.place}"
        yield PlannedCall(
            role="judge",
            key=key.encode(),
            prompt=CharRange(PROMPT + length, PROMPT + length),
            reply=CharRange(30 + length * count // 2, 60 + 2 * length * count),
        )
        for number in range(count):
            yield PlannedCall(
                role="judge",
                key=f"{key} {number}".encode(),
                prompt=CharRange(PROMPT + length, PROMPT + 3 * length),
                reply=CharRange(60, 120),
            )
