"""A claim, the shape of the answer to it, and what the answer means.

No evidence is a verdict of its own: neither false nor a middle score, and never the best one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema

NO_EVIDENCE = "no evidence"
SCORES = tuple(str(score) for score in range(10))
CONFIDENCES = ("0", "0.25", "0.5", "0.75", "1")
"""Five points, written out: an open number invites 95 and "very"."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be judged."""

    text: str
    about: str = ""
    """A person's name; empty: all of it."""
    is_scored: bool = False
    """True: how far it holds, from 0 to 9; else whether it holds."""
    personas: tuple[tuple[str, str], ...] = ()
    """Name and portrait of those whose persona is part of the evidence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge holds of a claim."""

    holds: bool | None = None
    """None: there is no evidence, or the claim was scored."""
    score: int | None = None
    """From 0 to 9; None: there is no evidence, or the claim was not scored."""
    justification: str = ""
    confidence: float | None = None
    """From 0 to 1, as the judge declares it."""

    @property
    def has_evidence(self) -> bool:
        """Say whether there was anything to judge by."""
        return self.holds is not None or self.score is not None


def verdict_schema(claim: Claim) -> AnswerSchema:
    """Return the shape of a verdict: reasons first."""
    key, words = ("score", SCORES) if claim.is_scored else ("holds", ("yes", "no"))
    properties: dict[str, JsonValue] = {
        "justification": {"type": "string"},
        key: _one_of([*words, NO_EVIDENCE]),
        "confidence": _one_of(CONFIDENCES),
    }
    return AnswerSchema.flat("verdict", properties)


def read_verdict(values: Mapping[str, JsonValue], claim: Claim) -> Verdict | NoAnswer:
    """Read a verdict; nothing is guessed where it can't be understood."""
    said = str(values.get("score" if claim.is_scored else "holds", "")).strip().casefold()
    justification = str(values.get("justification") or "").strip()
    confidence = _confidence(values.get("confidence"))
    if said == NO_EVIDENCE:
        return Verdict(justification=justification, confidence=confidence)
    if claim.is_scored and said in SCORES:
        return Verdict(score=int(said), justification=justification, confidence=confidence)
    if not claim.is_scored and said in {"yes", "no"}:
        return Verdict(holds=said == "yes", justification=justification, confidence=confidence)
    return NoAnswer("bad_output", f"'{said}' is no verdict")


def _confidence(value: JsonValue) -> float | None:
    return float(str(value)) if str(value) in CONFIDENCES else None


def _one_of(words: Sequence[str]) -> JsonValue:
    return {"type": "string", "enum": [*words]}
