"""Tools people can use: ours by name, and users' own by where their function lives."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from tinytroupe_cli.spec.spec_model import SpecModel, only_key

OWN_TOOLS = ("write_document", "calendar")


class WordProcessorSpec(SpecModel):
    """Settings of the word processor."""

    enrich: str | None = None
    """How the author model expands each document, such as `at least three sections`."""


class CalendarSettings(SpecModel):
    """Settings of the calendar."""

    remind: int = Field(default=0, ge=0, le=100_000)
    """Minutes before an event at which people are reminded."""


class WithWordProcessor(SpecModel):
    """The word processor, with settings."""

    write_document: WordProcessorSpec
    """Its settings."""


class WithCalendar(SpecModel):
    """The calendar, with settings."""

    calendar: CalendarSettings
    """Its settings."""


def kind_of_tool(value: Any) -> str | None:
    """Return which tool it is: a name, or the key only it has."""
    return "<name>" if isinstance(value, str) else only_key(value, OWN_TOOLS)


ToolChoice = Annotated[
    Annotated[str, Tag("<name>")]
    | Annotated[WithWordProcessor, Tag("<write_document>")]
    | Annotated[WithCalendar, Tag("<calendar>")],
    Discriminator(kind_of_tool),
]
