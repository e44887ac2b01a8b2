"""What people do and its results for them, as events.

A fault that isn't there is not written: most lines of a log have none.
"""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.events.event import Fault, TrialEvent


class Acted(TrialEvent):
    """A person did one thing."""

    kind: Literal["acted"] = "acted"
    person: str
    action: str
    """THINK, TALK, DONE, or the name of an ability: MOVE, RECALL, CONSULT, WRITE_DOCUMENT, …"""
    to: str = ""
    """TALK: a person's id, `everyone`, an outside voice or a system."""
    text: str = ""
    """TALK and THINK: the words; else what the act is about."""
    fault: Fault | None = Field(default=None, exclude_if=not_)
    """What is wrong with the words: of TALK or, where nothing was said, of THINK."""


class MentalStateReported(TrialEvent):
    """A person's state of mind after their turn; empty where they have none."""

    kind: Literal["felt"] = "felt"
    person: str
    goal: str = ""
    attention: str = ""
    emotion: str = ""


class Misaddressed(TrialEvent):
    """A person spoke to a name that nobody within reach has; nobody heard it."""

    kind: Literal["misaddressed"] = "misaddressed"
    person: str
    name: str
    text: str = ""


class Moved(TrialEvent):
    """A person went to another place."""

    kind: Literal["moved"] = "moved"
    person: str
    place: str


class TieFormed(TrialEvent):
    """Two people can reach each other from now on."""

    kind: Literal["tied"] = "tied"
    people: tuple[str, str]
    """Person ids, the one who reached out first."""
    name: str = ""
    """What they are to each other."""


class MemoryConsolidated(TrialEvent):
    """What left a person's memory of moments became facts they know."""

    kind: Literal["remembered"] = "remembered"
    person: str
    facts: tuple[str, ...]
    through: int
    """How many of their moments, counted from the first, these and all earlier facts cover."""


class Recalled(TrialEvent):
    """What came to a person's mind before they acted."""

    kind: Literal["recalled"] = "recalled"
    person: str
    about: str = ""
    """What called it up."""
    memories: tuple[str, ...]


class Consulted(TrialEvent):
    """A person looked something up in documents."""

    kind: Literal["consulted"] = "consulted"
    person: str
    about: str
    """The document or the question."""
    documents: tuple[str, ...] = ()
    """Names of those that answered; empty: nothing was found."""


class ToolUsed(TrialEvent):
    """A person used a tool."""

    kind: Literal["used"] = "used"
    person: str
    tool: str
    action: str = ""
    """Which of the tool's acts: CREATE_EVENT, …"""
    arguments: dict[str, JsonValue] = Field(default_factory=dict)
    result: str = ""
    is_ok: bool = True


class AppointmentScheduled(TrialEvent):
    """An event is in people's calendars from now on."""

    kind: Literal["scheduled"] = "scheduled"
    person: str
    """Who put it there."""
    people: tuple[str, ...]
    """Ids of those in whose calendar it is from now on."""
    attendees: tuple[str, ...]
    """Ids of everyone it is for."""
    title: str
    start: str
    """Simulated local time, ISO 8601."""
    minutes: int


class DocumentWritten(TrialEvent):
    """A person wrote a document."""

    kind: Literal["wrote"] = "wrote"
    person: str
    title: str
    content: str
    """Markdown."""


class SystemReplied(TrialEvent):
    """A system replied to a person, or failed to."""

    kind: Literal["answered"] = "answered"
    person: str
    system: str
    message: str = ""
    """What it was told."""
    text: str = ""
    """Its reply, or what went wrong."""
    is_ok: bool = True


class TurnScored(TrialEvent):
    """An attempt at a turn was looked at before it was taken."""

    kind: Literal["checked"] = "checked"
    person: str
    attempt: int
    """Counts from 1."""
    scores: dict[str, float]
    """Quality -> its score from 0 to 9."""
    is_good: bool
    is_kept: bool
    reason: str = ""
    text: str = ""
    """What would have been said."""
    fault: Fault | None = Field(default=None, exclude_if=not_)
    """What is wrong with its words, found without a judge."""

    @property
    def is_unscored(self) -> bool:
        """Return whether it was accepted because the judge gave no scores, though it was asked for them."""
        return self.is_good and not self.scores and bool(self.reason)
