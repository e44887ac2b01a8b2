"""Reads a description of a population: which of its tables are fields of a person, and who these people are.

The figures stay what they are; only names are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.personas.demographics import DemographicTable, field_name
from tinytroupe_cli.prompts.catalog import PopulationToPlan, render

TOKENS_BESIDES = 120
TOKENS_PER_TABLE = 15
MAX_LABELS = 8
"""Of a table, shown to the model."""


@dataclass(frozen=True, slots=True)
class PopulationPlan:
    """What a model makes of a description."""

    context: str
    fields: dict[str, DemographicTable]
    """Field of a person -> the table it is drawn from."""


async def plan_population(
    chat: ChatModel, use: ModelConfig, title: str, about: str, tables: Sequence[DemographicTable]
) -> PopulationPlan | NoAnswer:
    """Name the fields that tables tell; raises Transient, Fatal or LimitReached when no answer can be had."""
    keys = [f"t{number}" for number in range(1, len(tables) + 1)]
    words = tuple((key, _words(table)) for key, table in zip(keys, tables, strict=True))
    request = Request(
        model=use,
        messages=(
            Message(
                role="user",
                content=render("author/plan", PopulationToPlan(title=title, about=about, tables=words)).rstrip(),
            ),
        ),
        answer=_schema(keys),
        max_tokens=TOKENS_BESIDES + TOKENS_PER_TABLE * len(tables),
        salt=SampleKey(),
        purpose=Purpose(role="author", kind="population"),
    )
    answer = await ask(chat, request)
    if isinstance(answer, NoAnswer):
        return answer
    fields: dict[str, DemographicTable] = {}
    for key, table in zip(keys, tables, strict=True):
        name = field_name(str(answer.values.get(key) or ""))
        if name:
            fields.setdefault(name, table)
    if not fields:
        return NoAnswer("bad_output", "it found no field in any of the tables")
    return PopulationPlan(" ".join(str(answer.values.get("context") or title).split()), fields)


def _words(table: DemographicTable) -> str:
    shown = [f"{label} {share:g} %" for label, share in list(table.shares.items())[:MAX_LABELS]]
    more = ", …" if len(table.shares) > MAX_LABELS else ""
    return f"{table.heading}: {', '.join(shown)}{more}"


def _schema(keys: Sequence[str]) -> AnswerSchema:
    return AnswerSchema.flat("fields", {name: {"type": "string"} for name in ("context", *keys)}, optional=("context",))
