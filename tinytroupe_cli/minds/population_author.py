"""Writes the people of a population: drawn facts -> a name and a few fields, one short call each.

What all calls share stands first, so that providers and engines read it once. The facts are never
the model's to change. Knows nothing of files, or of what the people are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.prompts.catalog import AuthorDrawn, AuthorPopulation, render

TOKENS_BESIDES: Final = 80
TOKENS_PER_FIELD: Final = 70
"""Bounds of a reply; what is asked for is about a third of it."""
MAX_CHARACTERS: Final = 400
"""Letters kept of a field."""

LETTERS: Final = "ABCDEFGHIJKLMNOPRSTVW"
TEMPERS: Final = (
    ("reserved", "outgoing"),
    ("careful", "careless"),
    ("easily worried", "hard to upset"),
    ("warm", "cool"),
    ("curious", "set in their ways"),
)
"""Poles of the five traits; three of them, drawn by code, keep people from being all alike."""
ASKED: Final = {
    "personality": "two traits that show in what they do, one of them awkward",
    "preferences": "what they like, and what they can't stand",
    "beliefs": "an opinion they would defend",
    "style": "how they talk",
    "occupation": "what they do for a living, and where",
    "education": "what they learned, and where",
    "residence": "where and how they live",
    "behaviors": "two habits",
    "skills": "what they are good at",
    "long_term_goals": "what they want from the next years",
    "relationships": "who matters to them",
    "health": "how they are",
    "other_facts": "a fact about their money, family or politics",
}


@dataclass(frozen=True)
class PopulationAuthor:
    """Writes people of one population."""

    chat: ChatModel
    use: ModelConfig
    name: str
    context: str
    generated_fields: tuple[str, ...]
    seed: int
    size: int

    async def write(
        self, facts: Mapping[str, JsonValue], number: int, *, person: str, problems: str = ""
    ) -> dict[str, JsonValue] | NoAnswer:
        """Return a name and the fields asked for; with `faults`, another try.

        Raises Transient, Fatal or LimitReached when no answer can be had.
        """
        attempt = 1 if problems else 0
        own = AuthorDrawn(
            facts=render_persona(facts),
            letters=self.initials(number, attempt),
            temper=self._temper(number),
            faults=problems,
        )
        request = Request(
            model=self.use,
            messages=(self._shared, Message(role="user", content=render("author/drawn", own).rstrip())),
            answer=self._schema,
            max_tokens=TOKENS_BESIDES + TOKENS_PER_FIELD * len(self.generated_fields),
            salt=SampleKey(seed=self.seed, sample=number),
            purpose=Purpose(role="author", kind="person", person=person),
        )
        answer = await ask(self.chat, request)
        if isinstance(answer, NoAnswer):
            return answer
        reply = {key: _tidy(answer.values.get(key)) for key in ("name", *self.generated_fields)}
        return {key: "" if _is_echo(text, key) else text for key, text in reply.items()}

    def initials(self, number: int, attempt: int) -> str:
        """Return the initials of a name: as different over a population as there are pairs of letters."""
        pairs = Stream(self.seed, "population", self.name, "letters").shuffled(range(len(LETTERS) ** 2))
        first, last = divmod(pairs[(number - 1 + attempt * self.size) % len(pairs)], len(LETTERS))
        return f"{LETTERS[first]}. {LETTERS[last]}."

    def _temper(self, number: int) -> str:
        stream = Stream(self.seed, "population", self.name, "temper", number)
        return ", ".join(pair[stream.integer(2)] for pair in stream.sample(TEMPERS, 3))

    @cached_property
    def _shared(self) -> Message:
        asked = tuple((field, ASKED.get(field, f"their {field.replace('_', ' ')}")) for field in self.generated_fields)
        text = render("author/population", AuthorPopulation(context=self.context, asked=asked))
        return Message(role="system", content=text.rstrip())

    @cached_property
    def _schema(self) -> AnswerSchema:
        properties: dict[str, JsonValue] = {field: {"type": "string"} for field in ("name", *self.generated_fields)}
        return AnswerSchema.flat("person", properties, optional=self.generated_fields)


def _is_echo(text: str, field: str) -> bool:
    """Return whether a small model has only repeated what was asked."""
    asked = ASKED.get(field, "")
    return bool(asked) and text.casefold().rstrip(".").startswith(asked.casefold())


def _tidy(value: JsonValue) -> str:
    text = " ".join(str(value or "").split())
    return text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS].rsplit(" ", 1)[0]
