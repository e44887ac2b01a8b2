"""The cast: who takes part."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, JsonValue, Tag

from tinytroupe_cli.spec.spec_model import SpecModel, only_key
from tinytroupe_cli.spec.tools import ToolChoice


class _CastOptions(SpecModel):
    fragments: list[str] = []
    """Fragments merged into them."""
    set: dict[str, JsonValue] = {}
    """Fields set on them, by dotted name: {age: 61, occupation.title: Architect}."""
    tools: list[ToolChoice] | None = None
    """What they can use, in addition to everyone's tools."""
    documents: list[str] | None = None
    """What they can consult, in addition to everyone's documents."""
    systems: list[str] | None = None
    """The systems they can talk to; default: all."""
    place: str = ""
    """Where they are at first; default: the world's place."""


class Range(SpecModel):
    """A whole number drawn from a range."""

    least: int = Field(alias="from")
    """The lowest number."""
    most: int = Field(alias="to")
    """The highest number."""


def kind_of_variation(value: Any) -> str | None:
    """Return whether it is a list of values or a range."""
    if isinstance(value, list):
        return "<list>"
    return "<range>" if isinstance(value, dict | Range) else None


Variation = Annotated[
    Annotated[list[JsonValue], Field(min_length=1), Tag("<list>")] | Annotated[Range, Tag("<range>")],
    Discriminator(kind_of_variation),
]


class UsePersona(_CastOptions):
    """One person from a persona file, or many copies of one."""

    use: str = Field(min_length=1)
    """The persona: a name or a path."""
    name: str | None = Field(default=None, alias="as", min_length=1)
    """A new full name."""
    copies: int | None = Field(default=None, ge=1, le=10_000)
    """How many people to make from this one, without a model; each has a name and an id, USE-1, USE-2, …"""
    vary: dict[str, Variation] = {}
    """How the copies differ, by dotted name: {age: {from: 20, to: 70}, occupation.title: [baker, nurse]}."""


class FromFiles(_CastOptions):
    """Everyone whose file matches, or a sample of them."""

    files: str = Field(alias="from", min_length=1)
    """A path or a pattern, such as personas/shoppers/*.yaml."""
    sample: int | None = Field(default=None, ge=1)
    """How many to draw, without replacement; default: all."""


class FromPopulation(_CastOptions):
    """People generated from a population file."""

    population: str = Field(min_length=1)
    """A population file: a name or a path."""
    size: int | None = Field(default=None, ge=1, le=100_000)
    """How many people; default: everyone in the population's rows, if it has rows."""


def kind_of_entry(value: Any) -> str | None:
    """Return which cast entry it is, by the key only it has."""
    match value:
        case str():
            return "<name>"
        case FromFiles():
            return "<from>"
        case _:
            return only_key(value, ("use", "from", "population"))


CastEntry = Annotated[
    Annotated[str, Tag("<name>")]
    | Annotated[UsePersona, Tag("<use>")]
    | Annotated[FromFiles, Tag("<from>")]
    | Annotated[FromPopulation, Tag("<population>")],
    Discriminator(kind_of_entry),
]
