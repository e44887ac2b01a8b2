"""Which estimands fit which measures, and the number an answer counts as under each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.measure_values import number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.spec.design import Estimand

FITTING: Final[dict[MeasureScale, tuple[Estimand, ...]]] = {
    "share": ("ratio", "odds"),
    "points": ("delta", "top2", "bottom2", "median", "distribution"),
    "number": ("delta", "median", "log", "trimmed", "distribution"),
    "date": ("delta", "median", "trimmed", "distribution"),
    "place": ("delta", "first"),
    "amount": ("delta", "median", "trimmed"),
    "score": ("delta", "median", "trimmed"),
}
"""Estimands of each scale, besides the difference of means or shares."""
WITHOUT_DIFFERENCE: Final[tuple[Estimand, ...]] = ("ratio", "odds", "delta", "median", "trimmed", "distribution")
"""Estimands that are not the difference of two means of the numbers that answers count as."""
SHARES: Final[tuple[Estimand, ...]] = ("top2", "bottom2", "first")
"""Estimands that make a measure a share: each answer is in it or not."""
LABELS: Final[dict[Estimand, str]] = {
    "ratio": "ratio of shares",
    "odds": "odds ratio",
    "delta": "Cliff's delta",
    "top2": "difference of top-two shares",
    "bottom2": "difference of bottom-two shares",
    "median": "difference of medians",
    "log": "ratio of geometric means",
    "trimmed": "difference of 20% trimmed means",
    "first": "difference of shares of first place",
    "distribution": "Wasserstein distance",
}


def scale_under(field: PlannedField, estimand: Estimand | None) -> MeasureScale:
    """Return what is compared of a measure under an estimand."""
    return "share" if estimand in SHARES else type_of(field).scale or "number"


def width_under(field: PlannedField, estimand: Estimand | None) -> float:
    """Return the range of possible values under an estimand; infinite where there is none."""
    low, high = type_of(field).range(field)
    if scale_under(field, estimand) == "share":
        return 1.0
    return math.inf if estimand == "log" else high - low


def number_under(
    field: PlannedField, option: JsonValue, estimand: Estimand | None
) -> Callable[[Observation], float | None]:
    """Return what turns a stated answer into the number that is compared; None: it has no logarithm."""
    number = number_of(field, option)
    _, high = type_of(field).range(field)

    def counted(row: Observation) -> float | None:
        value = number(row)
        if value is None:
            return None
        match estimand:
            case "top2":
                return float(value >= high - 1)
            case "bottom2":
                return float(value <= type_of(field).range(field)[0] + 1)
            case "first":
                return float(value == 1)
            case "log":
                return math.log(value) if value > 0 else None
            case _:
                return value

    return counted
