"""Tests and intervals of one difference, from the values of its units."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import stdtr, stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.blocking import within_blocks
from tinytroupe_cli.analysis.bootstrap import bootstrap_t, bootstrap_t_difference
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.effect_sizes import cohens_h, hedges_g, hedges_g_av
from tinytroupe_cli.analysis.permutation import PermutationTest, label_test, sign_flip_test
from tinytroupe_cli.analysis.score_intervals import Interval, exact_bound, newcombe, tango

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
    from tinytroupe_cli.analysis.comparison_result import ComparisonResult

POWER: Final = 0.8
"""Power of the minimum detectable effect."""


def figures(
    first: Sequence[float], second: Sequence[float], asked: ComparisonResult, width: float, settings: AnalysisSettings
) -> dict[str, Any]:
    """Return test, interval and effect size of a difference, by the field's names in `ComparisonResult`.

    `tested` is the test with its arrangements. Both lists have a value per unit, in the same order where the design is
    within. `width` is the range of possible values; infinite where there is none.
    """
    one, other = np.array(first), np.array(second)
    found = (
        _paired(one, other, asked, width, settings)
        if asked.design == "within"
        else _apart(one, other, asked, width, settings)
    )
    return {**effect(one, other, asked), **row_of(found, asked, settings)}


def row_of(found: DifferenceTest, asked: ComparisonResult, settings: AnalysisSettings) -> dict[str, Any]:
    """Return what a test and an interval say, by the field's names in `ComparisonResult`."""
    interval, method = found.interval(settings.inference.alpha)
    row: dict[str, Any] = {
        "test": found.name,
        "tested": found.test,
        "p": found.test.p,
        "smallest_p": found.test.smallest,
        **_bounds(interval, method),
    }
    if found.error > 0:
        quantiles = stdtrit(found.freedom, [1 - settings.inference.alpha / 2, POWER])
        row["detectable"] = float(quantiles.sum()) * found.error
    if found.test.smallest > settings.inference.alpha:
        row["why_not"] = f"too few units differ to reach significance at {100 * settings.inference.alpha:g}%"
    if asked.equivalence is not None:
        row |= _verdict(asked.equivalence, found, settings.inference.alpha)
    return row


@dataclass(frozen=True, slots=True)
class DifferenceTest:
    """The test of one difference, its standard error, and its interval at any level."""

    name: str
    test: PermutationTest
    error: float
    """Standard error of the difference."""
    freedom: float
    interval: Callable[[float], tuple[Interval | None, str]]
    """Alpha -> interval and its method."""


def _paired(
    first: Floats, second: Floats, asked: ComparisonResult, width: float, settings: AnalysisSettings
) -> DifferenceTest:
    differences, count = second - first, len(first)
    error = float(differences.std(ddof=1)) / math.sqrt(count)
    only_second, only_first = int((differences > 0).sum()), int((differences < 0).sum())
    are_binary = asked.scale == "share" and is_binary(first) and is_binary(second)

    def interval(alpha: float) -> tuple[Interval | None, str]:
        if are_binary and (only_second or only_first):
            return tango(only_second, only_first, count, alpha=alpha), "Tango"
        if error == 0:
            return bound(float(differences[0]), count, width, alpha)
        if asked.scale == "share":
            return student(float(differences.mean()), error, count - 1, alpha), "Student's t"
        return bootstrap_t(
            differences, resamples=settings.inference.resamples, seed=settings.seed, alpha=alpha
        ), "bootstrap-t"

    test = sign_flip_test(differences, draws=settings.inference.permutations, seed=settings.seed)
    return DifferenceTest("sign flips", test, error, count - 1, interval)


def _apart(
    first: Floats, second: Floats, asked: ComparisonResult, width: float, settings: AnalysisSettings
) -> DifferenceTest:
    is_blocked = len(set(settings.blocks)) > 1
    raw = first, second
    if is_blocked:
        first, second = within_blocks(first, second, settings.blocks)
    errors = [float(group.var(ddof=1)) / len(group) for group in (first, second)]
    error, freedom = math.sqrt(sum(errors)), welch_freedom(errors, (len(first), len(second)))
    freedom = max(1.0, freedom - max(0, len(set(settings.blocks)) - 1))
    are_binary = asked.scale == "share" and is_binary(raw[0]) and is_binary(raw[1])

    def interval(alpha: float) -> tuple[Interval | None, str]:
        if are_binary:
            ones, others = ((int(group.sum()), len(group)) for group in raw)
            return newcombe(ones, others, alpha=alpha), "Newcombe"
        if error == 0:
            return bound(float(second[0] - first[0]), min(len(first), len(second)), width, alpha)
        if asked.scale == "share":
            return student(float(second.mean() - first.mean()), error, freedom, alpha), "Welch's t"
        resamples = settings.inference.resamples
        return bootstrap_t_difference(
            first, second, resamples=resamples, seed=settings.seed, alpha=alpha
        ), "bootstrap-t"

    test = label_test(*raw, draws=settings.inference.permutations, seed=settings.seed, blocks=settings.blocks)
    return DifferenceTest(f"{labels_permuted_in(settings)}, Welch's t", test, error, freedom, interval)


