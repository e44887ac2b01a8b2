"""Which differences the report tests, as planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.spec.design import Estimand, TestName


class PlannedComparison(Frozen):
    """A measure compared between levels of a factor, or between groups of people."""

    query: str
    field: str
    factor: str = ""
    """Empty: people are compared by an attribute."""
    attribute: str = ""
    """Dotted name of a field of the persona."""
    options: bool = False
    """Whether the options of the measure are compared with each other."""
    bands: tuple[float, ...] = ()
    """Boundaries between groups of a numeric attribute."""
    pairs: tuple[tuple[JsonValue, JsonValue], ...] = ()
    """Levels to compare, the second against the first; empty: all pairs."""
    contrasts: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    """Name -> the weight of each level, in the order of the factor's levels."""
    second_factor: str = ""
    """With it, the interaction of both factors is compared."""
    moderator: str = ""
    """Attribute of people by which the effect of the factor may differ."""
    moderator_bands: tuple[float, ...] = ()
    at: dict[str, JsonValue] = Field(default_factory=dict)
    """Other factors' levels; a factor that is not named is averaged over."""
    equivalence: tuple[float, float] | None = None
    """Bounds within which a difference counts as none, in the measure's unit."""
    estimand: Estimand | None = None
    """None: the difference of means or shares."""
    test: TestName | None = None
    """A test to show beside the permutation test."""
    adjust: tuple[str, ...] = ()
    """Covariates: `person.FIELD`, or the `query.field` of a measure that no condition can have changed."""

    @property
    def by(self) -> str:
        """Return what the comparison is by: a factor, an attribute of people, or `options`."""
        return "options" if self.options else self.factor or f"person.{self.attribute}"


def comparison_names(planned: Sequence[PlannedComparison]) -> list[str]:
    """Return a name for each comparison, such as `q.buys by price at tone calm`; a second of the same gets a number."""
    names: list[str] = []
    for one in planned:
        what = f"{one.query}.{one.field} by {one.by}"
        what += f" x {one.second_factor}" if one.second_factor else f" and {one.moderator}" if one.moderator else ""
        what += f" at {', '.join(f'{factor} {level}' for factor, level in one.at.items())}" if one.at else ""
        count = sum(name == what or name.startswith(f"{what} (") for name in names)
        names.append(f"{what} ({count + 1})" if count else what)
    return names


class PlannedInference(Frozen):
    """How comparisons are tested."""

    about: Literal["people", "cast"] = "people"
    """people: units are the people, or groups of people who reach each other; cast: these people are fixed, and units
    are replicates."""
    alpha: float = 0.05
    """Level of significance of tests; intervals have a confidence level of 1 - alpha."""
    correction: Literal["holm", "max_t", "benjamini_hochberg", "none"] = "holm"
    """How p-values are corrected within a family."""
    families: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Family -> its measures, as `query.field`; none: one family."""
    rest: str = ""
    """The family of all other measures."""
    permutations: int = 20_000
    """Most arrangements of a permutation test."""
    resamples: int = 10_000
    """Samples of a bootstrap."""
