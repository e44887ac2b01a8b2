"""What happened: the vocabulary of the event log.

An event is data a stranger can read in ten years. Simulated time only: wall times and
money live beside the log. Nothing here knows the engine that emits these.
"""

from __future__ import annotations

from operator import not_
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.events.actions import (
    Acted,
    AppointmentScheduled,
    Consulted,
    DocumentWritten,
    MemoryConsolidated,
    MentalStateReported,
    Misaddressed,
    Moved,
    Recalled,
    SystemReplied,
    TieFormed,
    ToolUsed,
    TurnScored,
)
from tinytroupe_cli.events.distributions import AnswerDistribution
from tinytroupe_cli.events.event import MENTAL_STATE_FIELDS, FailureKind, Fault, Method, TrialEvent
from tinytroupe_cli.events.perceptions import PerceptionKind

__all__ = [
    "MENTAL_STATE_FIELDS",
    "Acted",
    "AppointmentScheduled",
    "Consulted",
    "Crashed",
    "DocumentWritten",
    "Event",
    "Failed",
    "FailureKind",
    "Fault",
    "Intervened",
    "Measured",
    "MemoryConsolidated",
    "MentalStateReported",
    "Method",
    "Misaddressed",
    "Moved",
    "Perceived",
    "PerceptionKind",
    "Recalled",
    "Refused",
    "StateSet",
    "StepBegan",
    "SystemReplied",
    "TieFormed",
    "ToolUsed",
    "TrialBegan",
    "TrialEnded",
    "TrialEvent",
    "TrialStoppedEarly",
    "TurnScored",
]


class TrialBegan(TrialEvent):
    """A trial began with these people, in cast order."""

    kind: Literal["trial_began"] = "trial_began"
    people: tuple[str, ...]
    """Person ids."""
    names: dict[str, str]
    """Person id -> full name."""
    place: str = ""
    """Where everyone is at first who isn't among `places`."""
    places: dict[str, str] = Field(default_factory=dict)
    """Person id -> where they are at first."""
    ties: tuple[tuple[str, str, str], ...] = ()
    """Two person ids and what they are to each other."""


class StepBegan(TrialEvent):
    """Simulated time moved on to a new step."""

    kind: Literal["step_began"] = "step_began"


class Perceived(TrialEvent):
    """Something reached one or more people."""

    kind: Literal["perceived"] = "perceived"
    people: tuple[str, ...]
    """Ids of those it reached, in cast order."""
    sense: PerceptionKind
    source: str = ""
    """Who or what it came from: a person's id, or an outside voice as written (`the moderator`)."""
    to: str = "everyone"
    """Whom it was addressed to: `everyone`, or a person's id."""
    text: str
    images: tuple[str, ...] = ()
    """Pictures that came with it, by name."""


class Intervened(TrialEvent):
    """An intervention's condition held, and it fired; its effects follow."""

    kind: Literal["intervened"] = "intervened"
    name: str
    justification: str = ""
    """Why its condition held."""


class StateSet(TrialEvent):
    """Something was set on people: their state of mind, their place, or a field of their persona."""

    kind: Literal["changed"] = "changed"
    people: tuple[str, ...]
    values: dict[str, JsonValue]
    """One of `STATE_OF_MIND`, or a persona's field by dotted name -> its new value."""


class TrialStoppedEarly(TrialEvent):
    """The trial is to end after this step, before its last."""

    kind: Literal["ended"] = "ended"
    reason: str = ""


class Refused(TrialEvent):
    """A model declined a turn, a question, or to judge an intervention's condition."""

    kind: Literal["refused"] = "refused"
    person: str = ""
    query: str = ""
    """The extraction query, when a measure was refused."""
    action: str = ""
    """Where it was neither a turn nor a measure: `consolidate`, `intervene`, or the ability whose form was asked."""
    intervention: str = ""
    """With the act `intervene`: the intervention whose condition could not be judged."""
    field: str = Field(default="", exclude_if=not_)
    """The one field of a measure that was asked for by itself; else empty: all that were asked together."""
    sample: int = 0
    text: str = ""


class Failed(TrialEvent):
    """A turn, a measure or the judging of an intervention's condition came to nothing, and why."""

    kind: Literal["failed"] = "failed"
    person: str = ""
    query: str = ""
    action: str = ""
    """Where it was neither a turn nor a measure: `consolidate`, `intervene`, or the ability whose form was asked."""
    intervention: str = ""
    """With the act `intervene`: the intervention whose condition could not be judged."""
    field: str = ""
    """The one field of a measure that failed, its others being good; else empty: all of it."""
    sample: int = 0
    reason: FailureKind
    text: str = ""
    raw: JsonValue = None
    """What was written for the one field that failed; null: nothing."""


class Measured(TrialEvent):
    """One answer to one extraction query: about one person or, with `person` empty, the whole world."""

    kind: Literal["measured"] = "measured"
    query: str
    person: str = ""
    sample: int = 0
    values: dict[str, JsonValue]
    """Field -> value; null is the value "not stated"."""
    shown: dict[str, list[JsonValue]] = Field(default_factory=dict)
    """Field -> its options, or the ends of its scale, in the order they were shown."""
    items: list[str] = Field(default_factory=list, exclude_if=not_)
    """Fields in the order they were asked, where that is not the written one for everybody; written only then."""
    raw: dict[str, JsonValue] = Field(default_factory=dict)
    """Field -> what was written, where its value was read from other words than its own."""
    methods: dict[str, Method] = Field(default_factory=dict)
    """Field -> how its value was found, where the person wasn't asked for the value itself."""
    words: dict[str, str] = Field(default_factory=dict)
    """Field -> what the person said, where its value was taken from that."""
    distributions: dict[str, AnswerDistribution] = Field(default_factory=dict, exclude_if=not_)
    """Field -> the distribution whose likeliest answer its value is."""
    why: str = Field(default="", exclude_if=not_)
    """Why everything is not stated: nobody was asked, or the answer was about something else; written only then."""


class Crashed(TrialEvent):
    """The trial was broken off by a bug of troupe's; it is played again when the run goes on."""

    kind: Literal["crashed"] = "crashed"
    error: str
    """What Python said."""
    file: str = ""
    """Where the bug report is, below the run's folder."""


class TrialEnded(TrialEvent):
    """The trial is complete: every step was played and every measure taken."""

    kind: Literal["trial_ended"] = "trial_ended"


Event = Annotated[
    TrialBegan
    | StepBegan
    | Perceived
    | Acted
    | MentalStateReported
    | Misaddressed
    | Moved
    | TieFormed
    | MemoryConsolidated
    | Recalled
    | Consulted
    | ToolUsed
    | AppointmentScheduled
    | DocumentWritten
    | SystemReplied
    | Intervened
    | StateSet
    | TurnScored
    | TrialStoppedEarly
    | Refused
    | Failed
    | Measured
    | Crashed
    | TrialEnded,
    Field(discriminator="kind"),
]
