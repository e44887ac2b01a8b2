"""Asks a model for a distribution of answers in a single prompt: no person, no memory.

Knows nothing of what the answers are held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import BaselineForecast, render

TOKENS_BESIDES: Final = 60
TOKENS_PER_ANSWER: Final = 16


@dataclass(frozen=True, slots=True)
class ToForecast:
    """A question, and all that a forecast of the answers is made from."""

    count: int
    """People."""
    margins: tuple[tuple[str, str], ...]
    """Attribute, and how the people are distributed over it."""
    occasion: str
    place: str
    events: tuple[str, ...]
    """What reaches them, in order."""
    is_unblinded: bool
    """The people know that their version was picked by the experiment."""
    is_observed: bool
    """An observer answers about each of them."""
    question: str
    answers: tuple[tuple[str, str], ...]
    """Key and text of each answer."""


@dataclass(frozen=True)
class Forecaster:
    """The people's model, asked about all of them at once."""

    chat: ChatModel
    use: ModelConfig
    seed: int
    trial: str

    async def shares(self, asked: ToForecast, fault: str = "") -> Sequence[JsonValue] | NoAnswer:
        """Return what it writes for each answer, in their order; raises as `ask` does.

        `fault`: what was wrong with its last reply.
        """
        keys = [key for key, _ in asked.answers]
        text = render("baseline/forecast", BaselineForecast(**asdict(asked))).strip()
        if fault:
            text = f"{text}\n\nAn earlier reply could not be used: {fault}."
        request = Request(
            model=self.use,
            messages=(Message(role="user", content=text),),
            answer=AnswerSchema.flat("forecast", {key: {"type": "number"} for key in keys}),
            max_tokens=TOKENS_BESIDES + TOKENS_PER_ANSWER * len(keys),
            salt=SampleKey(seed=self.seed),
            purpose=Purpose(role="people", kind="forecast", trial=self.trial),
        )
        answer = await ask(self.chat, request)
        return answer if isinstance(answer, NoAnswer) else [answer.values.get(key) for key in keys]
