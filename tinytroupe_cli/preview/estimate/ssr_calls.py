"""Estimates the calls of a semantic similarity rating: the words, whether they answer the question, and vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tinytroupe_cli.fields.planned_field import PlannedRating
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

TOPIC_PROMPT: Final = 600
"""Approximate characters of the question whether an answer is about what was asked."""
TOPIC_REPLY: Final = CharRange(30, 60)
SENTENCES: Final = CharRange(40, 400)
"""Characters of one to three sentences."""
NOTHING: Final = CharRange(0, 0)


def ssr_calls(call: PlannedCall, rating: PlannedRating, words: CharRange) -> Iterator[PlannedCall]:
    """Yield one answer's calls; a statement is embedded once, an answer that was given before is not asked about."""
    said = CharRange(SENTENCES.low, min(SENTENCES.high, words.high))
    yield replace(call, reply=said)
    asked = CharRange(TOPIC_PROMPT, TOPIC_PROMPT) + said
    yield PlannedCall("judge", _key(call.key, "topic"), asked, TOPIC_REPLY, is_certain=call.is_certain)
    yield PlannedCall("embeddings", _key(call.key, "said"), said, NOTHING, is_certain=call.is_certain)
    for statement in dict.fromkeys(text for statements in rating.anchors for text in statements):
        letters = CharRange(len(statement), len(statement))
        yield PlannedCall("embeddings", _key(b"", statement), letters, NOTHING, is_certain=call.is_certain)


def _key(call: bytes, what: str) -> bytes:
    return hashlib.blake2b(call + what.encode(), digest_size=16).digest()
