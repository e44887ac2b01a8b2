"""One difference between two levels, as results.json has it."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.crossover_result import FirstPeriod
from tinytroupe_cli.analysis.observations import is_none
from tinytroupe_cli.analysis.units import UnitKind
from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.models.port import Frozen

Verdict = Literal["", "equivalent", "different", "different_but_negligible", "undecided"]
ComparisonKind = Literal[
    "pair", "options", "omnibus", "whole", "missing", "contrast", "interaction", "moderator", "slope"
]


class ComparedDifference(Frozen):
    """One difference of two levels or options that an experiment compares."""

    kind: ComparisonKind
    """pair: two levels; options: two options of the measure."""
    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option whose share or place is compared; null if the measure is compared as a whole."""
    by: str
    """The factor, the attribute, or `options`."""
    levels: tuple[JsonValue, ...]
    """The two levels; an estimate is the second minus the first."""
    at: dict[str, JsonValue] = Field(default_factory=dict)
    """Levels of other factors."""

    @property
    def key(self) -> str:
        """Return what tells this difference from others."""
        return repr((self.kind, self.measure, self.option, self.by, self.levels, sorted(self.at.items(), key=repr)))


class Unadjusted(Frozen):
    """The figures of a comparison without adjustment."""

    values: tuple[float, ...] | None = None
    """Mean at each level, over units."""
    estimate: float | None = None
    """The second value minus the first."""
    low: float | None = None
    """Lower end of the estimate's interval."""
    high: float | None = None
    """Upper end."""
    interval: str = ""
    """The interval's method."""
    p: float | None = None
    """Two-sided p-value; not corrected."""


