"""Estimates the calls that read a transcript: the answer or verdict, and notes if it is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.windows import max_evidence_bytes
from tinytroupe_cli.preview.estimate.lengths import CharRange, Fixed, PlannedCall

VERDICT = CharRange(60, 500)
NOTES = CharRange(20, 1_000)


@dataclass(frozen=True, slots=True)
class ClaimToJudge:
    """One judgement, with the lengths of its parts."""

    claim: int
    """Characters of the claim."""
    personas: int
    """Characters of the portraits used as evidence."""
    evidence: CharRange
    is_certain: bool = True


def claim_calls(
    claim: ClaimToJudge, use: ModelConfig, fixed: Fixed, key: Callable[..., bytes]
) -> Iterator[PlannedCall]:
    """Yield the calls of one judgement; `key` identifies a call by its distinguishing parts."""
    asked = claim.claim + claim.personas + fixed.schema
    last = PlannedCall(
        role="judge",
        key=key("verdict"),
        prompt=_exactly(asked + fixed.claim),
        reply=VERDICT,
        is_certain=claim.is_certain,
    )
    yield from reading_calls(last, claim.evidence, asked + fixed.notes, use, key)


def reading_calls(
    last: PlannedCall, evidence: CharRange, noting: int, use: ModelConfig, key: Callable[..., bytes]
) -> Iterator[PlannedCall]:
    """Yield the calls for notes on a text too long to be read at once, and the call that reads the text or the notes.

    `last` comes without the evidence; `noting` are the letters of a request for notes.
    """
    most = max_evidence_bytes(use)
    fewest, pieces = (-(-characters // most) for characters in (evidence.low, evidence.high))
    is_cut = pieces > 1
    for piece in range(pieces if is_cut else 0):
        yield PlannedCall(
            role="judge",
            key=key("notes", str(piece)),
            prompt=CharRange(noting, noting + most),
            reply=NOTES,
            is_certain=last.is_certain and fewest > 1 and piece < fewest,
        )
    yield replace(last, prompt=last.prompt + (CharRange(0, NOTES.high * pieces) if is_cut else evidence))


def _exactly(characters: int) -> CharRange:
    return CharRange(characters, characters)
