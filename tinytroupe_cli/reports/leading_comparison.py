"""Which comparison answers an experiment's title: the first that is named, at the levels or options that tell most."""

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
    """Return the tested pairs of the first entry of `compare` that is of conditions; of untested ones, the first."""
    named = [one for one in results.comparisons if one.family not in UNNAMED_FAMILIES and one.kind in PAIRS]
    own = [one for one in named if _entry(one) == _entry(named[0])]
    return [one for one in own if one.p is not None] or own[:1]


def _entry(one: ComparisonResult) -> tuple[str, ...]:
    """Return what the rows of one entry of `compare` have in common; older results have no names."""
    return (one.name,) if one.name else ("", one.measure, one.by, one.estimand)


def clearest(tested: Sequence[ComparisonResult]) -> ComparisonResult:
    """Return the first pair that differs, in the order of the experiment; if none does, that with the smallest p.

    p-values of drawn arrangements are too coarse to order pairs that differ clearly. Of pairs with an equal p, it is
    that with the largest difference.
    """
    shown = [one for one in tested if one.is_significant]
    return shown[0] if shown else min(tested, key=lambda one: (one.p or 1.0, -abs(one.estimate or 0.0)))


def option_means(tested: Sequence[ComparisonResult]) -> dict[str, float]:
    """Return each compared option's mean share or place, in the order in which they are compared."""
    means: dict[str, float] = {}
    for one in tested:
        for option, value in zip(one.levels, one.values or (), strict=False):
            means.setdefault(label(option), value)
    return means
