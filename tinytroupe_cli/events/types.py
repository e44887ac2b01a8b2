"""What happened: the vocabulary of the event log.

An event is data a stranger can read in ten years. Simulated time only: wall times and
money live beside the log. Nothing here knows the engine that emits these.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Sense = Literal[
    "say",
    "think",
    "goal",
    "show",
    "read",
    "move",
    "social",
    "talk",
    "feedback",
    "location",
    "reach_out",
    "recall",
    "document",
    "tool",
    "system",
    "reminder",
]
"""How something reached a person: the seven stimulus verbs; another person's talk or reaching out; the world's word
on an act, and on where they are; or the answer to an act: what came to mind, a document, a tool's or system's reply."""

FailureKind = Literal["bad_output", "rejected", "cut_off", "poor_quality"]
"""Not the shape asked for; not taken by the provider; ended before it was complete; no attempt was good enough."""


STATE_OF_MIND = ("emotions", "attention", "goal", "context", "place")
"""What can be set on a person beside the fields of their persona."""


class Happened(BaseModel):
    """What every event has. `seq` counts from 0 within a trial; `time` is simulated, ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    trial: str
    seq: int = 0
    step: int = 0
    """0 before the first step; measures carry the last step."""
    time: str = ""


class TrialBegan(Happened):
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


class StepBegan(Happened):
    """Simulated time moved on to a new step."""

    kind: Literal["step_began"] = "step_began"


class Perceived(Happened):
    """Something reached one or more people."""

    kind: Literal["perceived"] = "perceived"
    people: tuple[str, ...]
    """Ids of those it reached, in cast order."""
    sense: Sense
    source: str = ""
    """Who or what it came from: a person's id, or an outside voice as written (`the moderator`)."""
    to: str = "everyone"
    """Whom it was addressed to: `everyone`, or a person's id."""
    text: str
    images: tuple[str, ...] = ()
    """Pictures that came with it, by name."""


class Acted(Happened):
    """A person did one thing."""

    kind: Literal["acted"] = "acted"
    person: str
    deed: str
    """THINK, TALK, DONE, or the name of an ability: MOVE, RECALL, CONSULT, WRITE_DOCUMENT, …"""
    to: str = ""
    """TALK: a person's id, `everyone`, an outside voice or a system."""
    text: str = ""
    """TALK and THINK: the words; else what the act is about."""


class Felt(Happened):
    """A person's state of mind after their turn; empty where they have none."""

    kind: Literal["felt"] = "felt"
    person: str
    goal: str = ""
    attention: str = ""
    emotion: str = ""


class Misaddressed(Happened):
    """A person spoke to a name that is nobody's within reach; nobody heard it."""

    kind: Literal["misaddressed"] = "misaddressed"
    person: str
    name: str
    text: str = ""


class Moved(Happened):
    """A person went to another place."""

    kind: Literal["moved"] = "moved"
    person: str
    place: str


class Tied(Happened):
    """Two people can reach each other from now on."""

    kind: Literal["tied"] = "tied"
    people: tuple[str, str]
    """Person ids, the one who reached out first."""
    name: str = ""
    """What they are to each other."""


class Remembered(Happened):
    """What left a person's memory of moments became facts they know."""

    kind: Literal["remembered"] = "remembered"
    person: str
    facts: tuple[str, ...]
    through: int
    """How many of their moments, counted from the first, these and all earlier facts cover."""


class Recalled(Happened):
    """What came to a person's mind before they acted."""

    kind: Literal["recalled"] = "recalled"
    person: str
    about: str = ""
    """What called it up."""
    memories: tuple[str, ...]


class Consulted(Happened):
    """A person looked something up in documents."""

    kind: Literal["consulted"] = "consulted"
    person: str
    about: str
    """The document or the question."""
    documents: tuple[str, ...] = ()
    """Names of those that answered; empty: nothing was found."""


class Used(Happened):
    """A person used a tool."""

    kind: Literal["used"] = "used"
    person: str
    tool: str
    act: str = ""
    """Which of the tool's acts: CREATE_EVENT, …"""
    arguments: dict[str, JsonValue] = Field(default_factory=dict)
    result: str = ""
    is_ok: bool = True


class Scheduled(Happened):
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


class Wrote(Happened):
    """A person wrote a document."""

    kind: Literal["wrote"] = "wrote"
    person: str
    title: str
    content: str
    """Markdown."""


class Answered(Happened):
    """A system replied to a person, or failed to."""

    kind: Literal["answered"] = "answered"
    person: str
    system: str
    message: str = ""
    """What it was told."""
    text: str = ""
    """Its reply, or what went wrong."""
    is_ok: bool = True


class Intervened(Happened):
    """An intervention's condition held, and it fired; its effects follow."""

    kind: Literal["intervened"] = "intervened"
    name: str
    justification: str = ""
    """Why its condition held."""


class Changed(Happened):
    """Something was set on people: their state of mind, their place, or a field of their persona."""

    kind: Literal["changed"] = "changed"
    people: tuple[str, ...]
    values: dict[str, JsonValue]
    """One of `STATE_OF_MIND`, or a persona's field by dotted name -> its new value."""


class Checked(Happened):
    """An attempt at a turn was scored before it was taken."""

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


class Ended(Happened):
    """The trial is to end after this step, before its last."""

    kind: Literal["ended"] = "ended"
    reason: str = ""


class Refused(Happened):
    """A model declined a turn, a question, or to judge an intervention's condition."""

    kind: Literal["refused"] = "refused"
    person: str = ""
    query: str = ""
    """The extraction query, when a measure was refused."""
    act: str = ""
    """Where it was neither a turn nor a measure: `consolidate`, `intervene`, or the ability whose form was asked."""
    intervention: str = ""
    """With the act `intervene`: the intervention whose condition could not be judged."""
    sample: int = 0
    text: str = ""


class Failed(Happened):
    """A turn, a measure or the judging of an intervention's condition came to nothing, and why."""

    kind: Literal["failed"] = "failed"
    person: str = ""
    query: str = ""
    act: str = ""
    """Where it was neither a turn nor a measure: `consolidate`, `intervene`, or the ability whose form was asked."""
    intervention: str = ""
    """With the act `intervene`: the intervention whose condition could not be judged."""
    field: str = ""
    """The one field of a measure that failed, its others being good; else empty: all of it."""
    sample: int = 0
    reason: FailureKind
    text: str = ""


class Measured(Happened):
    """One answer to one extraction query: about one person or, with `person` empty, the whole world."""

    kind: Literal["measured"] = "measured"
    query: str
    person: str = ""
    sample: int = 0
    values: dict[str, JsonValue]
    """Field -> value; null is the value "not stated"."""
    shown: dict[str, list[JsonValue]] = Field(default_factory=dict)
    """Field -> its options in the order they were shown, where that was shuffled."""


class TrialEnded(Happened):
    """The trial is complete: every step was played and every measure taken."""

    kind: Literal["trial_ended"] = "trial_ended"


Event = Annotated[
    TrialBegan
    | StepBegan
    | Perceived
    | Acted
    | Felt
    | Misaddressed
    | Moved
    | Tied
    | Remembered
    | Recalled
    | Consulted
    | Used
    | Scheduled
    | Wrote
    | Answered
    | Intervened
    | Changed
    | Checked
    | Ended
    | Refused
    | Failed
    | Measured
    | TrialEnded,
    Field(discriminator="kind"),
]
