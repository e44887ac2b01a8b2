"""The design of the experiment: conditions, comparisons, weights."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from tinytroupe_cli.spec.spec_model import Number, SpecModel

Level = JsonValue
Bounds = Annotated[tuple[Number, Number], Field(strict=False)]
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
    """A measure compared between the levels of a factor, or between groups of people."""

    measure: str
    """Query and field, such as choice.ad."""
    by: str | ByPerson | None = None
    """A factor, or {person: FIELD} for groups of people; default: the only factor."""
    contrasts: Literal["control"] | list[list[JsonValue]] | None = None
    """control: each level against the first; or a list of pairs; default: all pairs."""
    at: dict[str, JsonValue] = {}
    """Levels of other factors; a factor that is not named is averaged over."""
    equivalence: Number | Bounds | None = None
    """Largest difference that counts as none, or two bounds, in the measure's unit (0.05: 5 points of a share)."""
    test: str | None = None
    """The test; default: depends on the type of the data."""
    humans: str | None = Field(default=None, alias="with", min_length=1)
    """A file of human answers, one row a person: CSV, TSV, JSON, JSON Lines or Excel."""
    column: str | None = None
    """Its column of answers; default: the field's name."""
    weight: str | None = None
    """Its column of weights; default: everyone counts the same."""
    key: str | None = None
    """Its column that identifies people, as the field of the same name, the id or the name of their simulated twins."""
    map: dict[str, JsonValue] = {}
    """What stands in the file -> the measure's answer; null: no answer."""
    retest: str | None = None
    """Its column with the same people's second answers to the same question."""
    ceiling: Literal["logit"] | None = None
    """logit: also how well a logistic regression predicts people's answers from the fields simulated people have."""


class Inference(SpecModel):
    """How comparisons are tested."""

    about: Literal["people", "cast"] = "people"
    """people: units are people, or groups of people who could reach each other; cast: units are replicates."""
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    """Level of tests; intervals are at 1 - alpha."""
    correction: Literal["holm", "benjamini_hochberg", "none"] = "holm"
    """Correction of p-values for the number of comparisons."""
    permutations: int = Field(default=20_000, ge=999, le=1_000_000)
    """Arrangements drawn by a permutation test where there are too many to go through."""
    resamples: int = Field(default=10_000, ge=999, le=1_000_000)
    """Samples drawn for a bootstrap interval."""


class Weights(SpecModel):
    """Weights that match known margins."""

    to: dict[str, dict[str, Number]]
    """Field -> share of each of its values."""
