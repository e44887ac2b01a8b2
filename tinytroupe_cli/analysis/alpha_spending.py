"""Group-sequential bounds for a fixed number of looks, by alpha spending. Arrays in, numbers out.

O'Brien-Fleming-type spending (Lan and DeMets, 1983): little is spent at early looks, and the last look is tested almost
as if it were the only one. Crossing probabilities come from recursive numerical integration (Armitage, McPherson and
Rowe, 1969).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats

POINTS: Final = 401
"""Points of the grid on which densities are integrated; odd, for Simpson's rule."""
FAR: Final = 12.0
"""Bound, in standard errors, that is never reached."""
HALVINGS: Final = 60


def spent(fractions: Sequence[float], alpha: float = 0.05) -> list[float]:
    """Return the two-sided alpha spent up to each look, at its fraction of the planned information."""
    edge = float(ndtri(1 - alpha / 4))
    return [min(alpha, float(4 - 4 * ndtr(edge / np.sqrt(fraction)))) for fraction in fractions]


def spending_bounds(fractions: Sequence[float], alpha: float = 0.05) -> list[float]:
    """Return the bound of |z| at each look: two-sided, with a chance of `alpha` of being crossed at any look.

    `fractions`: of the planned information (people), rising to at most 1. Raises ValueError if they do not rise.
    """
    if not fractions or any(later <= earlier for earlier, later in zip([0.0, *fractions], fractions, strict=False)):
        raise ValueError("looks expect fractions that rise from above 0")
    bounds: list[float] = []
    before = 0.0
    process = _Process()
    for fraction, total in zip(fractions, spent(fractions, alpha), strict=True):
        bounds.append(process.bound(fraction, total - before))
        before = total
        process.go_on(fraction, bounds[-1])
    return bounds


@lru_cache(maxsize=256)
def _bounds(fractions: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    return tuple(spending_bounds(fractions, alpha))


def repeated_bound(fractions: Sequence[float], number: int, alpha: float, freedom: float) -> float:
    """Return the bound of |t| at look `number`, counted from 1: that of |z|, at the same tail of Student's t.

    Intervals of estimate plus and minus bound times standard error hold at all looks together, with a confidence of
    1 - alpha, whatever rule stops them (Jennison and Turnbull, 1989, "Interim analyses: the repeated confidence
    interval approach").
    """
    bound = _bounds(tuple(fractions), alpha)[number - 1]
    return -float(stdtrit(max(1.0, freedom), ndtr(-min(bound, FAR))))


def stagewise_p(fractions: Sequence[float], bounds: Sequence[float], z: float) -> float:
    """Return the two-sided p-value of a statistic at the last of these looks, in stagewise order.

    A crossing at an earlier look counts as more extreme (Fairbanks and Madsen, 1982). `bounds`: of the earlier looks.
    """
    process, found = _Process(), 0.0
    for fraction, bound in zip(fractions[:-1], bounds, strict=False):
        found += process.crossing(fraction, bound)
        process.go_on(fraction, bound)
    return min(1.0, found + process.crossing(fractions[-1], abs(z)))


class _Process:
    """The score process under the null hypothesis, given that no bound was crossed so far.

    Its variance at a look is the look's fraction of the information.
    """

    def __init__(self) -> None:
        self._at = 0.0
        self._points: Floats = np.zeros(1)
        self._masses: Floats = np.ones(1)

    def crossing(self, fraction: float, bound: float) -> float:
        """Return the probability of reaching +-bound standard errors at the next look, and not before."""
        edge, step = bound * math.sqrt(fraction), math.sqrt(fraction - self._at)
        beyond = ndtr((self._points - edge) / step) + ndtr((-self._points - edge) / step)
        return float(self._masses @ beyond)

    def bound(self, fraction: float, chance: float) -> float:
        """Return the bound that is reached with this chance at the next look."""
        low, high = 0.0, FAR
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.crossing(fraction, middle) > chance else (low, middle)
        return high

    def go_on(self, fraction: float, bound: float) -> None:
        """Go on to the next look, at which the bound was not reached."""
        edge, step = min(bound, FAR) * math.sqrt(fraction), math.sqrt(fraction - self._at)
        points = np.linspace(-edge, edge, POINTS)
        density = np.exp(-0.5 * ((points[:, None] - self._points[None, :]) / step) ** 2) / (
            step * math.sqrt(2 * math.pi)
        )
        weights = np.ones(POINTS)
        weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
        self._masses = (density @ self._masses) * weights * (points[1] - points[0]) / 3
        self._points, self._at = points, fraction