class ComparisonResult(Frozen):
    """One comparison: a measure, or one of its options, between levels."""

    kind: ComparisonKind = "pair"
    """pair: two levels; options: two options of the measure, among the same units; omnibus: all levels at once; whole:
    two levels, all options of a choice at once; missing: the shares of missing answers at two levels;
    contrast: a weighted sum of levels; interaction: the difference of two differences; moderator: whether a difference
    depends on a field of people; slope: how values change with a numeric field of people."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option whose share or place is compared; null if the measure is compared as a whole."""
    by: str
    """The factor, the attribute, or `options`."""
    contrast: str = ""
    """Name of a named contrast."""
    weights: tuple[float, ...] = ()
    """contrast, interaction, moderator: the weight of each level in the estimate; none: a slope."""
    also_by: str = ""
    """interaction: the second factor; moderator: the field of people."""
    levels: tuple[JsonValue, ...] = (None, None)
    """The levels, usually two; the estimate is the second minus the first. Null: none could be compared."""
    at: dict[str, JsonValue] = Field(default_factory=dict)
    """Levels of other factors; results are averaged over factors that are not named."""
    design: Literal["within", "between", "description"]
    """within: the same units at both levels; between: assigned to one; description: groups by attributes of people."""
    scale: MeasureScale
    """What the values are: shares from 0 to 1, points of a scale, numbers, dates as days since 1970-01-01, or places in
    a ranking."""
    unit: UnitKind
    """What is counted as one: a person, a group of people who could reach each other, or a replicate."""
    n: tuple[int, ...] = (0, 0)
    """Units at each level; the same units in a within design."""
    wordings: int | None = None
    """Wordings that were compared; null: every text has one."""
    wordings_are: Literal["", "random", "fixed"] = ""
    """random: the conclusion is about wordings of this kind; fixed: about these."""
    missing: tuple[int, ...] = (0, 0)
    """Planned answers at each level that were not stated."""
    planned: tuple[int, ...] = (0, 0)
    """Planned answers at each level."""
    values: tuple[float, ...] | None = None
    """Mean at each level, over units."""
    unweighted: tuple[float, ...] | None = None
    """With weights: the unweighted mean at each level; all other figures are weighted. Null: nothing is weighted."""
    adjusted_for: tuple[str, ...] = ()
    """Covariates that `values`, the estimate, its interval and test are adjusted for; none: nothing is adjusted."""
    adjusted_for_blocks: bool = False
    """Whether the blocks within which people were assigned are covariates, too."""
    unadjusted: Unadjusted | None = None
    """The same without adjustment; null: nothing is adjusted."""
    variance_saved: float | None = None
    """Share by which adjusting makes the variance of the estimate smaller; below 0: it makes it larger. If blocks are
    covariates, too, the comparison is with blocks as the only covariates."""
    imputed: dict[str, int] = Field(default_factory=dict)
    """Covariate -> units without a value, which count with the mean of the others and with an indicator."""
    adjust_why_not: str = ""
    """Why nothing is adjusted, although it was asked for."""
    effective: tuple[float, float] | None = None
    """With weights: effective number of units at each level (Kish, 1965)."""
    estimand: str = "difference"
    """What is estimated: difference (of means or shares), total variation, or the name of the estimand."""
    estimate: float | None = None
    """The second value minus the first; total variation between two levels' shares of all options."""
    low: float | None = None
    """Lower end of the estimate's interval."""
    high: float | None = None
    """Upper end."""
    interval: str = ""
    """The interval's method."""
    test: str = ""
    """The test."""
    statistic: float | None = None
    """omnibus, whole: F, chi-square or Friedman's statistic; null if it is infinite."""
    p: float | None = None
    """Two-sided p-value."""
    wordings_p: float | None = None
    """p-value of sign flips of the effects of wordings, for six or more rotated wordings; shown in addition to `p`."""
    p_corrected: float | None = None
    """p-value corrected for all comparisons of the family."""
    correction: Literal["", "holm", "max_t", "benjamini_hochberg", "none"] = Field(default="", exclude_if=not_)
    """The correction that was used; Holm's in place of `max_t` where a test of the family has no permutations."""
    smallest_p: float | None = None
    """Smallest p-value that this many units can reach."""
    named_test: str = ""
    """The test requested by name, in addition to the permutation test; on the same units, not corrected."""
    named_statistic: float | None = None
    """Its statistic; null where it has none. t, W of Brunner and Munzel: positive if the second level is higher;
    Mann-Whitney: U of the second level; sign, McNemar: units that are higher at the second level; Wilcoxon: the smaller
    sum of ranks."""
    named_p: float | None = None
    """Its two-sided p-value."""
    named_why_not: str = ""
    """Why it has none."""
    effect: str = ""
    """Name of the standardized effect size; next to an adjusted estimate, that of the adjusted estimate."""
    effect_size: float | None = None
    """The standardized effect size."""
    largest: float | None = Field(default=None, exclude_if=is_none)
    """Largest difference that is possible, of measures with a lowest and a highest value."""
    detectable: float | None = None
    """Smallest difference that a test with this many units would detect with a power of 80%: t for 1 - alpha/2 plus t
    for 0.8, times the standard error."""
    worst: tuple[float, float] | None = None
    """Bounds of the estimate, whatever the missing answers would have been; null unless many are missing, or more at
    one level than at the other. If the estimate is adjusted, they are bounds of the unadjusted difference."""
    worst_p: tuple[float, float] | None = None
    """p-values at these bounds, by the comparison's own test, not corrected. Of adjusted, weighted and sequential ones,
    those over periods, and from 1,000 values: t, but none below the smallest of a permutation test of these units."""
    clearest_p: float | None = None
    """The smallest p-value, by the same test, of the values of missing answers that make the difference clearest."""
    faintest_p: float | None = None
    """The largest p-value of those that make it least clear."""
    worst_changes: bool | None = None
    """Whether missing answers could change what is said: the direction of a difference that is shown, whether one is
    shown, or the verdict on equivalence; null without bounds."""
    worst_why_not: str = ""
    """Why there are no such bounds."""
    first_period: FirstPeriod | None = Field(default=None, exclude_if=is_none)
    """The same difference in the first period alone; not written unless people experience conditions one after another
    (`design.order`)."""
    is_carried_over: bool = Field(default=False, exclude_if=not_)
    """Whether values depend on the condition before, so that the estimate may include carry-over; written only then."""
    equivalence: tuple[float, float] | None = None
    """Bounds within which a difference counts as none."""
    equivalence_interval: tuple[float, float] | None = Field(default=None, exclude_if=is_none)
    """With `equivalence`: the interval of the estimate at a confidence level of 1 - 2 alpha, by the method of
    `interval`; it lies within the bounds if both one-sided tests reject. Written only with a verdict."""
    verdict: Verdict = ""
    """With `equivalence`: what two one-sided tests say (Schuirmann, 1987). Whether there is a difference depends on
    `p_corrected`; the one-sided tests are not corrected."""
    alpha: float = 0.05
    """Significance level of the test; the interval has a confidence level of 1 - alpha."""
    family: str = "main"
    """The family whose comparisons p is corrected for: main, one of `inference.families`, exploratory (comparisons made
    by default), description (attributes of people, not assigned), missing (shares of missing answers), controls, or
    missing controls (shares of missing answers of controls)."""
    name: str = ""
    """The comparison this is part of, as in the lock: `q.buys by price`; empty: the experiment names none."""
    evidence: Literal["", "confirmatory", "declared", "exploratory"] = ""
    """confirmatory: a primary comparison that was locked before there were answers, and is unchanged (`troupe lock`);
    declared: named in the experiment, which was not locked; exploratory: all others; empty: a check, such as of missing
    answers."""
    why_not: str = ""
    """Why there is no test, or no interval."""

    @property
    def is_significant(self) -> bool:
        """Return whether a difference is shown after the correction."""
        return self.p_corrected is not None and self.p_corrected < self.alpha

    def swapped(self) -> ComparisonResult:
        """Return the same difference of two levels as the first minus the second, as a sentence may need it.

        It has no `named_statistic`, as most of these depend on the order of the levels.
        """
        plain = None if self.unadjusted is None else self.unadjusted.model_copy(update=_negated(self.unadjusted))
        first = self.first_period
        alone = None if first is None else first.model_copy(update={**_negated(first), "n": first.n[::-1]})
        pairs = ("levels", "n", "missing", "planned", "unweighted", "effective", "weights", "worst_p")
        bounds = ("worst", "equivalence", "equivalence_interval")
        return self.model_copy(
            update={
                **{name: value[::-1] for name in pairs if (value := getattr(self, name)) is not None},
                **{name: _mirrored(getattr(self, name)) for name in bounds},
                **_negated(self),
                "effect_size": None if self.effect_size is None else -self.effect_size,
                "named_statistic": None,
                "unadjusted": plain,
                "first_period": alone,
            }
        )


