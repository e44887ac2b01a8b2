"""What a shuffle of personas says about one measure, as results.json has it."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen


class ShuffleResult(Frozen):
    """Answers that each person gave with the persona of another, beside the answers of both."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option; null if the measure is a single number."""
    people: int = 0
    """People with an answer in the shuffle whose own answers, and those of the persona's owner, are known."""
    persona: float | None = None
    """Correlation with the answers that the persona's owner gave in the same conditions."""
    persona_low: float | None = None
    """Lower end of its interval (bootstrap of people)."""
    persona_high: float | None = None
    """Upper end."""
    persona_p: float | None = None
    """p-value of "answers do not follow the persona" (answers permuted over people)."""
    seat: float | None = None
    """Correlation with the answers that the person in the same seat (name, seed, texts) gave with their own persona."""
    seat_low: float | None = None
    """Lower end of its interval."""
    seat_high: float | None = None
    """Upper end."""
    seat_p: float | None = None
    """p-value of "answers do not follow the seat"."""
    verdict: Literal["", "persona", "seat", "both", "neither"] = ""
    """What answers follow: what has a p-value below alpha and a positive correlation."""
    is_deterministic: bool = False
    """All replicates are equal: by asking again, persona and chance can't be told apart."""
    alpha: float = 0.05
    """Level of the tests; intervals are at 1 - alpha."""
    why_not: str = ""
    """Why there is nothing."""
