"""Coder: words -> values, by a constrained answer at temperature 0 that sees nothing but the question and the words."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, Role, SampleKey
from tinytroupe_cli.prompts.catalog import ScriptCode, ScriptVerdict, render

CODE_TOKENS = 300
CHOICE_TOKENS = 20
SENTENCE_TOKENS = 20
BRIEF = "You code interview answers. Reply with one letter."
SUMS_UP = "You sum up an answer in one short sentence."
VERDICTS = {"The speaker says yes.": True, "The speaker says no.": False, "The speaker leaves it open.": None}
"""What an answer to a yes-or-no question comes to."""
_VERDICT = AnswerSchema.flat("verdict", {"sentence": {"type": "string", "enum": [*VERDICTS]}}).model_copy(
    update={"is_sentence": True}
)


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
    use: ModelConfig
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
        asked = Message(role="user", content=render("script/code", variables).rstrip())
        return await ask(self.chat, self._request((asked,), answer.schema, answer))

    async def verdict(self, answer: ToCode, about: str = "") -> bool | NoAnswer | None:
        """Return yes, no, or None for neither, as an answer in words says it; `about` names one of several things.

        A sentence is chosen, not a word in JSON: of 44 answers the 1.5B model read 39 rightly so, and 26 as "yes", "no"
        or "not stated" under a key, where it took a side in all that were undecided (tests/benchmarks/verdicts.py).
        """
        variables = ScriptVerdict(question=answer.question, words=answer.words, about=about)
        asked = Message(role="user", content=render("script/verdict", variables).rstrip())
        request = self._request((Message(role="system", content=SUMS_UP), asked), _VERDICT, answer)
        found = await ask(self.chat, request.model_copy(update={"max_tokens": SENTENCE_TOKENS}))
        return found if isinstance(found, NoAnswer) else VERDICTS[str(found.values["sentence"])]

    async def choose(self, question: str, options: tuple[str, ...]) -> str | None:
        """Answer a question with one of the options; None where no answer comes."""
        choice: dict[str, JsonValue] = {"letter": {"type": "string", "enum": [*options]}}
        request = Request(
            model=self.use.model_copy(update={"temperature": 0.0}),
            messages=(Message(role="system", content=BRIEF), Message(role="user", content=question)),
            answer=AnswerSchema.flat("code", choice),
            max_tokens=CHOICE_TOKENS,
            salt=SampleKey(seed=self.seed),
            purpose=Purpose(role=self.role, kind="code", trial=self.trial),
        )
        answer = await ask(self.chat, request)
        return None if isinstance(answer, NoAnswer) else str(answer.values["letter"])

    def _request(self, messages: tuple[Message, ...], shape: AnswerSchema, answer: ToCode) -> Request:
        return Request(
            model=self.use.model_copy(update={"temperature": 0.0}),
            messages=messages,
            answer=shape,
            max_tokens=CODE_TOKENS,
            salt=SampleKey(seed=self.seed, sample=answer.sample),
            purpose=Purpose(role=self.role, kind="code", trial=self.trial, person=answer.person, step=answer.step),
        )
