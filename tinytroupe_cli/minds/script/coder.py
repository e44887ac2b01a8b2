"""Coder: words -> values, by a constrained answer at temperature 0 that sees nothing but the question and the words."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelUse, Purpose, Request, Salt
from tinytroupe_cli.prompts.catalog import ScriptCode, render

CODE_TOKENS = 300


@dataclass(frozen=True, slots=True)
class ToCode:
    """An answer in words, and what is to be taken from it."""

    person: str
    """Their id."""
    name: str
    question: str
    words: str
    items: str
    """A line for each value, under the keys of the schema."""
    schema: AnswerSchema
    sample: int
    step: int
    fault: str = ""
    """What was wrong with an earlier coding."""


@dataclass(frozen=True)
class Coder:
    """Codes what people said; knows neither their personas nor what happened."""

    chat: ChatModel
    use: ModelUse
    seed: int
    trial: str

    async def code(self, answer: ToCode) -> Answer | NoAnswer:
        """Return the values that an answer in words states."""
        variables = ScriptCode(
            name=answer.name,
            question=answer.question,
            words=answer.words,
            items=answer.items,
            fault=answer.fault,
        )
        request = Request(
            model=self.use.model_copy(update={"temperature": 0.0}),
            messages=(Message(role="user", content=render("script/code", variables).rstrip()),),
            answer=answer.schema,
            max_tokens=CODE_TOKENS,
            salt=Salt(seed=self.seed, sample=answer.sample),
            purpose=Purpose(role="people", what="code", trial=self.trial, person=answer.person, step=answer.step),
        )
        return await ask(self.chat, request)
