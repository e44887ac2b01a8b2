"""How far the replicates of a run agree on each difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from statistics import fmean
from typing import Any, Final

from tinytroupe_cli.analysis.comparison_result import ComparedDifference, ComparisonResult, difference_of
from tinytroupe_cli.analysis.comparisons import asked_of, blank_comparison, wanted_comparisons
from tinytroupe_cli.analysis.estimands import WITHOUT_DIFFERENCE
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.types import Plan

MIN_FOR_DIP: Final = 10
"""Replicates below which two groups of estimates can't be told from one."""
MIN_TO_STAND_OUT: Final = 3
"""Replicates of which one can differ from the others."""
NEGLIGIBLE: Final = 1e-12
"""Estimate below which there is no direction."""


class Consensus(ComparedDifference):
    """One difference in each replicate."""

    estimand: str = "difference"
    """What is estimated: a difference of means or shares, or of the shares of the highest or lowest points."""
    estimates: dict[int, float]
    """Number of the replicate -> the estimate from its answers alone."""
    same_sign: float | None = None
    """Share of these replicates that have the direction of the comparison's estimate; null: it has none."""
    most_different: int | None = None
    """The replicate whose estimate is furthest from the mean of the others; null: all are equal, or there are two."""
    dip: float | None = None
    """Hartigan's dip: how far the estimates are from having one peak."""
    dip_p: float | None = None
    """Its p-value (Hartigan and Hartigan 1985); 0: below the smallest that is tabulated."""
    dip_why_not: str = ""
    """Why there is no dip test."""


def consensus(plan: Plan, rows: Sequence[Observation], found: Sequence[ComparisonResult]) -> list[Consensus]:
    """Return how far replicates agree on each difference of two levels or options; empty with one replicate.

    `found` are the comparisons of all answers together.
    """
    if plan.replicates < 2:  # noqa: PLR2004 - nothing to agree with
        return []
    estimates: dict[tuple[str, str], dict[int, float]] = {}
    for replicate in sorted({row.replicate for row in rows}):
        own = [row for row in rows if row.replicate == replicate]
        for key, estimate in _estimates(plan, own):
            estimates.setdefault(key, {})[replicate] = estimate
    of_key = {
        (difference_of(result).key, result.estimand.removesuffix(", unweighted")): result
        for result in reversed(found)
        if result.estimate is not None and result.kind in ("pair", "options")
    }
    known = [(result, estimates.get(key, {})) for key, result in reversed(of_key.items())]
    return [_consensus(result, own) for result, own in known if len(own) > 1]


def _estimates(plan: Plan, rows: Sequence[Observation]) -> Iterator[tuple[tuple[str, str], float]]:
    for planned, asked in asked_of(plan, rows, wanted_comparisons(plan)):
        for comparison in asked:
            if comparison.question.kind in ("pair", "options") and planned.estimand not in WITHOUT_DIFFERENCE:
                levels = comparison.levels()
                if all(levels):
                    blank = blank_comparison(plan, comparison)
                    key = difference_of(blank).key, blank.estimand
                    yield key, comparison.mean(levels[1]) - comparison.mean(levels[0])


def _consensus(comparison: ComparisonResult, estimates: dict[int, float]) -> Consensus:
    whole = comparison.estimate or 0.0
    same = [estimate * whole > 0 and abs(estimate) > NEGLIGIBLE for estimate in estimates.values()]
    return Consensus(
        **dict(difference_of(comparison)),
        estimand=comparison.estimand.removesuffix(", unweighted"),
        estimates=estimates,
        same_sign=sum(same) / len(same) if abs(whole) > NEGLIGIBLE else None,
        most_different=_most_different(estimates),
        **_dip(list(estimates.values())),
    )


def _most_different(estimates: dict[int, float]) -> int | None:
    """Return the replicate furthest from the mean of the others, which is the one furthest from the mean of all.

    Two replicates are equally far from each other: None.
    """
    if len(estimates) < MIN_TO_STAND_OUT:
        return None
    mean = fmean(estimates.values())
    gaps = {replicate: abs(estimate - mean) for replicate, estimate in estimates.items()}
    most = max(gaps, key=lambda replicate: gaps[replicate])
    return most if gaps[most] > NEGLIGIBLE else None


def _dip(estimates: Sequence[float]) -> dict[str, Any]:
    """Return Hartigan's dip test of the estimates, by the package diptest where it is installed."""
    if len(estimates) < MIN_FOR_DIP:
        return {"dip_why_not": f"fewer than {MIN_FOR_DIP} replicates"}
    if find_spec("diptest") is None:
        return {"dip_why_not": "the package diptest is not installed"}
    numpy, diptest = import_module("numpy"), import_module("diptest")
    dip, p = diptest.diptest(numpy.array(estimates))
    return {"dip": float(dip), "dip_p": float(p)}
