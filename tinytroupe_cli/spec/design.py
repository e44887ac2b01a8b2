"""The design of the experiment: conditions, comparisons, weights."""

from __future__ import annotations

from pydantic import ConfigDict, Field, JsonValue

from tinytroupe_cli.spec.spec_model import Number, SpecModel

Level = JsonValue
Levels = list[JsonValue] | dict[str, JsonValue]
"""A factor's levels: values, or names for values."""


class ConditionSpec(SpecModel):
    """A condition: its name and the levels of its factors."""

    model_config = ConfigDict(extra="allow")
    name: str
    """Its name in results."""
    __pydantic_extra__: dict[str, JsonValue]  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way


class ByPerson(SpecModel):
    """Groups of people by a field of their persona."""

    person: str
    """The field."""
    bands: list[Number] | None = None
    """Boundaries between the groups, for a numeric field."""


class ComparisonSpec(SpecModel):
    """A statistical comparison."""

    measure: str
    """Query and field, such as choice.ad."""
    by: str | ByPerson | None = None
    """A factor, or a field of the persona."""
    test: str | None = None
    """The test; default: depends on the type of the data."""
    humans: str | None = Field(default=None, alias="with")
    """A CSV file of human answers."""
    column: str | None = None
    """The column of that file."""


class Weights(SpecModel):
    """Weights that match known margins."""

    to: dict[str, dict[str, Number]]
    """Field -> share of each of its values."""
