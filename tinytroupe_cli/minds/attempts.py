"""What is put before the judge of a turn before it is taken, and what the judge's answer means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from tinytroupe_cli.events.transcripts import as_text, transcript
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.situation import Situation, Turn
from tinytroupe_cli.models.port import AnswerSchema, Message
from tinytroupe_cli.prompts.catalog import BuiltInClaimText, JudgeQuality, render

MAX_PAST = 8_000
"""Letters of what was lived before, the latest."""
_CLAIMS = {
    "adherence": "claims/persona_adherence",
    "consistency": "claims/self_consistency",
    "fluency": "claims/fluency",
    "suitability": "claims/suitability",
}
_SCORES = [str(score) for score in range(10)]


@dataclass(frozen=True, slots=True)
class TurnScores:
    """What one attempt was worth."""

    values: Mapping[str, float]
    """Quality -> 0 to 9; empty: it was not scored."""
    reason: str
    is_good: bool

    @property
    def mean(self) -> float:
        """Return the mean of all; below every score where there is none."""
        return sum(self.values.values()) / len(self.values) if self.values else -1.0


def attempt_text(turn: Turn, situation: Situation) -> str:
    """Write what somebody would do."""
    names = dict(situation.people)
    to = names.get(turn.to, turn.to or turn.unknown_addressee)
    lines = [
        f"thinks: {turn.thought}" if turn.thought else "",
        f"says to {to}: {turn.words}" if turn.words else "says nothing",
        f"does: {turn.action} {turn.argument}".rstrip() if turn.action else "",
    ]
    return "\n".join(line for line in lines if line)


def scoring_question(*, name: str, portrait: str, lived: str, attempt: str, qualities: Sequence[str]) -> Message:
    """Ask for all scores at once."""
    meanings = tuple((quality, render(_CLAIMS[quality], BuiltInClaimText(who=name)).strip()) for quality in qualities)
    variables = JudgeQuality(name=name, portrait=portrait, past=_latest(lived), attempt=attempt, qualities=meanings)
    return Message(role="user", content=render("judge/quality", variables).rstrip())


def own_transcript(person: str, past: Sequence[Event]) -> str:
    """Write what somebody has lived, as they lived it."""
    return as_text(transcript(past, person=person))


def scoring_schema(qualities: Sequence[str]) -> AnswerSchema:
    """Return the shape of the answer: reasons first."""
    scores: dict[str, JsonValue] = {name: {"type": "string", "enum": list(_SCORES)} for name in qualities}
    return AnswerSchema.flat("scores", {"reason": {"type": "string"}, **scores}, optional=("reason",))


def read_scores(values: Mapping[str, JsonValue], least: Mapping[str, float]) -> TurnScores:
    """Compare what the judge gave with what was asked for."""
    given = {name: float(cast("str", values[name])) for name in least}
    low = [name for name, score in given.items() if score < least[name]]
    return TurnScores(given, str(values.get("reason", "")).strip(), is_good=not low)


def _latest(lived: str) -> str:
    if len(lived) <= MAX_PAST:
        return lived
    kept = lived[-MAX_PAST:]
    return f"(What came before is left out.)\n{kept[kept.find(chr(10)) + 1 :]}"
