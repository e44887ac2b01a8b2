"""The effect to be found and the variance assumed, from what was written and from cautious defaults."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.analysis.power import AnswerModel
from tinytroupe_cli.analysis.power_result import Assumed, AssumedVariance
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.fields.field_type import MeasureScale

ICC: Final = 0.5
MIXED: Final = 0.5
"""Part of the variance between people, within a condition, that is people x conditions."""
SHARE: Final = 0.5
"""The share whose answers vary most."""
WORDING: Final = 0.2
"""Standard deviation of wording x level, in standard deviations of an answer."""
DEFAULT_SHARE_EFFECT: Final = 0.1
DEFAULT_EFFECT: Final = 0.5
"""In standard deviations."""
_EFFECT = re.compile(r"(\d*\.?\d+)\s*(points?|sd)?")


@dataclass(frozen=True)
class Stated:
    """Figures that were written; None: not."""

    effect: str = ""
    sd: float | None = None
    icc: float | None = None
    share: float | None = None


def assumed_variance(stated: Stated, scale: MeasureScale, bounds: tuple[float, float], options: int) -> AssumedVariance:
    """Return the stated figures, completed by a cautious set; raises RunError for one that does not fit the measure."""
    if scale == "share" and stated.sd is not None:
        raise RunError("--sd is for numbers, but the measure is a share", hint="use --share")
    if scale != "share" and stated.share is not None:
        raise RunError("--share is for shares, but the measure is a number", hint="use --sd")
    missing: list[Assumed] = ["icc"] if stated.icc is None else []
    if scale == "share":
        sd = 1.0
        if stated.share is None:
            missing.append("share")
    else:
        if stated.sd is None:
            missing.append("sd")
        sd = _cautious_sd(scale, bounds, options) if stated.sd is None else stated.sd
    return AssumedVariance(
        source="assumed",
        sd=sd,
        is_unit=stated.sd is None and scale in ("number", "date") and not math.isfinite(bounds[1] - bounds[0]),
        icc=ICC if stated.icc is None else stated.icc,
        share=(SHARE if stated.share is None else stated.share) if scale == "share" else None,
        wording_sd=WORDING * sd,
        cautious=(*missing, "wording_sd"),
    )


def effect_of(written: str, scale: MeasureScale, variance: AssumedVariance) -> float:
    """Return the effect in the measure's unit; raises RunError as `in_measure_unit`, and for one that can't be."""
    if not written:
        return DEFAULT_SHARE_EFFECT if scale == "share" else DEFAULT_EFFECT * variance.sd
    value = in_measure_unit("--effect", written, scale, variance)
    if scale == "share" and max(variance.share or 0.0, 1 - (variance.share or 0.0)) < value:
        raise RunError(f"a share of {variance.share:g} can't change by {written}")
    return value


def in_measure_unit(option: str, written: str, scale: MeasureScale, variance: AssumedVariance) -> float:
    """Return a difference in the measure's unit: `0.3`, `5points`, or `0.3sd` in standard deviations of an answer.

    Of a share, `5points` is 0.05. Raises RunError for anything else.
    """
    found = _EFFECT.fullmatch(written.strip())
    if found is None:
        raise RunError(f"{option} expects a number above 0, got '{written}'", hint="for example, 0.3, 5points or 0.5sd")
    value, unit = float(found[1]), found[2] or ""
    if unit == "sd":
        if scale == "share":
            raise RunError(f"{option} of a share is in points, not in sd", hint=f"for example, {option} 10points")
        value *= variance.sd
    elif unit and scale == "share":
        value /= 100
    if value <= 0 or (scale == "share" and value >= 1):
        most = "between 0 and 100 points" if scale == "share" else "above 0"
        raise RunError(f"{option} expects a difference {most}, got '{written}'")
    if variance.is_unit and unit != "sd":
        raise RunError(
            "the measure has no bounds, so its standard deviation is unknown",
            hint=f"state it with --sd, use --pilot, or state it in standard deviations: {option} 0.3sd",
        )
    return value


def answer_model(variance: AssumedVariance, effect: float, samples: int) -> AnswerModel:
    """Return the model of an answer; the samples of a person in one condition and replicate are averaged."""
    icc, sd = variance.icc or 0.0, variance.sd
    share = variance.share
    if share is not None and share + effect >= 1:
        share = 1 - share  # as far below as the other is above: the same power
    return AnswerModel(
        person=sd * math.sqrt(icc * (1 - MIXED)),
        interaction=sd * math.sqrt(icc * MIXED),
        noise=sd * math.sqrt((1 - icc) / (samples if share is None else 1)),
        wording=variance.wording_sd,
        effect=effect,
        share=share,
    )


def _cautious_sd(scale: MeasureScale, bounds: tuple[float, float], options: int) -> float:
    """Return a third of the range; of places, the standard deviation of a random order; without bounds, 1."""
    if scale == "place":
        return math.sqrt((options**2 - 1) / 12) or 1.0
    low, high = bounds
    return (high - low) / 3 if math.isfinite(high - low) and high > low else 1.0
