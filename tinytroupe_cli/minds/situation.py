"""What a person's turn begins with, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tinytroupe_cli.events.types import Event, Fault
from tinytroupe_cli.minds.dates import StepUnit
from tinytroupe_cli.models.port import AnswerSchema

EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class AvailableAction:
    """Something a person can do now besides speaking."""

    name: str
    """In capitals: MOVE, RECALL, CONSULT, …"""
    does: str
    """In a few words, with what its argument is: `look something up in a document; argument: its name`."""
    choices: tuple[str, ...] = ()
    """What the argument may be, where that is a closed list."""
    form: AnswerSchema | None = None
    """Its arguments, where there are several; asked for in a call of its own."""
    has_feedback: bool = False
    """Whether the person may have to be asked again in the same turn; the last time round it isn't offered."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a person is when their turn comes."""

    step: int
    time: datetime
    """Simulated."""
    place: str
    unit: StepUnit = "minute"
    """How finely time passes."""
    occasion: str = ""
    """What is going on, such as a focus group."""
    people: tuple[tuple[str, str], ...] = ()
    """Id and full name of those within reach, in cast order."""
    ties: Mapping[str, str] = field(default_factory=dict[str, str])
    """Id of somebody they are tied to -> what they are to each other, where that has a name."""
    outside_speakers: tuple[str, ...] = ()
    """Outside voices that have spoken to them, first heard first."""
    systems: tuple[str, ...] = ()
    """Software they can talk to."""
    abilities: tuple[AvailableAction, ...] = ()
    feeling: str = ""
    goal: str = ""
    attention: str = ""
    context: str = ""
    own_words: tuple[str, ...] = ()
    """What they have said aloud in this turn already, before something they did was answered."""

    @property
    def listeners(self) -> tuple[str, ...]:
        """Return the names they can speak to."""
        names = tuple(name for _, name in self.people)
        return ((EVERYONE,) if len(names) > 1 else ()) + names + self.systems + self.outside_speakers

    @property
    def company(self) -> tuple[str, ...]:
        """Return the names they can speak to, with what people are to them: `Oscar Brandt (colleagues)`."""
        known = {name: self.ties.get(person, "") for person, name in self.people}
        return tuple(f"{name} ({known[name]})" if known.get(name) else name for name in self.listeners)

    def ability(self, name: str) -> AvailableAction | None:
        """Return the ability of that name; None where they don't have it now."""
        return next((ability for ability in self.abilities if ability.name == name), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person thought, said, did and felt, of one reply."""

    thought: str = ""
    to: str = ""
    """A person's id, `everyone`, an outside voice or a system; empty when nothing was said, or `stranger` is set."""
    words: str = ""
    unknown_addressee: str = ""
    """The name they spoke to, when nobody within reach has it."""
    action: str = ""
    """The name of an ability, or empty."""
    argument: str = ""
    feeling: str = ""
    goal: str = ""
    fault: Fault | None = None
    """What is wrong with its words or, where there are none, with its thought."""
    side_events: tuple[Event, ...] = ()
    """What the mind tells the log beside what was done: what was recalled, how attempts were scored."""
