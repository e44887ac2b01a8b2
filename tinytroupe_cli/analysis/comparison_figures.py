"""Estimate, test and interval of one question, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any, Final

from tinytroupe_cli.analysis.asked import Asked
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, How
from tinytroupe_cli.analysis.level_values import Level

MIN_TESTED: Final = 6
"""Units, in each group, below which values are described and not tested."""


def figures_of(asked: Asked, blank: ComparisonResult, how: How) -> dict[str, Any]:
    """Return the fields of `ComparisonResult` that come from answers."""
    levels = asked.levels()
    found: dict[str, Any] = {"n": tuple(len(level) for level in levels)}
    if not min(found["n"]):
        return {**found, "why_not": "no answers at one of the levels"}
    kind = asked.question.kind
    if not (asked.is_nominal and kind in ("omnibus", "whole")):
        found["values"] = tuple(fmean(level.values()) for level in levels)
    if kind in ("pair", "options", "missing"):
        found["estimate"] = found["values"][1] - found["values"][0]
    if why_not := _untestable(levels, blank):
        return {**found, "why_not": f"{why_not}: described, not tested"}
    if kind in ("omnibus", "whole"):
        # A run without comparisons loads neither numpy nor scipy.
        from tinytroupe_cli.analysis.whole_figures import omnibus, whole  # noqa: PLC0415

        return found | (omnibus(asked, how) if kind == "omnibus" else whole(asked, how))
    from tinytroupe_cli.analysis.differences import figures  # noqa: PLC0415

    first, second = (list(level.values()) for level in levels)
    return found | figures(first, second, blank, 1.0 if kind == "missing" else asked.width, how)


def _untestable(levels: Sequence[Level], blank: ComparisonResult) -> str:
    """Return why units can't be tested; empty: they can."""
    units = [unit for level in levels for unit in level]
    if blank.design != "within" and len(set(units)) < len(units):
        if blank.design == "description":
            return "people of both groups talked with each other"
        return "some units are at both levels, as people are dealt anew in each replicate"
    least = min(len(level) for level in levels)
    return f"fewer than {MIN_TESTED} units on one side" if least < MIN_TESTED else ""
