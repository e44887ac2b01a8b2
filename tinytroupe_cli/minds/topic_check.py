"""Decides whether an answer in words is about what was asked; sees neither the condition nor the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import JudgeTopic, render

TOKENS: Final = 40
ANSWERED: Final = "The answer says something about the question."
NOT_ANSWERED: Final = "The answer is about something else."
_SCHEMA: Final = AnswerSchema.flat(
    "topic", {"sentence": {"type": "string", "enum": [ANSWERED, NOT_ANSWERED]}}
).model_copy(update={"is_sentence": True})


@dataclass(frozen=True, slots=True)
class AnswerToCheck:
    """Words, and what is known of the question."""

    question: str
    """The question without what conditions fill in."""
    words: str
    ends: tuple[str, str]
    """Statements for the ends of the scale."""


@dataclass(frozen=True)
class JudgeTopicCheck:
    """Asks the judge, at temperature 0."""

    chat: ChatModel
    use: ModelConfig
    seed: int
    trial: str = ""

    async def is_answered(self, answer: AnswerToCheck) -> bool | NoAnswer:
        """Return whether the words say anything about what was asked."""
        variables = JudgeTopic(question=answer.question, words=answer.words, low=answer.ends[0], high=answer.ends[1])
        request = Request(
            model=self.use.model_copy(update={"temperature": 0.0}),
            messages=(Message(role="user", content=render("judge/topic", variables).rstrip()),),
            answer=_SCHEMA,
            max_tokens=TOKENS,
            salt=SampleKey(seed=self.seed),
            purpose=Purpose(role="judge", kind="topic", trial=self.trial),
        )
        found = await ask(self.chat, request)
        return found if isinstance(found, NoAnswer) else found.values["sentence"] == ANSWERED
