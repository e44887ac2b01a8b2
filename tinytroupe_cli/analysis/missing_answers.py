"""Missing answers: whether they differ between levels, and what they could change at worst."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.estimands import SHARES, scale_under
from tinytroupe_cli.analysis.level_values import LevelValues, UnitValues
from tinytroupe_cli.fields.field_types import type_of

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


def worst_case(asked: AskedQuestion) -> dict[str, Any]:
    """Return the estimate's bounds over all values that missing answers could have (Horowitz and Manski, 2000)."""
    question = asked.question
    estimand = question.planned.estimand
    if estimand is not None and estimand not in SHARES:
        return {"worst_why_not": "no bound: only differences of means and shares have one"}
    is_share = scale_under(question.field, estimand) == "share"
    low, high = (0.0, 1.0) if is_share else type_of(question.field).range(question.field)
    if not (math.isfinite(low) and math.isfinite(high)):
        return {"worst_why_not": "no bound possible: the measure has no lowest and highest value"}
    least, most = (asked.levels_if_missing(end) for end in (low, high))
    extremes = (most[0], least[1]), (least[0], most[1])
    bounds = [asked.mean(second) - asked.mean(first) for first, second in extremes]
    return {"worst": (bounds[0], bounds[1]), "worst_p": tuple(_p_value(asked, *levels) for levels in extremes)}


def worst_changes(result: ComparisonResult, corrected: Sequence[float]) -> bool | None:
    """Return whether the missing answers could change what is said; None without bounds.

    A difference that is shown changes if a bound has another sign or is not statistically significant; one that is not
    shown, if a bound is. `corrected`: the p-values at the bounds, each corrected in the place of the result's own.
    """
    if result.worst is None or result.estimate is None or result.p is None:
        return None
    if not result.is_significant:
        return any(p < result.alpha for p in corrected)
    is_turned = any(bound * result.estimate <= 0 for bound in result.worst)
    return is_turned or any(p >= result.alpha for p in corrected)


def _p_value(asked: AskedQuestion, first: UnitValues, second: UnitValues) -> float:
    """Return the p-value of a t test, but none below the smallest that a permutation test of these units can have."""
    # A run without comparisons loads no numpy.
    from tinytroupe_cli.analysis.differences import t_test  # noqa: PLC0415

    if asked.is_within or asked.question.kind == "options":
        differences = [second[unit] - first[unit] for unit in first if unit in second]
        return max(t_test(differences), 0.5 ** (sum(map(bool, differences)) - 1) if any(differences) else 1.0)
    ways = math.comb(len(first) + len(second), len(first))
    return max(t_test(list(second.values()), list(first.values())), 1 / ways)
