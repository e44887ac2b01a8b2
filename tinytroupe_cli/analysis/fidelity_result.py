"""How close simulated answers are to human ones, as results.json has it."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen

FigureName = Literal[
    "total_variation",
    "kolmogorov_smirnov",
    "ks_similarity",
    "wasserstein",
    "jensen_shannon",
    "mean_difference",
    "sd_ratio",
    "entropy_ratio",
    "tau_b",
]
AgreementName = Literal["exact_agreement", "mean_absolute_error", "pearson", "spearman"]
VerdictName = Literal[
    "within_ceiling", "beyond_ceiling", "undecided", "better_than", "no_better_than", "spread_collapsed"
]


class FidelityFigure(Frozen):
    """One figure that compares two distributions."""

    name: FigureName
    """`total_variation`, `kolmogorov_smirnov`, `wasserstein` (of the measure's range) and `jensen_shannon` (the
    divergence in bits) are distances, 0 to 1. `ks_similarity` is 1 - Kolmogorov-Smirnov. `mean_difference` is simulated
    minus human. `sd_ratio` and `entropy_ratio` are simulated / human. `tau_b` compares the order of the answers by
    share."""
    value: float | None = None
    """The figure."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""
    floor: float | None = None
    """Noise floor: its mean when the labels "simulated" and "human" are permuted. Null: not a distance."""
    p: float | None = None
    """Share of permutations with a distance at least as large: the p-value of equal distributions."""
    uniform: float | None = None
    """The same figure if all answers were equally frequent."""
    majority: float | None = None
    """The same figure if everyone gave the people's most common answer (for a number, their median)."""
    baselines: dict[str, float] = Field(default_factory=dict, exclude_if=not_)
    """The same figure of the baselines `demographics`, `no_persona` and `single_prompt`; not written without any."""
    ceiling: float | None = None
    """The same figure between two halves of the people."""
    at_ceiling_size: float | None = None
    """The same figure between as many simulated people and the first half."""
    why_not: str = ""
    """Why there is no figure, or no interval."""


class Agreement(Frozen):
    """One figure of agreement between people and their simulated twins."""

    name: AgreementName
    """The figure."""
    value: float | None = None
    """The figure over the pairs; a mean absolute error is in the measure's unit."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""
    chance: float | None = None
    """The same figure if each person were paired with a random twin."""
    retest: float | None = None
    """The same figure between people's two answers to the same question."""
    of_retest: float | None = None
    """The figure divided by the retest's (Park et al., 2024)."""
    why_not: str = ""
    """Why there is no figure."""


class FidelityContrast(Frozen):
    """A difference between two groups, in a mean or an option's share, among simulated units and among people."""

    option: JsonValue = None
    """The option whose share is compared; null: the mean."""
    levels: tuple[str, str]
    """The two groups; the difference is the second minus the first."""
    simulated: float
    """Difference among simulated people."""
    human: float
    """Difference among people."""
    low: float
    """Lower end of the human difference's interval."""
    high: float
    """Upper end."""
    same_sign: bool
    """Whether both differences have the same sign."""
    is_inside: bool
    """Whether the interval of the human difference includes the simulated difference."""
    ratio: float | None = None
    """simulated / human; null if the interval of the human difference includes 0."""


class Subgroup(Frozen):
    """The primary distance within one group."""

    level: str
    """The group."""
    simulated: int
    """Simulated units in it."""
    humans: int
    """People in it."""
    distance: float
    """The primary distance."""


class Subgroups(Frozen):
    """The group with the largest distance, and the largest distance that chance alone would give."""

    by: str
    """The factor, or the field of people."""
    groups: tuple[Subgroup, ...]
    """Groups with at least 30 people and six simulated units."""
    worst: str
    """The group with the largest distance."""
    expected: float
    """Mean of the largest distance when the groups' labels are shuffled, because a maximum is large even by chance."""
    p: float
    """Share of shuffles with a largest distance at least as large."""


class MeasureCorrelation(Frozen):
    """The correlation of this measure with another that is compared with the same data."""

    measure: str
    """The other measure."""
    simulated: float
    """Pearson's correlation among simulated units, weighted as the figures are."""
    human: float
    """Pearson's correlation among people, weighted as the figures are."""


class FidelityVerdict(Frozen):
    """What the rule says."""

    verdict: VerdictName
    """`within_ceiling`: the interval of the difference from the ceiling includes 0 (or lies below) and its upper end is
    below 0.05; `beyond_ceiling`: it lies above 0; `undecided`: neither. `better_than` a baseline: the interval of the
    difference lies above 0; else `no_better_than`. `spread_collapsed`: the upper end of the SD ratio (of a choice: of
    the entropy ratio) is below 0.8."""
    against: str = ""
    """The baseline: uniform, majority, demographics, no_persona or single_prompt."""
    difference: float | None = None
    """Difference between primary distances: from the ceiling, or how much further away the baseline is than the
    simulation."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""


class AttributeCeiling(Frozen):
    """How well a logistic regression on people's attributes predicts their answers, out of fold."""

    accuracy: float | None = None
    """Share of answers predicted correctly, each by a model fitted without that person (10 folds)."""
    majority: float | None = None
    """Share of the most common answer."""
    attributes: tuple[str, ...] = ()
    """The columns."""
    n: int = 0
    """People."""
    why_not: str = ""
    """Why there is no figure."""


class FidelityResult(Frozen):
    """A measure of the simulation compared with human answers."""

    measure: str
    """The measure, as `query.field`."""
    data: str
    """The file of human answers."""
    column: str
    """Its column."""
    hash: str
    """SHA-256 of the file's text."""
    n: tuple[int, int] = (0, 0)
    """Simulated units with an answer, and people with one."""
    missing: tuple[int, int] = (0, 0)
    """Simulated answers that were not stated, and people without an answer."""
    unit: str = "person"
    """What counts as one simulated unit."""
    effective_n: float | None = None
    """People's effective number, (sum of weights)^2 / sum of squared weights (Kish, 1965); null: not weighted."""
    answers: tuple[JsonValue, ...] = ()
    """The possible answers; empty for a number."""
    simulated: tuple[float, ...] = ()
    """Share of each answer among simulated units."""
    human: tuple[float, ...] = ()
    """Share of each answer among people, weighted."""
    means: tuple[float, float] | None = None
    """Mean of simulated units, and of people; null: a choice."""
    primary: FigureName = "total_variation"
    """The distance that verdicts are about: Kolmogorov-Smirnov for ordered answers, else total variation."""
    figures: tuple[FidelityFigure, ...] = ()
    """The figures."""
    ceiling_size: int = 0
    """Number of people in the second half, and of simulated units, that `ceiling` and `at_ceiling_size` compare with
    the first half."""
    twins: int = 0
    """People with a simulated twin; 0: no `key`."""
    agreements: tuple[Agreement, ...] = ()
    """Agreement of people with their twins."""
    contrasts: tuple[FidelityContrast, ...] = ()
    """Differences between the groups of `by`, among simulated units and among people."""
    subgroups: Subgroups | None = None
    """The groups of `by` on their own; null: no `by`, or no two groups large enough."""
    correlations: tuple[MeasureCorrelation, ...] = ()
    """Correlations with other measures of the same data."""
    correlation_gap: float | None = None
    """Mean absolute difference of these correlations."""
    attribute_ceiling: AttributeCeiling | None = None
    """With `ceiling: logit`."""
    verdicts: tuple[FidelityVerdict, ...] = ()
    """What the rule says."""
    why_not: str = ""
    """Why there is no figure, or no verdict."""
    alpha: float = 0.05
    """Intervals are at 1 - alpha."""
