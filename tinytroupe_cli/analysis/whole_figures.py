"""Figures of a measure over all its levels at once, and of a choice over all its options at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.bca import bca
from tinytroupe_cli.analysis.differences import labels_permuted_in
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.effect_sizes import eta_squared, joint_eta_squared, partial_eta_squared
from tinytroupe_cli.analysis.omnibus import anova_type, chi_square, friedman, repeated_measures_f, welch_f
from tinytroupe_cli.analysis.permutation import PermutationTest
from tinytroupe_cli.analysis.score_intervals import exact_bound
from tinytroupe_cli.analysis.shares_of_options import cramers_v, total_variation
from tinytroupe_cli.fields.field_types import type_of

ALIKE: Final = 1e-9
"""Width of an interval, as a share of the range, below which it is a rounding error: all units agree."""
JOINT_GAP: Final = "half the sum of absolute differences"
"""What is estimated of a budget or a best-worst task as a whole."""


def omnibus(asked: AskedQuestion, settings: AnalysisSettings) -> dict[str, Any]:
    """Return the test of whether any levels differ, with its effect size."""
    if type_of(asked.question.field).shape == "amounts":
        return _of_amounts(asked, _shares(asked), settings)
    if asked.is_of_options:
        return _of_options(asked, _shares(asked), settings)
    groups = [np.array(list(level.values())) for level in asked.levels()]
    draws = {"draws": settings.inference.permutations, "seed": settings.seed}
    if not asked.is_within:
        row = _row(f"{labels_permuted_in(settings)}, Welch's F", welch_f(groups, **draws, blocks=settings.blocks))
        return row | {"effect": "eta squared", "effect_size": eta_squared(groups)}
    values = np.column_stack(groups)
    if type_of(asked.question.field).shape == "ranking":
        test = friedman(values, **draws)
        row = _row("levels permuted within units, Friedman", test)
        return row | {"effect": "Kendall's W", "effect_size": test.statistic / (len(values) * (len(groups) - 1))}
    row = _row("levels permuted within units, F", repeated_measures_f(values[None], **draws))
    return row | {"effect": "partial eta squared", "effect_size": partial_eta_squared(values)}


def whole(asked: AskedQuestion, settings: AnalysisSettings) -> dict[str, Any]:
    """Return half the sum of absolute differences over all options, with its test and interval.

    Of shares, this is the total variation; of a budget, the amount that is divided otherwise.
    """
    first, second = _shares(asked)
    sizes = (len(first),) if asked.is_within else (len(first), len(second))
    statistic = total_variation(first, second, is_paired=asked.is_within)
    estimate = float(statistic([np.ones((1, size)) for size in sizes])[0])
    alpha = settings.inference.alpha
    interval = bca(statistic, sizes, resamples=settings.inference.resamples, seed=settings.seed, alpha=alpha)
    if type_of(asked.question.field).shape == "amounts":
        row = _of_amounts(asked, [first, second], settings) | {"estimand": JOINT_GAP, "estimate": estimate}
    else:
        row = _of_options(asked, [first, second], settings) | {"estimand": "total variation", "estimate": estimate}
    if interval is None or interval.high - interval.low < ALIKE * _largest(asked):
        slack = exact_bound(min(sizes), alpha=alpha)
        low, high = estimate * (1 - slack), estimate + slack * (_largest(asked) - estimate)
        return row | {"low": low, "high": high, "interval": "exact bound"}
    return row | {"low": interval.low, "high": interval.high, "interval": "BCa"}


def _of_options(asked: AskedQuestion, shares: list[Floats], settings: AnalysisSettings) -> dict[str, Any]:
    """Return the test of all options together; `shares`: one array of shape (units, options) for each level."""
    draws = {"draws": settings.inference.permutations, "seed": settings.seed}
    table = np.stack([level.sum(axis=0) for level in shares])
    effect = {"effect": "Cramér's V", "effect_size": cramers_v(table)}
    if asked.is_within:
        values = np.stack(shares, axis=2).transpose(1, 0, 2)
        return _row("levels permuted within units, F over options", repeated_measures_f(values, **draws)) | effect
    test = chi_square(shares, **draws, blocks=settings.blocks)
    return _row(f"{labels_permuted_in(settings)}, chi-square", test) | effect


def _of_amounts(asked: AskedQuestion, amounts: list[Floats], settings: AnalysisSettings) -> dict[str, Any]:
    """Return the test of all options' means together; `amounts`: shape (units, options) for each level."""
    draws = {"draws": settings.inference.permutations, "seed": settings.seed}
    if asked.is_within:
        values = np.stack(amounts, axis=2).transpose(1, 0, 2)
        row = _row("levels permuted within units, F over options", repeated_measures_f(values, **draws))
        return row | {"effect": "partial eta squared", "effect_size": joint_eta_squared(amounts, is_paired=True)}
    test = anova_type(amounts, **draws, blocks=settings.blocks)
    row = _row(f"{labels_permuted_in(settings)}, ANOVA-type statistic over options", test)
    return row | {"effect": "eta squared", "effect_size": joint_eta_squared(amounts, is_paired=False)}


def _largest(asked: AskedQuestion) -> float:
    """Return the largest possible half sum of absolute differences."""
    field = asked.question.field
    low, high = type_of(field).range(field)
    match type_of(field).scale:
        case "amount":
            return high - low
        case "score":
            return (high - low) * len(field.options) / 2
        case _:
            return 1.0


def _shares(asked: AskedQuestion) -> list[Floats]:
    """Return each level's shares, amounts or scores, shape (units, options)."""
    columns = [asked.of_option(option) for option in asked.question.field.options]
    places = range(len(asked.question.levels))
    return [np.column_stack([list(levels[place].values()) for levels in columns]) for place in places]


def _row(name: str, test: PermutationTest) -> dict[str, Any]:
    statistic = test.statistic if np.isfinite(test.statistic) else None
    return {"test": name, "statistic": statistic, "p": test.p, "smallest_p": test.smallest, "tested": test}
