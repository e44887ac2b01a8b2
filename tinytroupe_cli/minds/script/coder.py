"""Coder: words -> values, by a constrained answer at temperature 0 that sees nothing but the question and the words."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelUse, Purpose, Request, Role, Salt
from tinytroupe_cli.prompts.catalog import ScriptCode, render

CODE_TOKENS = 300
CHOICE_TOKENS = 20
BRIEF = "You code interview answers. Reply with one letter."


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
    role: Role = "people"
    """Whose words are coded: people's, or a judge's sentences."""

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
            purpose=Purpose(role=self.role, what="code", trial=self.trial, person=answer.person, step=answer.step),
        )
        return await ask(self.chat, request)

    async def choose(self, question: str, options: tuple[str, ...]) -> str | None:
        """Answer a question with one of the options; None where no answer comes."""
        choice: dict[str, JsonValue] = {"letter": {"type": "string", "enum": [*options]}}
        request = Request(
            model=self.use.model_copy(update={"temperature": 0.0}),
            messages=(Message(role="system", content=BRIEF), Message(role="user", content=question)),
            answer=AnswerSchema.flat("code", choice),
            max_tokens=CHOICE_TOKENS,
            salt=Salt(seed=self.seed),
            purpose=Purpose(role=self.role, what="code", trial=self.trial),
        )
        answer = await ask(self.chat, request)
        return None if isinstance(answer, NoAnswer) else str(answer.values["letter"])
