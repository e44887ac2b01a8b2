"""Who was planned: people with all they have, and the populations they were drawn from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen


class PopulationDraw(Frozen):
    """Which of a population's people somebody is; a model writes them before any trial."""

    population: str
    number: int
    """Counts from 1."""
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    """What was drawn, and what the experiment sets: what is written has to fit it."""
    generated_fields: tuple[str, ...] = Field(default=(), validation_alias="also", serialization_alias="also")
    """Fields that aren't there until they are written."""


class PlannedTool(Frozen):
    """Something a person can use, and how it is set up for them."""

    name: str
    """`write_document`, `calendar`, or the function's own name."""
    kind: Literal["write_document", "calendar", "function"]
    enrich: str = ""
    """write_document: what each document becomes before it is kept."""
    remind: int = 0
    """calendar: minutes before an event at which they are reminded."""
    function: str = ""
    """function: where it lives, as written."""
    does: str = ""
    """function: what it does, in its author's words."""
    form: dict[str, JsonValue] = Field(default_factory=dict)
    """function: JSON Schema of its arguments."""


class CastMember(Frozen):
    """A person of the cast, complete: their persona with its fragments merged in."""

    id: str
    name: str
    persona: dict[str, JsonValue]
    sources: tuple[str, ...] = ()
    """Files they were made from, as paths the user would recognize."""
    place: str = ""
    """Where they are at first; empty: where the world says."""
    drawn: PopulationDraw | None = None
    """Of a population: the persona holds what was drawn, and the name stands in for one still to be given."""
    systems: tuple[str, ...] | None = None
    """Names of the systems within their hearing; None: all."""
    documents: tuple[str, ...] = ()
    """Names of what they can consult, of the plan's library."""
    tools: tuple[PlannedTool, ...] = ()
    """What they can use."""


class PlannedMargin(Frozen):
    """The target and the drawn value of one figure: a label's share, or a mean."""

    attribute: str
    """The field of the persona."""
    level: str
    """The label or range; empty for a mean."""
    wanted: float
    """The target share or mean in the population file."""
    drawn: float
    """The share or mean of the people drawn."""
    is_mean: bool = False
    """The figure is a mean; otherwise it is a share."""


class PlannedPopulation(Frozen):
    """A population as it was drawn for this plan."""

    name: str
    """Name of the population."""
    source: str
    """Path of the population file."""
    context: str
    """What the file tells the model that writes the people."""
    size: int
    """Number of people drawn."""
    draw: str
    """Identifies this draw; part of the name of its people's folder."""
    generated_fields: tuple[str, ...] = Field(validation_alias="also", serialization_alias="also")
    """The fields a model writes."""
    margins: tuple[PlannedMargin, ...]
    """Target and drawn margins."""
    problems: dict[str, str] = Field(default_factory=dict, validation_alias="doubts", serialization_alias="doubts")
    """Person -> what is wrong with the text written about them; known once they are written."""
