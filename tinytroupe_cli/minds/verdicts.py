"""A claim, the shape of the answer to it, and what the answer means.

No evidence is a verdict of its own: neither false nor a middle score, and never the best one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema

NO_EVIDENCE = "no evidence"
SCORES = tuple(str(score) for score in range(10))
CONFIDENCES = ("0", "0.25", "0.5", "0.75", "1")
"""Five points, written out: an open number invites 95 and "very"."""


@dataclass(frozen=True, slots=True)
class JudgedClaim:
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
    raw: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """`score`, `holds` or `confidence` -> what was written, where it was read from other words."""

    @property
    def has_evidence(self) -> bool:
        """Return whether there was anything to judge by."""
        return self.holds is not None or self.score is not None


def verdict_schema(claim: JudgedClaim) -> AnswerSchema:
    """Return the shape of a verdict: reasons first."""
    key, words = ("score", SCORES) if claim.is_scored else ("holds", ("yes", "no"))
    properties: dict[str, JsonValue] = {
        "justification": {"type": "string"},
        key: _one_of([*words, NO_EVIDENCE]),
        "confidence": _one_of(CONFIDENCES),
    }
    return AnswerSchema.flat("verdict", properties, optional=("justification", "confidence"))


def read_verdict(
    values: Mapping[str, JsonValue], claim: JudgedClaim, raw: Mapping[str, JsonValue] | None = None
) -> Verdict | NoAnswer:
    """Read a verdict; nothing is guessed where it can't be understood."""
    key = "score" if claim.is_scored else "holds"
    stated = str(values.get(key, "")).strip().casefold()
    written = {name: words for name, words in (raw or {}).items() if name in {key, "confidence"}}
    holds = {"yes": True, "no": False}.get(stated) if not claim.is_scored else None
    score = int(stated) if claim.is_scored and stated in SCORES else None
    if stated != NO_EVIDENCE and holds is None and score is None:
        return NoAnswer("bad_output", f"'{stated}' is no verdict")
    confidence = values.get("confidence")
    return Verdict(
        holds=holds,
        score=score,
        justification=str(values.get("justification") or "").strip(),
        confidence=float(str(confidence)) if confidence in CONFIDENCES else None,
        raw=written,
    )


def _one_of(words: Sequence[str]) -> JsonValue:
    return {"type": "string", "enum": [*words]}
