"""The design of the experiment: conditions, comparisons, weights."""

from __future__ import annotations

from pydantic import ConfigDict, Field, JsonValue

from tinytroupe_cli.spec.spec_model import Number, SpecModel

Level = JsonValue
Levels = list[JsonValue] | dict[str, JsonValue]
"""A factor's levels: values, or names for values."""


class ConditionSpec(SpecModel):
    """One condition of an explicit list: a name and its factors' levels."""

    model_config = ConfigDict(extra="allow")
    name: str
    """What it is called in results."""
    __pydantic_extra__: dict[str, JsonValue]  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way


class ByPerson(SpecModel):
    """Groups of people by a field of their persona."""

    person: str
    """The field."""
    bands: list[Number] | None = None
    """Where its values are cut."""


class ComparisonSpec(SpecModel):
    """A statistical comparison."""

    measure: str
    """Query and field, such as choice.ad."""
    by: str | ByPerson | None = None
    """A factor, or a field of the persona."""
    test: str | None = None
    """The test; chosen from the data's type if not given."""
    humans: str | None = Field(default=None, alias="with")
    """A CSV file of human answers."""
    column: str | None = None
    """The file's column."""


class Weights(SpecModel):
    """Weights that bring the cast to known margins."""

    to: dict[str, dict[str, Number]]
    """Field -> share of each of its values."""
