"""Asks a model for a distribution of answers in a single prompt: no person, no memory.

Knows nothing of what the answers are held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import BaselineForecast, render

TOKENS_BESIDES: Final = 60
TOKENS_PER_ANSWER: Final = 16


@dataclass(frozen=True)
class Forecaster:
    """The people's model, asked about all of them at once."""

    chat: ChatModel
    use: ModelConfig
    seed: int
    trial: str

    async def shares(self, asked: BaselineForecast, fault: str = "") -> Sequence[JsonValue] | NoAnswer:
        """Return what it writes for each answer, in their order; raises as `ask` does.

        `fault`: what was wrong with its last reply.
        """
        keys = [key for key, _ in asked.answers]
        text = render("baseline/forecast", asked.model_copy(update={"fault": fault})).strip()
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
