"""Figures of contrasts and slopes, from the values of units."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import numpy as np
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.bca import bca
from tinytroupe_cli.analysis.contrasts import Contrast, contrast_bootstrap_t, contrast_t, contrast_test
from tinytroupe_cli.analysis.differences import labels_permuted_in
from tinytroupe_cli.analysis.level_values import UnitValues
from tinytroupe_cli.analysis.named_tests import named_test
from tinytroupe_cli.analysis.slopes import slope, slope_test, spearman

POWER = 0.8
"""Power of the minimum detectable effect."""


def contrast_figures(
    groups: list[UnitValues], weights: list[float], settings: AnalysisSettings, *, is_share: bool
) -> dict[str, Any]:
    """Return test and interval of a contrast; `groups`: unit -> value of each group, `weights`: their weights."""
    contrast = Contrast([np.array(list(group.values())) for group in groups], weights)
    alpha, inference = settings.inference.alpha, settings.inference
    test = contrast_test(contrast, draws=inference.permutations, seed=settings.seed, blocks=settings.blocks)
    name = "sign flips" if len(groups) == 1 else f"{labels_permuted_in(settings)}, studentized contrast"
    row: dict[str, Any] = {"test": name, "tested": test, "p": test.p, "smallest_p": test.smallest}
    if is_share:
        interval, method = contrast_t(contrast, alpha=alpha), "Student's t" if len(groups) == 1 else "Welch's t"
    else:
        interval = contrast_bootstrap_t(contrast, resamples=inference.resamples, seed=settings.seed, alpha=alpha)
        method = "bootstrap-t"
    if interval is None:
        return row | {"why_not": "all units agree: no interval"}
    quantiles = stdtrit(contrast.freedom, [1 - alpha / 2, POWER])
    found = {"low": interval.low, "high": interval.high, "interval": method}
    return row | found | {"detectable": float(quantiles.sum()) * contrast.error}


def slope_figures(
    values: UnitValues, numbers: dict[str, float], settings: AnalysisSettings, *, with_spearman: bool = False
) -> dict[str, Any]:
    """Return how values change with a number that units have: slope, its interval and test, Spearman's rho.

    `with_spearman`: also the test of the rank correlation, which the comparison asks for by name.
    """
    units = [unit for unit in values if unit in numbers]
    x, y = np.array([numbers[unit] for unit in units]), np.array([values[unit] for unit in units])
    statistic = slope(x, y)
    estimate = float(statistic([np.ones((1, len(units)))])[0])
    if not math.isfinite(estimate):
        return {"why_not": "all units have the same number: no slope"}
    alpha, inference = settings.inference.alpha, settings.inference
    test = slope_test(x, y, draws=inference.permutations, seed=settings.seed)
    row: dict[str, Any] = {
        "n": (len(units),),
        "values": (fmean(y),),
        "estimate": estimate,
        "test": "numbers permuted, studentized slope",
        "tested": test,
        "p": test.p,
        "smallest_p": test.smallest,
        "effect": "Spearman's rho",
        "effect_size": spearman(x, y),
    }
    if with_spearman:
        row |= named_test("spearman", [x, y])
    interval = bca(statistic, [len(units)], resamples=inference.resamples, seed=settings.seed, alpha=alpha)
    if interval is None:
        return row | {"why_not": "all units agree: no interval"}
    return row | {"low": interval.low, "high": interval.high, "interval": "BCa"}


def inner_contrasts(asked: AskedQuestion) -> tuple[list[UnitValues], list[float]]:
    """Return each group's units with the contrast of their own levels, and each group's weight."""
    question = asked.question
    groups: list[UnitValues] = []
    weights: list[float] = []
    for group in dict.fromkeys(question.group_of):
        places = [place for place, own in enumerate(question.group_of) if own == group]
        weight = question.weights[places[0]]
        inner = [question.weights[place] / weight for place in places]
        values = asked.values.together(question, asked.units, places)
        groups.append({unit: float(np.dot(inner, own)) for unit, own in values.items()})
        weights.append(weight)
    return groups, weights
