"""Finds the temperature at which ratings are nearest to human answers. Arrays in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from tinytroupe_cli.analysis.distances import Floats, kolmogorov_smirnov

GRID: Final = np.exp(math.log(20) * np.linspace(-1.0, 1.0, 241, dtype=np.float64))
"""Temperatures that are tried: from 1/20 to 20, with 1 in the middle."""
RESAMPLES: Final = 2_000


def fit_temperature(
    pmfs: Floats,
    units: Mapping[str, Sequence[tuple[int, float]]],
    halves: tuple[Sequence[int], Sequence[int]],
    *,
    seed: int,
) -> dict[str, Any]:
    """Return temperature and distances, named as in `FittedTemperature`.

    `pmfs`: shape (rows, points), at temperature 1; `units`: unit -> its rows with their weights. `halves`: the points
    that people chose, from 0, of those to fit to and of the others. The temperature has the smallest
    Kolmogorov-Smirnov distance between the mean distribution and the first half; of several, the one nearest to 1.
    """
    points = pmfs.shape[1]
    first, second = (_shares(half, points) for half in halves)
    weights = _weights(units, len(pmfs))
    means = _mean_over(weights.sum(axis=0), at_temperatures(pmfs, GRID))
    distances = kolmogorov_smirnov(means, first[None])
    nearest = np.abs(np.log(GRID))
    best = min(range(len(GRID)), key=lambda at: (round(float(distances[at]), 9), float(nearest[at])))
    fitted = at_temperatures(pmfs, [float(GRID[best])])[0]
    distance = float(kolmogorov_smirnov(means[best], second))
    low, high = _interval(weights @ fitted, second, len(halves[1]), seed)
    return {
        "temperature": float(GRID[best]),
        "distance_fitted": float(distances[best]),
        "distance": distance,
        "low": min(low, distance),  # resampling only ever adds distance
        "high": max(high, distance),
        "distance_unfitted": float(kolmogorov_smirnov(means[len(GRID) // 2], second)),
    }


def at_temperatures(pmfs: Sequence[Sequence[float]] | Floats, temperatures: Sequence[float] | Floats) -> Floats:
    """Return distributions at each temperature above 0, shape (temperatures, rows, points): p^(1/T), renormalized."""
    own = np.asarray(pmfs, dtype=np.float64)
    own = own / own.max(axis=1, keepdims=True)  # a power of small shares would be 0 everywhere
    raised = own[None] ** (1 / np.asarray(temperatures, dtype=np.float64))[:, None, None]
    return raised / raised.sum(axis=2, keepdims=True)


def _interval(sums: Floats, human: Floats, count: int, seed: int) -> tuple[float, float]:
    """Return percentiles of the distance over draws of units and people; `sums`: shape (units, points)."""
    generator = np.random.default_rng(seed)
    people = generator.multinomial(count, human / human.sum(), size=RESAMPLES) / count
    units = generator.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    mixed = units @ sums
    drawn = kolmogorov_smirnov(mixed / mixed.sum(axis=1, keepdims=True), people)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def _weights(units: Mapping[str, Sequence[tuple[int, float]]], rows: int) -> Floats:
    """Return the weight of each row in each unit, shape (units, rows)."""
    found = np.zeros((len(units), rows))
    for number, own in enumerate(units.values()):
        for row, weight in own:
            found[number, row] = weight
    return found


def _mean_over(weights: Floats, pmfs: Floats) -> Floats:
    """Return the weighted mean of rows, shape (temperatures, points)."""
    return np.einsum("r,trp->tp", weights / weights.sum(), pmfs)


def _shares(places: Sequence[int], points: int) -> Floats:
    return np.bincount(list(places), minlength=points) / len(places)
