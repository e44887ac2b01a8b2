"""The variance of one measure, as results.json has it."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen

Component = Literal["people", "conditions", "wordings", "people_by_conditions", "wordings_by_conditions", "noise"]


class VarianceShare(Frozen):
    """One component of a measure's variance."""

    component: Component
    """`people`: people differ. `conditions`: conditions differ. `people_by_conditions`: people react differently to
    conditions. `wordings`, `wordings_by_conditions`: the same for wordings, if everyone is given all of them. `noise`:
    the model answers differently when asked again; with one replicate and wording it includes `people_by_conditions`.
    """
    variance: float
    """The estimate; it can be negative, which counts as 0 in the shares."""
    share: float
    """Share of the total."""
    low: float
    """Lower end of the share's 95% interval (bootstrap of people)."""
    high: float
    """Upper end."""


class ContrastByReplicate(Frozen):
    """The difference between the first and the last condition in each replicate."""

    conditions: tuple[str, str]
    """The conditions; the second minus the first."""
    differences: tuple[float, ...]
    """One for each replicate."""
    same_sign: float
    """Share of the replicates whose difference has the sign of the mean difference."""
    same_people: bool = True
    """Whether the same people were in both conditions; false: different people, as between the cells of a design."""


class ContrastByWording(Frozen):
    """The difference between the first and the last condition in each wording that everyone was given."""

    conditions: tuple[str, str]
    """The conditions; the second minus the first."""
    differences: tuple[float, ...]
    """One for each wording."""
    same_sign: float
    """Share of the wordings whose difference has the sign of the mean difference."""


class VarianceResult(Frozen):
    """The variance of one measure, or of one of its options."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option; null if the measure is a single number."""
    unit: Literal["person", "group"] = "person"
    """What counts as one: a person, or a group of people who could reach each other, whose answers are averaged. For
    groups, all figures about people are about groups."""
    people: int = 0
    """People (or groups) with an answer in every condition they were in and every replicate; the others are left
    out."""
    left_out: int = 0
    """People or groups that are left out, because an answer of theirs is missing."""
    conditions: int = 1
    """Number of conditions that each of them was in."""
    replicates: int = 1
    """Number of replicates."""
    wordings: int = 1
    """Number of wordings that everyone was given."""
    alpha: float = 0.05
    """Level of its tests."""
    components: tuple[VarianceShare, ...] = ()
    """Where the variance is."""
    icc: float | None = None
    """Correlation between two answers of one person in the same condition, over replicates (ICC(1)); null: one
    replicate."""
    icc_p: float | None = None
    """p-value of "answers do not depend on the person"."""
    is_deterministic: bool = False
    """Every replicate is a copy of the first: persona and chance can't be told apart."""
    design_effect: float | None = None
    """How many times as large the variance of the mean is as with the same number of independent answers."""
    effective_n: float | None = None
    """Answers divided by the design effect."""
    correlation: float | None = None
    """Mean correlation of a person's answers between two conditions."""
    gain: float | None = None
    """How many times as many people a between design would need: 1 / (1 - correlation)."""
    standard_errors: dict[str, float] = {}
    """Standard error of the difference between the first and the last condition: `now`, with `twice_the_people`, with
    `twice_the_replicates`, with `twice_the_wordings`."""
    by_replicate: ContrastByReplicate | None = None
    """A contrast in each replicate; null with one replicate or condition."""
    by_wording: ContrastByWording | None = None
    """A contrast in each wording; null unless everyone was given several, or with one condition."""
    same_condition: tuple[int, int] = (0, 0)
    """Significant comparisons of a condition with itself (odd with even replicates), and how many were made."""
    why_not: str = ""
    """Why there are no figures."""
