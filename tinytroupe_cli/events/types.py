"""What happened: the vocabulary of the event log.

An event is data a stranger can read in ten years. Simulated time only: wall times and
money live beside the log. Nothing here knows the engine that emits these.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Sense = Literal["say", "think", "goal", "show", "read", "move", "social", "talk", "feedback"]
"""How something reached a person: the seven stimulus verbs, another person's talk, or the world's answer to an act."""

Deed = Literal["THINK", "TALK", "REACH_OUT", "SHOW", "DONE"]

FailureKind = Literal["bad_output", "rejected", "cut_off"]
"""Not the shape asked for; not taken by the provider; ended before it was complete."""


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


class Acted(Happened):
    """A person did one thing."""

    kind: Literal["acted"] = "acted"
    person: str
    deed: Deed
    to: str = ""
    """TALK and REACH_OUT: a person's id, `everyone`, or an outside voice."""
    text: str = ""


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


class Refused(Happened):
    """A model declined a turn or a question."""

    kind: Literal["refused"] = "refused"
    person: str = ""
    query: str = ""
    """The extraction query, when a measure was refused; else empty: a turn."""
    sample: int = 0
    text: str = ""


class Failed(Happened):
    """A turn or a measure came to nothing, and why."""

    kind: Literal["failed"] = "failed"
    person: str = ""
    query: str = ""
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
    TrialBegan | StepBegan | Perceived | Acted | Felt | Misaddressed | Refused | Failed | Measured | TrialEnded,
    Field(discriminator="kind"),
]
