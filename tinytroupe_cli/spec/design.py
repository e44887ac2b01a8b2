"""The design of the experiment: conditions, comparisons, weights."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, JsonValue

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.spec_model import Number, SpecModel

LevelValue = JsonValue
EquivalenceBounds = Annotated[tuple[Number, Number], Field(strict=False)]
AllocationShare = Annotated[int, Field(ge=1, le=100)]
"""Relative number of people."""


def _multiples(trim: tuple[Number, Number]) -> tuple[Number, Number]:
    if not 0 <= trim[0] < 1 < trim[1]:
        raise ValueError("expects two multiples of the mean, one below 1 and one above, such as [0.3, 3]")
    return trim


Trim = Annotated[tuple[Number, Number], Field(strict=False), AfterValidator(_multiples)]
LevelsOfFactor = list[JsonValue] | dict[str, JsonValue]
"""A factor's levels: values, or names for values."""


Estimand = Literal["ratio", "odds", "delta", "top2", "bottom2", "median", "log", "trimmed", "first", "distribution"]
TestName = Literal[
    "t",
    "welch",
    "paired_t",
    "sign",
    "mcnemar",
    "wilcoxon",
    "mann_whitney",
    "brunner_munzel",
    "chi2",
    "fisher",
    "anova",
    "kruskal",
    "friedman",
    "cochran_q",
    "spearman",
    "ks",
]


class ConditionSpec(SpecModel):
    """A condition: its name and the levels of its factors."""

    model_config = ConfigDict(extra="allow")
    name: str = Field(max_length=MAX_NAME_CHARACTERS)
    """Its name in results."""
    __pydantic_extra__: dict[str, JsonValue]  # pyright: ignore[reportIncompatibleVariableOverride] - pydantic's way


class ByPerson(SpecModel):
    """Groups of people by a field of their persona."""

    person: str
    """A field of the persona, such as age."""
    bands: list[Number] | None = None
    """Boundaries between the groups, for a numeric field."""


class DesignSpec(SpecModel):
    """Which factors vary within people and which between them, and how people are assigned."""

    between: list[str] = []
    """Factors of which each person (or group) experiences one level, assigned at random."""
    within: list[str] = []
    """Factors of which everyone experiences every level; factors that are not named also vary within people."""
    block_by: list[str | ByPerson] = []
    """Attributes whose values are spread evenly over the cells: person.gender, or {person: age, bands: [35, 55]}."""
    allocation: dict[str, AllocationShare | dict[str, AllocationShare]] | None = None
    """Unequal numbers of people: {399: 2, 559: 1}; with several between factors, {FACTOR: {LEVEL: NUMBER}}."""
    order: Literal["separate", "shuffled", "latin", "williams"] = "separate"
    """separate: each condition is run separately, without memory of the others. Otherwise, a person experiences all
    conditions one after another in one trial (interviews only): in an order of their own (shuffled), or in the
    orders of a Latin square (latin: each condition is equally often in each period) or of a Williams design
    (williams: it also follows each other condition equally often)."""


class ComparisonSpec(SpecModel):
    """A measure compared between the levels of a factor, or between groups of people."""

    measure: str
    """Query and field, such as choice.ad."""
    by: str | list[str] | ByPerson | None = None
    """A factor, {person: FIELD} for groups of people, or options: the measure's options are compared with each other;
    two factors with `interaction`; default: the only factor."""
    contrasts: Literal["control"] | list[list[JsonValue]] | dict[str, list[Number]] | None = None
    """control: each level against the first; a list of pairs; or named weights of all levels, as in
    {calm_or_not: [1, -0.5, -0.5]}; default: all pairs."""
    interaction: bool = False
    """Whether the effect of one factor depends on the other: the difference of differences."""
    moderator: ByPerson | None = None
    """A field of people by which the effect of the factor may differ."""
    at: dict[str, JsonValue] = {}
    """Levels of other factors; results are averaged over factors that are not named."""
    equivalence: Number | EquivalenceBounds | None = None
    """Largest difference that still counts as none, or two bounds, in the measure's unit. For a share, 0.05 is 5
    percentage points."""
    estimand: Estimand | None = None
    """What is estimated; default: the difference of means or shares."""
    test: TestName | None = None
    """A test to show in addition to the permutation test, on the same units."""
    adjust: list[str] = []
    """Covariates that the difference of two levels is adjusted for, such as person.age, or a measure that no condition
    can have changed; for factors that vary between people."""
    humans: str | None = Field(default=None, alias="with", min_length=1)
    """A file of human answers, with one row per person: CSV, TSV, JSON, JSON Lines or Excel."""
    column: str | None = None
    """The file's column of answers; default: the field's name."""
    weight: str | None = None
    """The file's column of weights; default: everyone counts the same."""
    key: str | None = None
    """The file's column that matches people to their simulated twins: the twins' field of the same name, id or name."""
    map: dict[str, JsonValue] = {}
    """Value in the file -> the measure's answer; null: no answer."""
    retest: str | None = None
    """The file's column with second answers by the same people to the same question."""
    ceiling: Literal["logit"] | None = None
    """logit: also report how well a logistic regression predicts people's answers from the fields that simulated people
    have."""


class Inference(SpecModel):
    """How comparisons are tested."""

    about: Literal["people", "cast"] = "people"
    """people: units are people, or groups of people who could reach each other; cast: units are replicates."""
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    """Significance level of tests; intervals have a confidence level of 1 - alpha."""
    correction: Literal["holm", "max_t", "benjamini_hochberg", "none"] = "holm"
    """Correction of p-values for the number of comparisons; max_t takes into account that measures are correlated."""
    families: dict[str, list[str] | Literal["rest"]] = {}
    """Family -> its measures, or `rest`; p-values are corrected within each family. Default: one family."""
    permutations: int = Field(default=20_000, ge=999, le=1_000_000)
    """Arrangements drawn by a permutation test if there are too many to enumerate."""
    resamples: int = Field(default=10_000, ge=999, le=1_000_000)
    """Samples drawn for a bootstrap interval."""


class Weights(SpecModel):
    """Weights that match known margins."""

    to: dict[str, dict[str, Number]] = {}
    """Field of people -> share of each of its values, or of bands of a number such as 18-34 and 55+."""
    base: str | None = None
    """Numeric field of people that holds the initial weight, such as person.weight; default: everyone has 1."""
    trim: Trim | None = None
    """Smallest and largest weight, as multiples of the mean."""
