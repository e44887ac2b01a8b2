"""Interviews a person to find out whether something holds of them: questions, their answers, a verdict.

The person only ever sees the questions. Nothing of it is remembered by anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.judge import Judge
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.minds.verdicts import JudgedClaim, Verdict
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.prompts.catalog import Questions, render

TOKENS_PER_QUESTION = 80
WORDS = 80
MAX_QUESTION_CHARACTERS = 280
MAX_ANSWER_CHARACTERS = 800
"""Characters; longer, repetitive answers would be lost entirely."""
NAME = "interviewed"


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """A question, and what they said; empty: nothing."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Interview:
    """What was asked and answered, and what it shows."""

    asked: tuple[QuestionAnswer, ...]
    verdict: Verdict | NoAnswer


@dataclass(frozen=True)
class Interviewer:
    """Asks, listens and judges."""

    chat: ChatModel
    author: ModelConfig
    """Writes the questions: a judge is sober, and a small one then asks one thing four times."""
    judge: ModelConfig
    people: ModelConfig
    seed: int = 0

    async def interview(
        self,
        persona: Mapping[str, JsonValue],
        expectation: str,
        *,
        count: int,
        on_progress: Callable[[QuestionAnswer], None] = lambda _: None,
    ) -> Interview | NoAnswer:
        """Find out how far an expectation holds; NoAnswer where no question could be made or none was answered."""
        name = str(persona["name"])
        questions = await self._questions(name, render_persona(persona), expectation, count)
        if isinstance(questions, NoAnswer):
            return questions
        mind = PersonMind(NAME, name, persona, self.people, self.chat, self.seed, trial="", max_words=WORDS)
        answers = await asyncio.gather(
            *(self._answer(mind, at, question_text) for at, question_text in enumerate(questions))
        )
        asked = tuple(QuestionAnswer(question, answer) for question, answer in zip(questions, answers, strict=True))
        for pair in asked:
            on_progress(pair)
        if not any(answers):
            return NoAnswer("bad_output", f"{name} answered none of the questions")
        judge = Judge(self.chat, self.judge, self.seed, trial="")
        claim = JudgedClaim(expectation, about=name, is_scored=True, personas=((name, render_persona(persona)),))
        return Interview(asked, await judge.verdict(claim, _evidence(name, asked)))

    async def _questions(self, name: str, who: str, expectation: str, count: int) -> list[str] | NoAnswer:
        variables = Questions(name=name, portrait=who, expectation=expectation, count=count)
        keys = [f"question_{number}" for number in range(1, count + 1)]
        request = Request(
            model=self.author,
            messages=(Message(role="user", content=render("author/questions", variables).rstrip()),),
            answer=_texts("questions", keys, MAX_QUESTION_CHARACTERS, optional=keys[1:]),
            max_tokens=TOKENS_PER_QUESTION * count,
            salt=SampleKey(seed=self.seed),
            purpose=Purpose(role="author", kind="questions"),
        )
        answer = await ask(self.chat, request)
        if isinstance(answer, NoAnswer):
            return answer
        found = [" ".join(str(answer.values.get(key) or "").split()) for key in keys]
        questions = list(dict.fromkeys(question for question in found if question))
        return questions or NoAnswer("bad_output", "no question came")

    async def _answer(self, mind: PersonMind, number: int, question: str) -> str:
        schema = _texts("answer", ["answer"], MAX_ANSWER_CHARACTERS)
        asked = f"{question} (In at most {WORDS} words.)"
        outcome = await mind.answer((), asked, schema=schema, sample=number, step=0)
        return "" if isinstance(outcome, NoAnswer) else str(outcome.values.get("answer") or "").strip()


def _evidence(name: str, asked: tuple[QuestionAnswer, ...]) -> str:
    return "\n\n".join(f"The interviewer: {pair.question}\n{name}: {pair.answer or '(says nothing)'}" for pair in asked)


def _texts(name: str, keys: list[str], longest: int, *, optional: Sequence[str] = ()) -> AnswerSchema:
    properties: dict[str, JsonValue] = {key: {"type": "string"} for key in keys}
    return AnswerSchema.flat(name, properties, longest=dict.fromkeys(keys, longest), optional=tuple(optional))
