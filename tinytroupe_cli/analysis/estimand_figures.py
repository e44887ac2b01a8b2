"""Figures of a difference under another estimand than the difference of means or shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tinytroupe_cli.analysis.bca import Statistic, bca
from tinytroupe_cli.analysis.differences import labels_permuted_in
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import sign_flip_test
from tinytroupe_cli.analysis.rank_statistics import brunner_munzel, cliffs_delta, paired_delta
from tinytroupe_cli.analysis.robust_means import (
    centers_test,
    difference_of_centers,
    medians,
    trimmed_means,
)

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
    from tinytroupe_cli.spec.design import Estimand


def estimand_figures(
    first: Floats, second: Floats, estimand: Estimand, settings: AnalysisSettings, *, is_paired: bool
) -> dict[str, Any]:
    """Return estimate, interval and, where the default test is of something else, the test.

    Fields are named as in `ComparisonResult`.
    """
    statistic = _statistic(first, second, estimand, is_paired=is_paired)
    sizes = (len(first),) if is_paired else (len(first), len(second))
    estimate = float(statistic([np.ones((1, size)) for size in sizes])[0])
    if not math.isfinite(estimate):
        why = "a share is 0 or 1 at one of the levels: no ratio"
        return {"estimate": None, "low": None, "high": None, "interval": "", "why_not": why}
    alpha = settings.inference.alpha
    interval = bca(statistic, sizes, resamples=settings.inference.resamples, seed=settings.seed, alpha=alpha)
    row: dict[str, Any] = {"estimate": estimate, "low": None, "high": None, "interval": "", "detectable": None}
    if estimand in ("median", "trimmed"):
        center = medians if estimand == "median" else trimmed_means
        row["values"] = float(center(first[None])[0]), float(center(second[None])[0])
    if interval is None:
        row["why_not"] = "the estimate is the same in nearly every bootstrap sample: no interval"
    else:
        row |= {"low": interval.low, "high": interval.high, "interval": "BCa"}
    return row | _test(first, second, estimand, settings, is_paired=is_paired)


def _statistic(first: Floats, second: Floats, estimand: Estimand, *, is_paired: bool) -> Statistic:
    match estimand:
        case "delta":
            return paired_delta(first, second) if is_paired else cliffs_delta(first, second)
        case "median":
            return difference_of_centers(first, second, medians, is_paired=is_paired)
        case "trimmed":
            return difference_of_centers(first, second, trimmed_means, is_paired=is_paired)
        case _:
            return _ratio(first, second, is_odds=estimand == "odds", is_paired=is_paired)


def _ratio(first: Floats, second: Floats, *, is_odds: bool, is_paired: bool) -> Statistic:
    """Return the second share, or its odds, divided by the first; not finite where one is 0 (or 1, for odds)."""

    def statistic(counts: Sequence[Floats]) -> Floats:
        ones, others = counts[0], counts[0 if is_paired else 1]
        one, other = ones @ first / ones.sum(axis=1), others @ second / others.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            if is_odds:
                one, other = one / (1 - one), other / (1 - other)
            ratio = other / one
        return np.where(ratio > 0, ratio, np.nan)

    return statistic


def _test(
    first: Floats, second: Floats, estimand: Estimand, settings: AnalysisSettings, *, is_paired: bool
) -> dict[str, Any]:
    resampling = {"draws": settings.inference.permutations, "seed": settings.seed}
    if estimand == "delta":
        if is_paired:
            test, name = sign_flip_test(np.sign(second - first), **resampling), "sign test"
        else:
            test, name = (
                brunner_munzel(first, second, **resampling, blocks=settings.blocks),
                f"{labels_permuted_in(settings)}, Brunner-Munzel",
            )
    elif estimand in ("median", "trimmed"):
        center = medians if estimand == "median" else trimmed_means
        test = centers_test(first, second, center, is_paired=is_paired, **resampling, blocks=settings.blocks)
        what = "medians" if estimand == "median" else "trimmed means"
        name = f"{'levels exchanged within units' if is_paired else labels_permuted_in(settings)}, difference of {what}"
    else:
        return {}
    return {"test": name, "tested": test, "p": test.p, "smallest_p": test.smallest}
