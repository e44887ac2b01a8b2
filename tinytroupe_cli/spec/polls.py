"""Private polls of the people in a discussion, as they are written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from tinytroupe_cli.spec.spec_model import SpecModel

PollMoment = Literal["start", "each step", "end"]


class Poll(SpecModel):
    """A question that people are asked in private, several times; nobody remembers the answers."""

    measure: str
    """Query and field, such as choice.intent; the query asks each person in an interview."""
    at: list[PollMoment] = Field(default=["start", "end"], min_length=1)
    """start: before the first stimulus; each step: after each step; end: the answer to the query itself, which is
    always included."""
    alone: bool = True
    """Whether people are also asked as if they had been alone: after the same stimuli, without anything said or done by
    others or themselves."""


def kind_of_poll(value: Any) -> str | None:
    """Return whether there is one or a list of them."""
    return "<list>" if isinstance(value, list) else "<poll>"


Polls = Annotated[
    Annotated[list[Poll], Tag("<list>")] | Annotated[Poll, Tag("<poll>")],
    Discriminator(kind_of_poll),
]
