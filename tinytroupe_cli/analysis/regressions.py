"""Whether a measure fell (or rose) by more than somebody accepts, judged by the interval of the difference.

A regression is shown if the whole interval is beyond the threshold. If the threshold is inside the interval, the runs
can't tell: the verdict is inconclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.models.port import Frozen

RegressionVerdict = Literal["regression", "none", "inconclusive"]
"""The interval is beyond the threshold; it is not; the threshold is inside it, or there is no interval."""


class RegressionLimit(Frozen):
    """The largest change of a measure that is accepted."""

    measure: str
    """The measure, as `query.field`."""
    option: str = ""
    """The option whose share or place is meant; empty: the measure as a whole."""
    condition: str = ""
    """The condition; empty: all conditions of both runs."""
    threshold: float
    """Change in the measure's unit; of a share from 0 to 1."""
    is_drop: bool
    """Whether a decrease below the threshold is a regression; otherwise an increase above it is."""
    written: str
    """As it was written."""


class RegressionCheck(Frozen):
    """A limit, and whether two runs keep it."""

    limit: str
    """The limit, as written."""
    verdict: RegressionVerdict
    """regression: the interval is beyond the threshold; none: it is not; inconclusive: the threshold is inside the
    interval, or there is no interval."""
    estimate: float | None = None
    """The difference, B minus A; null: there is none."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""
    threshold: float
    """The threshold."""
    why: str = ""
    """Why there is no interval."""

    def fails(self, inconclusive: Literal["pass", "fail"] | None = None) -> bool:
        """Return whether a command fails by it; `inconclusive`: what an inconclusive limit counts as."""
        return self.verdict == "regression" or (self.verdict == "inconclusive" and inconclusive == "fail")


def regression_check(limit: RegressionLimit, found: Sequence[ComparisonResult]) -> RegressionCheck | None:
    """Return the verdict on a limit; None if nothing that was compared is meant by it."""
    result = next((one for one in found if _is_meant(limit, one)), None)
    if result is None:
        return None
    return RegressionCheck(
        limit=limit.written,
        verdict=_verdict(limit, result),
        estimate=result.estimate,
        low=result.low,
        high=result.high,
        threshold=limit.threshold,
        why=result.why_not if result.low is None else "",
    )


def _is_meant(limit: RegressionLimit, result: ComparisonResult) -> bool:
    option = "" if result.option is None else label(result.option)
    at: dict[str, JsonValue] = {"condition": limit.condition} if limit.condition else {}
    same = (result.measure, option.casefold(), result.at) == (limit.measure, limit.option.casefold(), at)
    return same and result.kind == "pair"


def _verdict(limit: RegressionLimit, result: ComparisonResult) -> RegressionVerdict:
    if result.low is None or result.high is None:
        return "inconclusive"
    low, high = (result.low, result.high) if limit.is_drop else (-result.high, -result.low)
    threshold = limit.threshold if limit.is_drop else -limit.threshold
    if high < threshold:
        return "regression"
    return "none" if low >= threshold else "inconclusive"
