"""What was made of a whole run by asking a model once its trials were over: a log of its own.

Like the log of a trial it is data that reports read; it knows nothing of who asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import not_
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from tinytroupe_cli.events.types import FailureKind


class PostEventBase(BaseModel):
    """What every entry has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1


class AnswersCategorized(PostEventBase):
    """Texts were sorted into categories; which text is in which is looked up here and nowhere guessed."""

    kind: Literal["sorted"] = "sorted"
    name: str
    """What the sorted answers are called: query.field."""
    categories: tuple[str, ...]
    texts: dict[str, str | None]
    """Text -> its category; null: it fits none."""
    faults: dict[str, str] = Field(default_factory=dict)
    """Text -> why there is no telling."""


class AnchorSetCheck(BaseModel):
    """How a set of statements is rated using the other sets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    """The set, counted from 1."""
    order: float | None
    """Rank correlation between its points and their scores, rated using the other sets; null: all scores are equal."""
    ends_in_order: bool
    """Its lowest statement scores below its highest."""
    near: float
    """Share of its statements whose likeliest point is at most one away."""
    spacing: float | None = None
    """Rank correlation between the distance of two points and the dissimilarity of their statements; null: it has
    fewer than four points, or all are equally similar."""


class AnchorsChecked(PostEventBase):
    """The statements of a measure were rated by each other."""

    kind: Literal["anchors_checked"] = "anchors_checked"
    name: str
    """The measure: query.field."""
    sets: tuple[AnchorSetCheck, ...]
    """Empty: they could not be checked."""


class TextCodes(BaseModel):
    """The codes of one text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quotes: dict[str, str] = Field(default_factory=dict)
    """Code -> the quote that supports it."""
    faults: dict[str, str] = Field(default_factory=dict)
    """Code -> why it doesn't count."""
    why: str = ""
    """Why there are no codes at all."""
    reason: FailureKind | Literal["refused", ""] = Field(default="", exclude_if=not_)
    """The kind of this failure; not written: there is none, or the log is older."""


class AnswersCoded(PostEventBase):
    """Texts were coded with a codebook."""

    kind: Literal["answers_coded"] = "answers_coded"
    name: str
    """What the codes are called: query.field."""
    texts: dict[str, TextCodes]
    again: dict[str, TextCodes] = Field(default_factory=dict)
    """The second coding of some texts."""
    second: str = ""
    """Name of the model of the second coding; empty: the same as of the first."""


class PollAnswer(BaseModel):
    """A person's private answer at one moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moment: int
    """0: before the first stimulus; otherwise after this step; -1: as if they had been alone."""
    person: str
    outcome: str
    value: JsonValue = None
    why: str = ""
    score: float | None = None
    """Expected value, where the answer is a distribution."""
    reason: FailureKind | Literal["refused", ""] = Field(default="", exclude_if=not_)
    """Why the interview failed; not written: it did not, or the log is older."""


class PollTaken(PostEventBase):
    """The people of a trial were asked in private."""

    kind: Literal["polled"] = "polled"
    trial: str
    name: str
    """The measure: query.field."""
    answers: tuple[PollAnswer, ...]


class AnswersForecast(PostEventBase):
    """One call predicted how the answers to one measure are distributed, without a simulation."""

    kind: Literal["answers_forecast"] = "answers_forecast"
    name: str
    """The measure: query.field."""
    condition: str
    replicate: int
    pmf: tuple[float, ...] = ()
    """Share of each answer, in the field's order; empty: there is none."""
    why: str = ""
    """Why there is none."""


class StoryWritten(PostEventBase):
    """The story of one trial."""

    kind: Literal["narrated"] = "narrated"
    trial: str
    text: str


class PostStepFailed(PostEventBase):
    """Something could not be made, and why."""

    kind: Literal["came_to_nothing"] = "came_to_nothing"
    what: Literal["categories", "story"]
    name: str
    """Of the categories, or the story's trial."""
    reason: FailureKind | Literal["refused"]
    text: str = ""


class PostprocessingEnded(PostEventBase):
    """Nothing is left to be made."""

    kind: Literal["all_made"] = "all_made"


PostEvent = Annotated[
    AnswersCategorized
    | AnswersCoded
    | AnchorsChecked
    | PollTaken
    | AnswersForecast
    | StoryWritten
    | PostStepFailed
    | PostprocessingEnded,
    Field(discriminator="kind"),
]
_AFTER: TypeAdapter[PostEvent] = TypeAdapter(PostEvent)


def encode_all(made: Iterable[PostEvent]) -> str:
    """Return entries as lines of JSON; the same entries, the same bytes."""
    return "".join(f"{entry.model_dump_json()}\n" for entry in made)


def decode_all(text: bytes) -> list[PostEvent]:
    """Read entries back; raises `pydantic.ValidationError` for anything else."""
    return [_AFTER.validate_json(line) for line in text.splitlines() if line.strip()]
