"""What is made of a run once it is played: tables, categories, training data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.spec_model import SpecModel

FILE_NAME = r"^[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*$"

FactSource = Literal[
    "talks",
    "thoughts",
    "acts",
    "perceptions",
    "feelings",
    "documents",
    "moves",
    "exchanges",
    "tool_uses",
    "interventions",
    "answers",
]
"""What a table's rows can be made from."""


class Reduction(SpecModel):
    """A table made from events by rules, without a model."""

    name: str = Field(pattern=FILE_NAME, max_length=MAX_NAME_CHARACTERS)
    """Name of the table; its file is data/NAME.csv."""
    of: FactSource | list[FactSource]
    """What its rows are made from; several kinds are listed in the order in which they happened."""
    where: str | None = None
    """An expression: only facts for which it is true become rows."""
    columns: dict[str, str] | None = None
    """Column -> an expression, often just a name such as person.age; default: every name available."""
    once_per: str | list[str] | None = None
    """Keep only the first row for each person (or for each value of what is named here) in each trial."""
    count_by: str | list[str] | None = None
    """Count rows by these values instead of listing them."""


class Normalization(SpecModel):
    """Free-text answers, sorted into a few categories by the judge after the last trial."""

    measure: str
    """Query and field, such as choice.why: a text or a list of texts."""
    categories: int | list[str]
    """The largest number of categories the judge may propose, or the categories themselves."""
    as_: str | None = Field(default=None, alias="as")
    """Name of the categorized answers, such as choice.reason; default: the measure's name with _category."""


class Dataset(SpecModel):
    """Training data from what people said."""

    name: str = Field(pattern=FILE_NAME, max_length=MAX_NAME_CHARACTERS)
    """Name of the file: data/NAME.jsonl."""
    rows: Literal["conversations", "turns"] | None = None
    """A row is a whole conversation, or one turn with everything before it; default: conversations (alpaca: turns)."""
    format: Literal["openai-chat", "alpaca"] = "openai-chat"
    """openai-chat: messages with roles; alpaca: instruction, input and output."""
    people: str | list[str] = "everyone"
    """Whose words are the answers to learn: everyone, a name or a list of names."""
    system: str | None = None
    """The system message of each row (openai-chat only); a template that can use the person."""
