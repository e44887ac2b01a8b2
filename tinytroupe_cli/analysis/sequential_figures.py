"""Figures of a difference for which people were added until it was known well enough."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any, Final

import numpy as np

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.differences import DifferenceTest, effect, row_of
from tinytroupe_cli.analysis.looks import LookedAt, PairLook
from tinytroupe_cli.analysis.permutation import PermutationTest
from tinytroupe_cli.analysis.score_intervals import Interval
from tinytroupe_cli.plan.planned_stopping import StoppingMethod

NAMES: Final[dict[StoppingMethod, str]] = {
    "confidence_sequence": "confidence sequence",
    "alpha_spending": "repeated intervals, alpha spending",
}


def sequential_figures(
    looked_at: LookedAt,
    question: Question,
    looks: Sequence[PairLook],
    blank: ComparisonResult,
    settings: AnalysisSettings,
) -> dict[str, Any]:
    """Return the figures of `ComparisonResult` at the last look; interval and p-value hold at all looks together."""
    last, name = looks[-1], NAMES[looked_at.stopping.method]
    first, second = (np.array(list(level.values())) for level in last.levels)

    def interval(alpha: float) -> tuple[Interval | None, str]:
        found = looked_at.interval(question, looks, alpha)
        return (None if found is None else Interval(*found)), name if last.look.error > 0 else "exact bound"

    test = PermutationTest(last.look.estimate, looked_at.p(looks), 0.0, is_exact=False)
    row = row_of(DifferenceTest(name, test, 0.0, last.freedom, interval), blank, settings)
    del row["tested"]  # it has no arrangements
    named = {"named_why_not": "tests by name ignore that people were added"} if question.planned.test else {}
    return {
        **effect(first, second, blank),
        **row,
        **named,
        "n": tuple(len(level) for level in last.levels),
        "values": tuple(fmean(level.values()) for level in last.levels),
        "estimate": last.look.estimate,
        "smallest_p": None,
    }
