"""Writes a person from a sentence about them.

One call to a model; knows nothing of files or of what the person is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import AuthorPersona, render

MAX_TOKENS: Final = 1000
MAX_ITEMS: Final = 5
OLDEST: Final = 120
MAX_NAME_CHARACTERS: Final = 60
SHORT: Final = 40
"""Letters; pieces between commas that are longer are sentences, not items of a list."""

ASKED: Final = (
    "name",
    "age",
    "gender",
    "nationality",
    "residence",
    "education",
    "job_title",
    "organization",
    "job_description",
    "traits",
    "temper",
    "interests",
    "likes",
    "dislikes",
    "skills",
    "beliefs",
    "manner_of_speaking",
    "habits",
    "goals",
    "health",
    "facts",
)
"""What the model is asked for, in the order in which a person takes shape."""


async def write_persona(
    chat: ChatModel, use: ModelConfig, sentence: str, *, seed: int, name: str = ""
) -> dict[str, JsonValue] | NoAnswer:
    """Invent one person who fits a sentence; returns a persona's fields.

    Raises Transient, Fatal or LimitReached when no answer can be had.
    """
    prompt = render("author/persona", AuthorPersona(sentence=sentence, name=name))
    request = Request(
        model=use,
        messages=(Message(role="user", content=prompt),),
        answer=SCHEMA,
        max_tokens=MAX_TOKENS,
        salt=SampleKey(seed=seed),
        purpose=Purpose(role="author", kind="persona"),
    )
    answer = await ask(chat, request)
    if isinstance(answer, NoAnswer):
        return answer
    reply = {key: _one_line(value) for key, value in answer.values.items()}
    called = _called(str(reply.get("name") or ""), name)
    fault = _fault(reply, called)
    return (
        NoAnswer("bad_output", fault) if fault else _persona({**reply, "name": called, "age": _age(reply.get("age"))})
    )


def _persona(reply: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Arrange flat answers the way persona files are."""
    title, place, about = (reply.get(key) for key in ("job_title", "organization", "job_description"))
    wants = {key: _items(reply.get(key)) for key in ("interests", "likes", "dislikes")}
    return _some(
        {
            **{key: reply.get(key) for key in ("name", "age", "gender", "nationality", "residence", "education")},
            "occupation": _some({"title": title, "organization": place, "description": about}),
            "personality": _some({"traits": _items(reply.get("traits")), "temper": reply.get("temper")}),
            "preferences": _some(wants),
            "skills": _items(reply.get("skills")),
            "beliefs": _items(reply.get("beliefs")),
            "style": reply.get("manner_of_speaking"),
            "behaviors": _some({"general": _items(reply.get("habits"))}),
            "long_term_goals": _items(reply.get("goals")),
            "health": reply.get("health"),
            "other_facts": _items(reply.get("facts")),
        }
    )


def _some(fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _called(written: str, wanted: str) -> str:
    """Keep the model's full name where it has the wanted one in it."""
    fits = len(written) <= MAX_NAME_CHARACTERS and wanted.lower() in written.lower()
    return written if fits else wanted


def _fault(reply: Mapping[str, JsonValue], called: str) -> str:
    """Return what small models do instead of inventing a person; empty if this is one."""
    if not called:
        return "there is no name in what it wrote"
    texts = [value for value in reply.values() if value]
    if len(texts) < len(ASKED) / 3:
        return "it left out most of what makes a person"
    return "it wrote the same into every field" if len({str(text) for text in texts}) <= len(texts) / 2 else ""


def _age(age: JsonValue) -> JsonValue:
    return age if isinstance(age, int) and 0 < age <= OLDEST else None


def _one_line(value: JsonValue) -> JsonValue:
    return " ".join(value.split()) if isinstance(value, str) else value


def _items(value: JsonValue) -> list[JsonValue]:
    """Split what was listed in one text: at semicolons, or at commas between short pieces that are no sentence."""
    text = value if isinstance(value, str) else ""
    pieces = [piece.strip() for piece in text.split(";")]
    by_comma = [piece.strip() for piece in text.split(",")]
    if len(pieces) == 1 and not text.endswith((".", "!", "?")) and all(len(piece) <= SHORT for piece in by_comma):
        pieces = by_comma
    clean = (re.sub(r"^([-*•]|\d+[.)])\s+", "", piece) for piece in pieces)
    items: list[JsonValue] = [*dict.fromkeys(piece for piece in clean if piece)]
    return items[:MAX_ITEMS]


def _schema() -> AnswerSchema:
    properties: dict[str, JsonValue] = {key: {"type": "integer" if key == "age" else "string"} for key in ASKED}
    return AnswerSchema.flat("person", properties, optional=tuple(key for key in ASKED if key != "name"))


SCHEMA: Final = _schema()
