"""What is made of a run once it is played: tables, categories, training data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.spec.spec_model import SpecModel

FILE_NAME = r"^[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*$"

Source = Literal[
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
    """A table made from what happened, by rules and without a model."""

    name: str = Field(pattern=FILE_NAME)
    """What the table is called; it is written to data/NAME.csv."""
    of: Source | list[Source]
    """What its rows are made from; several kinds stand in the order in which they happened."""
    where: str | None = None
    """An expression: only what it is true of becomes a row."""
    columns: dict[str, str] | None = None
    """Column -> an expression, often just a name such as person.age; default: all there is to know."""
    once_per: str | list[str] | None = None
    """Only the first row of each person (or whatever is named here) in each trial is kept."""
    count_by: str | list[str] | None = None
    """Rows are counted by these instead of written out."""


class Normalization(SpecModel):
    """Answers in words, sorted into a few categories by the judge once all are there."""

    measure: str
    """Query and field, such as choice.why: a text or a list of texts."""
    categories: int | list[str]
    """How many categories at the most, to be proposed by the judge; or the categories themselves."""
    as_: str | None = Field(default=None, alias="as")
    """What the sorted answers are called, such as choice.reason; default: the measure's name with _category."""


class Dataset(SpecModel):
    """Training data from what was said."""

    name: str = Field(pattern=FILE_NAME)
    """What the file is called: data/NAME.jsonl."""
    rows: Literal["conversations", "turns"] | None = None
    """A row is a whole conversation, or one turn with all before it; default: conversations, for alpaca turns."""
    format: Literal["openai-chat", "alpaca"] = "openai-chat"
    """openai-chat: messages with roles; alpaca: instruction, input and output."""
    people: str | list[str] = "everyone"
    """Whose words are to be learnt: everyone, a name or a list of names."""
    system: str | None = None
    """The system message of each row (openai-chat only); a template that knows the person."""
