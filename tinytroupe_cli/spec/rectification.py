"""A few human answers that rectify many simulated ones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from tinytroupe_cli.spec.spec_model import SpecModel


class Rectification(SpecModel):
    """A measure's estimate about people, from their answers and those of their simulated twins."""

    measure: str
    """Query and field, such as choice.ad."""
    humans: str = Field(alias="with", min_length=1)
    """A file of human answers, with one row per person (and, with `by`, per level): CSV, TSV, JSON, JSON Lines or
    Excel."""
    column: str | None = None
    """The file's column of answers; default: the field's name."""
    key: str | None = None
    """The file's column that matches people to their simulated twins: the twins' field of the same name, id or name."""
    drawn: Literal["random", "weighted"]
    """How the people were drawn from the population that the estimate is about: at random, or with the weights in
    `weight`."""
    weight: str | None = None
    """The file's column of weights."""
    map: dict[str, JsonValue] = {}
    """Value in the file -> the measure's answer; null: no answer."""
    by: str | None = None
    """A factor that is also a column of the file: the difference between its levels is estimated."""
    human_only: bool = False
    """Estimate from the people alone; the simulation is shown but not used."""


def kind_of_rectification(value: Any) -> str | None:
    """Return whether there is one or a list of them."""
    return "<list>" if isinstance(value, list) else "<rectification>"


Rectifications = Annotated[
    Annotated[list[Rectification], Tag("<list>")] | Annotated[Rectification, Tag("<rectification>")],
    Discriminator(kind_of_rectification),
]
