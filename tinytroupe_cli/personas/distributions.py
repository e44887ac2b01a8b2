"""Distributions of an attribute over a population: shares of labels, or numbers by their quantiles.

Values and arithmetic only; independent of files, seeds and people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import assert_never

Scalar = str | int | float | bool

_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:-|–|to|\.\.)\s*(-?\d+(?:\.\d+)?)")  # noqa: RUF001 - a dash people type
_OPEN = re.compile(r"(-?\d+(?:\.\d+)?)\s*\+|(<|>=|>|<=)\s*(-?\d+(?:\.\d+)?)")
_STANDARD = NormalDist()
GRID = 400
"""Points at which a mean or a share of a numeric distribution is computed."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Labels and their shares; the shares add up to 1."""

    levels: tuple[tuple[Scalar, float], ...]

    @property
    def by_level(self) -> dict[Scalar, float]:
        """Return each label's share."""
        return dict(self.levels)


@dataclass(frozen=True, slots=True)
class Rounding:
    """Rounding and bounds of a numeric distribution."""

    low: float | None = None
    high: float | None = None
    decimals: int = 0

    def fit(self, value: float) -> int | float:
        """Round a number and clip it to the bounds."""
        low, high = (-math.inf if self.low is None else self.low), (math.inf if self.high is None else self.high)
        kept = min(max(value, low), high)
        return round(kept) if self.decimals == 0 else round(kept, self.decimals)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution, truncated at the bounds (no mass piles up on them)."""

    mean: float
    sd: float
    rounding: Rounding = Rounding()


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal distribution, skewed to the right as incomes are; `sigma` is the sd of the logarithm."""

    median: float
    sigma: float
    rounding: Rounding = Rounding()


@dataclass(frozen=True, slots=True)
class Uniform:
    """A uniform distribution between the bounds."""

    low: float
    high: float
    rounding: Rounding = Rounding()


@dataclass(frozen=True, slots=True)
class Bands:
    """Shares of ranges such as 18-34; uniform inside a range."""

    bands: tuple[tuple[float, float, float], ...]
    """Minimum, maximum, share."""
    rounding: Rounding = Rounding()


Numeric = Normal | LogNormal | Uniform | Bands
Plain = Shares | Numeric


@dataclass(frozen=True, slots=True)
class Conditional:
    """Depends on another attribute: one distribution for each of its values or ranges."""

    by: str
    table: tuple[tuple[str, Plain], ...]
    """In the order written; the first match counts."""
    default: Plain | None = None

    def row(self, value: Scalar) -> tuple[int, Plain]:
        """Return number and distribution of the row that matches a value; raises KeyError if there is none."""
        for number, (key, plain) in enumerate(self.table):
            if fits(key, value):
                return number, plain
        if self.default is None:
            raise KeyError(value)
        return len(self.table), self.default


Distribution = Plain | Conditional


def quantile(numeric: Numeric, share: float) -> int | float:
    """Return the number below which `share` of the people are."""
    match numeric:
        case Normal(mean, sd, rounding):
            value = mean + sd * _STANDARD.inv_cdf(_between(share, _bounds(rounding, lambda x: (x - mean) / sd)))
        case LogNormal(median, sigma, rounding):
            bounds = _bounds(rounding, lambda x: math.log(x / median) / sigma if x > 0 else -math.inf)
            value = median * math.exp(sigma * _STANDARD.inv_cdf(_between(share, bounds)))
        case Uniform(low, high, rounding):
            value = _spread(low, high, share, rounding)
        case Bands(bands, rounding):
            value = _in_bands(bands, share, rounding)
        case _:
            assert_never(numeric)
    return numeric.rounding.fit(value)


def mean_of(numeric: Numeric) -> float:
    """Return the mean of sampled numbers, including bounds and rounding."""
    return sum(quantile(numeric, (point + 0.5) / GRID) for point in range(GRID)) / GRID


def share_in(numeric: Numeric, key: str) -> float:
    """Return the share of people whose number matches a row's key."""
    return sum(fits(key, quantile(numeric, (point + 0.5) / GRID)) for point in range(GRID)) / GRID


def fits(key: str, value: Scalar) -> bool:
    """Return whether a value is meant by a row's key: the label itself, or a range such as `18-34`, `65+`, `<18`."""
    if label(value) == key:
        return True
    if isinstance(value, bool | str):
        return False
    bounds = range_of(key)
    if bounds is None:
        return False
    low, high = bounds
    return low <= value < high + 1 if _is_whole(key) and isinstance(value, float) else low <= value <= high


def range_of(key: str) -> tuple[float, float] | None:
    """Parse `18-34`, `65+`, `<18`, `>=65`; None if it is not a range. Ends are included."""
    closed, opened = _RANGE.fullmatch(key.strip()), _OPEN.fullmatch(key.strip())
    if closed:
        return float(closed.group(1)), float(closed.group(2))
    if not opened:
        return None
    if opened.group(1):
        return float(opened.group(1)), math.inf
    number, nearly = float(opened.group(3)), 1e-9
    return {
        "<": (-math.inf, number - nearly),
        "<=": (-math.inf, number),
        ">": (number + nearly, math.inf),
        ">=": (number, math.inf),
    }[opened.group(2)]


def label(value: Scalar) -> str:
    """Return a value as it would be written as a key."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_whole(key: str) -> bool:
    return "." not in key.replace("..", "")


def _bounds(rounding: Rounding, standard: Callable[[float], float]) -> tuple[float, float]:
    """Return the shares of an untruncated curve below the bounds."""
    low = 0.0 if rounding.low is None else _STANDARD.cdf(standard(rounding.low))
    high = 1.0 if rounding.high is None else _STANDARD.cdf(standard(rounding.high))
    return low, high


def _between(share: float, bounds: tuple[float, float]) -> float:
    low, high = bounds
    return min(max(low + share * (high - low), 1e-12), 1 - 1e-12)


def _spread(low: float, high: float, share: float, rounding: Rounding) -> float:
    """Give whole numbers equal room: 1 to 6 is six numbers, not five steps."""
    if rounding.decimals:
        return low + share * (high - low)
    return min(math.floor(low) + math.floor(share * (math.floor(high) - math.floor(low) + 1)), high)


def _in_bands(bands: tuple[tuple[float, float, float], ...], share: float, rounding: Rounding) -> float:
    below = 0.0
    for low, high, size in bands:
        if size and share < below + size:
            return _spread(low, high, (share - below) / size, rounding)
        below += size
    return next(high for _, high, size in reversed(bands) if size)