def effect(
    first: Floats, second: Floats, asked: ComparisonResult, compared: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return the standardized effect size of a difference, from the values of its units.

    `compared`: the two means, where they are not those of the values, such as adjusted ones or means over wordings; the
    standard deviations remain those of values.
    """
    means = (float(first.mean()), float(second.mean())) if compared is None else compared
    if asked.scale == "share":  # an adjusted share can lie beyond 0 or 1
        size: float | None = cohens_h(*(min(1.0, max(0.0, mean)) for mean in means))
        return {"effect": "Cohen's h", "effect_size": size}
    if asked.design == "within":
        return {"effect": "Hedges' g_av", "effect_size": hedges_g_av(first, second, gap=means[1] - means[0])}
    return {"effect": "Hedges' g", "effect_size": hedges_g(first, second, gap=means[1] - means[0])}


def labels_permuted_in(settings: AnalysisSettings) -> str:
    """Return how labels are permuted, as the names of tests say it."""
    return "labels permuted within blocks" if len(set(settings.blocks)) > 1 else "labels permuted"


def _bounds(interval: Interval | None, method: str) -> dict[str, Any]:
    if interval is None:
        return {"why_not": "all units agree, and the measure has no bounds: no interval"}
    return {"low": interval.low, "high": interval.high, "interval": method}


def _verdict(equivalence: tuple[float, float], found: DifferenceTest, alpha: float) -> dict[str, Any]:
    """Return what two one-sided tests say: is the interval at 1 - 2 alpha within the bounds (Schuirmann, 1987)?"""
    bounds, _ = found.interval(2 * alpha)
    if bounds is None:
        return {}
    is_within = equivalence[0] < bounds.low and bounds.high < equivalence[1]
    names = ("different", "different_but_negligible") if found.test.p < alpha else ("undecided", "equivalent")
    return {"verdict": names[is_within], "equivalence_interval": (bounds.low, bounds.high)}


def student(estimate: float, error: float, freedom: float, alpha: float, limit: float = 1.0) -> Interval:
    """Return the t interval: for shares of several answers a unit, where bootstrap-t covers 90 to 93% of them.

    `limit`: largest difference there can be.
    """
    width = float(stdtrit(freedom, 1 - alpha / 2)) * error
    return Interval(max(-limit, estimate - width), min(limit, estimate + width))


def bound(estimate: float, count: float, width: float, alpha: float) -> tuple[Interval | None, str]:
    """Return the interval where all units agree: the units that could differ, at either end of the range."""
    if not math.isfinite(width):
        return None, ""
    share = exact_bound(count, alpha=alpha)
    return Interval(estimate - share * (width + estimate), estimate + share * (width - estimate)), "exact bound"


def welch_freedom(errors: Sequence[float], counts: tuple[float, float]) -> float:
    """Return the degrees of freedom of Welch's t (Welch, 1947)."""
    below = sum(error * error / (count - 1) for error, count in zip(errors, counts, strict=True))
    return sum(errors) ** 2 / below if below > 0 else float(sum(counts) - 2)


def t_test(values: Sequence[float], others: Sequence[float] = ()) -> float:
    """Return the two-sided p-value of "the mean is 0", or with `others`, of "both means are equal" (Welch, 1947)."""
    samples = [np.array(sample, dtype=np.float64) for sample in (values, others) if len(sample)]
    if not samples or min(map(len, samples)) < 2:  # noqa: PLR2004 - no spread
        return 1.0
    estimate = float(samples[0].mean()) - (float(samples[1].mean()) if len(samples) > 1 else 0.0)
    parts = [(float(sample.var(ddof=1)) / len(sample), len(sample) - 1) for sample in samples]
    variance = sum(part for part, _ in parts)
    if variance <= 0:
        return 1.0 if estimate == 0 else 0.0
    freedom = variance**2 / sum(part**2 / count for part, count in parts)
    return float(2 * stdtr(freedom, -abs(estimate) / math.sqrt(variance)))


def is_binary(values: Floats) -> bool:
    """Return whether every unit has 0 or 1."""
    return bool(np.isin(values, (0.0, 1.0)).all())
