"""Missing answers: whether they differ between levels, and what they could change at worst."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, Verdict
from tinytroupe_cli.analysis.estimands import SHARES, scale_under
from tinytroupe_cli.analysis.level_values import LevelValues, UnitValues
from tinytroupe_cli.fields.field_types import type_of

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.worst_fills import Decided

MUCH: Final = 0.05
"""Share of missing answers at a level from which every comparison of the measure has worst-case bounds."""
BOUNDED: Final = ("pair", "options")


def missing_questions(asked: Sequence[Question], values: LevelValues) -> list[Question]:
    """Return, for each pair of levels with missing answers, the question whether equally many are missing."""
    found: dict[str, Question] = {}
    for question in asked:
        if question.kind == "pair" and repr(question.levels) not in found:
            sides = [values.rows(question, level) for level in range(len(question.levels))]
            if any(row.outcome != "stated" for side in sides for row in side):
                found[repr(question.levels)] = replace(question, kind="missing", option=None)
    return list(found.values())


def is_much_missing(results: Sequence[ComparisonResult]) -> bool:
    """Return whether missing answers differ between levels, or are many at one of them."""
    return any(
        (result.kind == "missing" and result.p is not None and result.p < result.alpha)
        or any(missing > MUCH * planned for missing, planned in zip(result.missing, result.planned, strict=True))
        for result in results
    )


def worst_case(asked: AskedQuestion, blank: ComparisonResult, settings: AnalysisSettings) -> dict[str, Any]:
    """Return the estimate's bounds over all values that missing answers could have (Horowitz and Manski, 2000)."""
    question = asked.question
    estimand = question.planned.estimand
    if estimand is not None and estimand not in SHARES:
        return {"worst_why_not": "no bound: only differences of means and shares have one"}
    is_share = scale_under(question.field, estimand) == "share"
    low, high = (0.0, 1.0) if is_share else type_of(question.field).range(question.field)
    if not (math.isfinite(low) and math.isfinite(high)):
        return {"worst_why_not": "no bound possible: the measure has no lowest and highest value"}
    if asked.is_over_wordings and blank.p is not None:
        bounds, at = _over_wordings(asked, (low, high), blank, settings, is_share=is_share)
    else:
        bounds, at = _over_units(asked, (low, high), blank, settings, is_share=is_share)
    is_within = is_negligible(blank.verdict)
    return {
        "worst": bounds,
        "worst_p": (at[0].p, at[1].p),
        "clearest_p": min(one.p for one in at),
        "faintest_p": max(one.p for one in at),
        "worst_changes": any(one.is_within not in (None, is_within) for one in at) if blank.verdict else None,
    }


def _over_units(
    asked: AskedQuestion,
    ends: tuple[float, float],
    blank: ComparisonResult,
    settings: AnalysisSettings,
    *,
    is_share: bool,
) -> tuple[tuple[float, float], list[Decided]]:
    """Return the bounds of a difference over units, and what a test says there and of the clearest fills."""
    # A run without comparisons loads no numpy.
    from tinytroupe_cli.analysis.worst_fills import clearest_fills  # noqa: PLC0415

    least, most = (asked.levels_if_missing(end) for end in ends)
    extremes = [(most[0], least[1]), (least[0], most[1])]
    lowest, highest = (asked.mean(second) - asked.mean(first) for first, second in extremes)
    clearest = clearest_fills(asked, *ends, is_share=is_share)
    return (lowest, highest), [_decided(asked, fill, blank, settings) for fill in (*extremes, *clearest)]


def _over_wordings(
    asked: AskedQuestion,
    ends: tuple[float, float],
    blank: ComparisonResult,
    settings: AnalysisSettings,
    *,
    is_share: bool,
) -> tuple[tuple[float, float], list[Decided]]:
    """Return the same of a difference over wordings."""
    from tinytroupe_cli.analysis.wording_fills import worded_fills  # noqa: PLC0415 - loads numpy
    from tinytroupe_cli.analysis.worst_fills import Decided  # noqa: PLC0415

    found = worded_fills(asked, ends, blank, settings, is_share=is_share)
    return found.bounds, [Decided(row["p"], is_negligible(row.get("verdict"))) for row in found.rows]


def is_negligible(verdict: Verdict | None) -> bool | None:
    """Return whether a difference is within the bounds that count as none; None: there are no bounds."""
    return verdict in ("equivalent", "different_but_negligible") if verdict else None


def worst_changes(result: ComparisonResult, corrected: Sequence[float]) -> bool | None:
    """Return whether the missing answers could change what is said; None without bounds.

    A difference that is shown changes if a bound has another sign or some fill is not statistically significant; one
    that is not shown, if it is significant at some fill; and either, if the verdict on equivalence changes.
    `corrected`: the p-values at the bounds and of other fills, each corrected in the place of the result's own.
    """
    if result.worst is None or result.estimate is None or result.p is None:
        return None
    if result.worst_changes:
        return True
    if not result.is_significant:
        return any(p < result.alpha for p in corrected)
    is_turned = any(bound * result.estimate <= 0 for bound in result.worst)
    return is_turned or any(p >= result.alpha for p in corrected)


def _decided(
    asked: AskedQuestion, fill: tuple[UnitValues, UnitValues], blank: ComparisonResult, settings: AnalysisSettings
) -> Decided:
    """Return what a test says of a fill: the comparison's own, or t where that is of more than the units' values."""
    from tinytroupe_cli.analysis.worst_fills import Decided, decided, has_own_test, t_p  # noqa: PLC0415 - loads numpy

    if has_own_test(asked, fill):
        return decided(asked, fill, blank, settings)
    return Decided(max(t_p(asked, fill), smallest_p(asked, fill)), None)


def smallest_p(asked: AskedQuestion, fill: tuple[UnitValues, UnitValues]) -> float:
    """Return the smallest p-value that a permutation test of these units can have."""
    first, second = fill
    if asked.is_within or asked.question.kind == "options":
        differing = sum(second[unit] != first[unit] for unit in first if unit in second)
        return 0.5 ** (differing - 1) if differing else 1.0
    return 1 / math.comb(len(first) + len(second), len(first))
