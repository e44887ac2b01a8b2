"""What a multiverse found, as results.json has it."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.comparison_result import ComparedDifference, Verdict
from tinytroupe_cli.models.port import Frozen


class Branch(Frozen):
    """One combination of choices, and what it finds."""

    choices: dict[str, JsonValue]
    """What is chosen -> the choice."""
    run: str = ""
    """The run the answers are from; empty: this run."""
    estimand: str = ""
    """What is estimated."""
    adjusted_for: tuple[str, ...] = ()
    """Covariates that the figures are adjusted for; none: nothing is adjusted."""
    is_weighted: bool = Field(default=False, exclude_if=not_)
    """Whether the estimate is weighted; written only then."""
    estimate: float | None = None
    """The estimate."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""
    effect_size: float | None = None
    """The standardized effect size."""
    sign: Literal[-1, 0, 1] | None = None
    """Direction: 1 if the second level is higher, -1 if the first is; null: no estimate."""
    p: float | None = None
    """p-value of this branch alone, not corrected."""
    n: tuple[int, ...] = ()
    """Units at each level."""
    verdict: Verdict = ""
    """With `equivalence`: what two one-sided tests say about this branch; none if it has another estimand than the
    comparison, because the bounds are in that one's unit."""
    why_not: str = ""
    """Why there is no estimate or no test."""


class JointTest(Frozen):
    """Whether the branches together could be due to chance."""

    branches: int = 0
    """Branches tested: those of the analysis of this run that estimate a difference, each once whatever its `test`."""
    median: float | None = None
    """Median of the branches' t statistics."""
    median_p: float | None = None
    """Its two-sided p-value, from the same rearrangements in all branches."""
    share_significant: float | None = None
    """Share of these branches that are statistically significant on their own."""
    share_significant_p: float | None = None
    """p-value of this share."""
    why_not: str = ""
    """Why there is no test."""


class ModelBlend(Frozen):
    """What each model that plays the people finds, and all of them with equal weights. A description, not a test."""

    estimand: str
    """What is estimated."""
    models: dict[str, float]
    """Model -> the mean of its branches' estimates."""
    blend: float
    """The mean over models."""
    same_sign: float
    """Share of the models that have the most common direction."""


class SpecificationCurve(ComparedDifference):
    """One difference in every branch, sorted by the estimate."""

    sorted_by: Literal["estimate", "effect_size"] = "estimate"
    """effect_size: the branches estimate different things, so their estimates can't be ordered."""
    branches: tuple[Branch, ...]
    """The branches in this order; those without an estimate come last. A combination has several if
    entries of `compare` about this difference give different figures."""
    medians: dict[str, float] = Field(default_factory=dict)
    """Estimand -> median of its branches' estimates."""
    same_sign: float | None = None
    """Among the branches with an estimate, the share that have the most common direction."""
    share_significant: float | None = None
    """Share of the branches with a test that are statistically significant in that direction, each on its own."""
    equivalence: tuple[float, float] | None = None
    """The comparison's bounds within which a difference counts as none."""
    verdicts: dict[str, int] = Field(default_factory=dict)
    """With `equivalence`: verdict -> number of branches that have it."""
    blends: tuple[ModelBlend, ...] = ()
    """With `model.people`: one for each estimand (no ratio) of which every model has an estimate."""
    joint: JointTest = JointTest()
    """All branches of the analysis in one test."""


class Multiverse(Frozen):
    """Every combination of choices."""

    choices: dict[str, tuple[JsonValue, ...]]
    """What is chosen -> the alternatives."""
    branches: int
    """Number of combinations."""
    missing: int = 0
    """Combinations without results, because their runs did not finish."""
    curves: tuple[SpecificationCurve, ...] = ()
    """One for each difference of two levels or options that the experiment compares."""


class BranchesOfRuns(Frozen):
    """What the other runs of a multiverse found, by the name of the run."""

    runs: dict[str, Multiverse] = Field(default_factory=dict[str, Multiverse])