def _negated(figures: Unadjusted | FirstPeriod | ComparisonResult) -> dict[str, object]:
    """Return values, estimate and interval with the levels in the other order."""
    known = None if figures.low is None or figures.high is None else (figures.low, figures.high)
    low, high = _mirrored(known) or (None, None)
    return {
        "values": None if figures.values is None else figures.values[::-1],
        "estimate": None if figures.estimate is None else -figures.estimate,
        "low": low,
        "high": high,
    }


def _mirrored(bounds: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if bounds is None else (-bounds[1], -bounds[0])


def key_of(result: ComparisonResult) -> str:
    """Return what tells a comparison from the others of its run, whatever its figures are.

    Entries of `compare` that differ in `adjust` alone have the same key, and come in the order of the experiment.
    """
    at = sorted((name, repr(level)) for name, level in result.at.items())
    what = (
        result.kind,
        result.measure,
        result.option,
        result.by,
        result.also_by,
        result.contrast,
        result.levels,
        at,
        result.equivalence,
        result.estimand.removesuffix(", unweighted"),
        result.named_test,
    )
    return repr((*what, result.weights if result.kind in ("contrast", "interaction") else ()))


def difference_of(result: ComparisonResult) -> ComparedDifference:
    """Return which difference a result is about."""
    return ComparedDifference(
        kind=result.kind,
        measure=result.measure,
        option=result.option,
        by=result.by,
        levels=result.levels,
        at=result.at,
    )
