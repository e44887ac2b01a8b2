"""Interventions: when something holds, something happens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from tinytroupe_cli.spec.spec_model import Number, SpecModel, only_key
from tinytroupe_cli.spec.stimuli import Audience, Stimulus, verb_of


class Claim(SpecModel):
    """The judge finds a claim true, or scores it low."""

    claim: str
    """A claim about everything that has happened so far (a template)."""
    score_below: Number | None = Field(default=None, gt=0, le=9)
    """Holds when the claim's score (0 to 9) is below this number."""


class QuietFor(SpecModel):
    """Nobody has spoken for some steps."""

    quiet_for: int = Field(ge=1)
    """Number of steps without a spoken word."""


class StepIs(SpecModel):
    """A step is reached."""

    step: int = Field(ge=1)
    """The number of the step."""


class ExpressionHolds(SpecModel):
    """An expression about the world is true."""

    expression: str
    """The expression, such as `world.messages_this_step == 0`."""


class AllHold(SpecModel):
    """All of these hold."""

    all: list[Precondition] = Field(min_length=1)
    """The conditions."""


class AnyHolds(SpecModel):
    """At least one of these holds."""

    any: list[Precondition] = Field(min_length=1)
    """The conditions."""


def kind_of_condition(value: Any) -> str | None:
    """Return which precondition it is, by its key."""
    return only_key(value, ("claim", "quiet_for", "step", "expression", "all", "any"))


Precondition = Annotated[
    Annotated[Claim, Tag("<claim>")]
    | Annotated[QuietFor, Tag("<quiet_for>")]
    | Annotated[StepIs, Tag("<step>")]
    | Annotated[ExpressionHolds, Tag("<expression>")]
    | Annotated[AllHold, Tag("<all>")]
    | Annotated[AnyHolds, Tag("<any>")],
    Discriminator(kind_of_condition),
]


class Change(SpecModel):
    """A change to people: to their mental state or, with any other key, to their persona, by dotted path."""

    model_config = {**SpecModel.model_config, "extra": "allow"}
    to: Audience = "everyone"
    """Who is changed."""
    emotions: str | None = None
    """What they feel now (a template)."""
    attention: str | None = None
    """What they attend to now (a template)."""
    goal: str | None = None
    """What they want now (a template)."""
    context: str | None = None
    """What they are in the middle of (a template)."""
    place: str | None = None
    """Where they are now (a template)."""
    __pydantic_extra__: dict[str, JsonValue]  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way


class SetState(SpecModel):
    """Changes people."""

    set: Change
    """What is changed, and for whom."""


class EndTrial(SpecModel):
    """Ends the trial."""

    end: Literal[True]
    """The trial ends once everyone has acted in this step."""


def kind_of_effect(value: Any) -> str | None:
    """Return which effect it is: `set`, `end`, or a stimulus's verb."""
    return only_key(value, ("set", "end")) or ("<stimulus>" if verb_of(value) else None)


Effect = Annotated[
    Annotated[SetState, Tag("<set>")] | Annotated[EndTrial, Tag("<end>")] | Annotated[Stimulus, Tag("<stimulus>")],
    Discriminator(kind_of_effect),
]


class Intervention(SpecModel):
    """A condition, and what happens when it holds."""

    name: str | None = None
    """Its name in the log and the report; never shown to a model."""
    when: Precondition
    """The condition that triggers it."""
    then: list[Effect] = Field(min_length=1)
    """The effects, which happen when the condition holds."""
    limit: int = Field(default=1, ge=1)
    """How many times it can fire in a trial."""


AllHold.model_rebuild()
AnyHolds.model_rebuild()
