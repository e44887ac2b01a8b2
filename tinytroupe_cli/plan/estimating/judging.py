"""The calls that judging a claim takes: the verdict, and notes where the evidence is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tinytroupe_cli.models.port import ModelUse
from tinytroupe_cli.models.windows import most_evidence
from tinytroupe_cli.plan.estimating.lengths import Fixed, Letters, PlannedCall

VERDICT = Letters(60, 500)
NOTES = Letters(20, 1_000)


@dataclass(frozen=True, slots=True)
class ClaimToJudge:
    """One judgement: how long what goes into it is."""

    claim: int
    """Letters of the claim."""
    personas: int
    """Letters of the portraits that are evidence."""
    evidence: Letters
    is_sure: bool = True


def claim_calls(one: ClaimToJudge, use: ModelUse, fixed: Fixed, key: Callable[..., bytes]) -> Iterator[PlannedCall]:
    """Yield the calls of one judgement; `key` identifies a call by what sets it apart."""
    most = most_evidence(use)
    asked = one.claim + one.personas + fixed.schema
    fewest, pieces = (-(-letters // most) for letters in (one.evidence.low, one.evidence.high))
    is_cut = pieces > 1
    for piece in range(pieces if is_cut else 0):
        yield PlannedCall(
            role="judge",
            key=key("notes", str(piece)),
            prompt=Letters(asked + fixed.notes, asked + fixed.notes + most),
            reply=NOTES,
            is_sure=one.is_sure and fewest > 1 and piece < fewest,
        )
    evidence = Letters(0, NOTES.high * pieces) if is_cut else one.evidence
    yield PlannedCall(
        role="judge",
        key=key("verdict"),
        prompt=Letters(asked + fixed.claim, asked + fixed.claim) + evidence,
        reply=VERDICT,
        is_sure=one.is_sure,
    )
