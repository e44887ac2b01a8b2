"""Which comparison answers an experiment's title: the first that is named, at its clearest levels or options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.reports.results import Results

UNNAMED_FAMILIES: Final = ("exploratory", "description", "missing", "controls", "missing controls")
"""Families of comparisons that don't answer the title."""
PAIRS: Final = ("pair", "options")


def leading_comparisons(results: Results) -> Sequence[ComparisonResult]:
    """Return the tested pairs of the first named comparison of conditions or options; of untested ones, the first."""
    named = [one for one in results.comparisons if one.family not in UNNAMED_FAMILIES and one.kind in PAIRS]
    own = [one for one in named if (one.measure, one.by) == (named[0].measure, named[0].by)]
    return [one for one in own if one.p is not None] or own[:1]


def clearest(tested: Sequence[ComparisonResult]) -> ComparisonResult:
    """Return the pair with the smallest p-value; of equal ones, that with the largest difference."""
    return min(tested, key=lambda one: (one.p or 1.0, -abs(one.estimate or 0.0)))


def option_means(tested: Sequence[ComparisonResult]) -> dict[str, float]:
    """Return each compared option's mean share or place, in the order in which they are compared."""
    means: dict[str, float] = {}
    for one in tested:
        for option, value in zip(one.levels, one.values or (), strict=False):
            means.setdefault(label(option), value)
    return means
