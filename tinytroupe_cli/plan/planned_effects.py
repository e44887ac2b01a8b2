"""What reaches or changes people: stimuli, and what interventions do when their condition holds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.events.perceptions import Verb
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_interventions import PlannedCondition


class PlannedStimulus(Frozen):
    """One thing that reaches people at one step, its text rendered."""

    step: int
    """Counts from 1."""
    verb: Verb
    text: str
    source: str = "the moderator"
    to: tuple[str, ...]
    """Person ids, in cast order."""
    to_everyone: bool = True
    images: tuple[str, ...] = ()
    """Pictures that come with it, by name."""


class DeliverStimuli(Frozen):
    """Something reaches people."""

    kind: Literal["deliver"] = "deliver"
    stimuli: tuple[PlannedStimulus, ...]
    """`step` 0: whenever it fires; else: if it fires at that step."""


class PlannedChange(Frozen):
    """A field of people's state or persona is set to a value."""

    step: int = 0
    """0: whenever it fires; else: if it fires at that step."""
    people: tuple[str, ...]
    """Person ids, in cast order."""
    field: str
    """One of `STATE_OF_MIND`, or a field of the persona by its dotted name."""
    value: JsonValue


class PlannedStateChange(Frozen):
    """People are changed."""

    kind: Literal["set"] = "set"
    changes: tuple[PlannedChange, ...]


class PlannedEndTrial(Frozen):
    """The trial ends after this step."""

    kind: Literal["end"] = "end"


PlannedEffect = Annotated[DeliverStimuli | PlannedStateChange | PlannedEndTrial, Field(discriminator="kind")]


class PlannedIntervention(Frozen):
    """What happens when something holds."""

    name: str
    when: PlannedCondition
    then: tuple[PlannedEffect, ...]
    limit: int = 1
    """Times it may fire."""
