"""How often something holds over many draws of a generator: for the tests of a known truth (`pytest -m truth`).

Every figure that is held against a bar is noted, so that `python tests/truth_table.py` can print them all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

ARRANGEMENTS = 499
ALPHA = 0.05
_noted: list[tuple[float, float | None, float | None]] = []


def number_of_draws(short: int = 300) -> int:
    """Return how many draws a generator makes: `short` in CI, or what TROUPE_TRUTH says.

    Figures that are published use 2,000.
    """
    return int(os.environ.get("TROUPE_TRUTH", str(short)))


DRAWS = number_of_draws()


def rate(holds: Callable[[np.random.Generator, int], bool], draws: int = DRAWS) -> float:
    """Return how often something holds, over generators of their own."""
    return float(np.mean([holds(np.random.default_rng(seed), seed) for seed in range(draws)]))


def noise(wanted: float, draws: int = DRAWS) -> float:
    """Return three standard errors of a rate over that many draws."""
    return 3 * float(np.sqrt(wanted * (1 - wanted) / draws))


def is_within(found: float, low: float | None, high: float | None) -> bool:
    """Return whether a figure is within its bar, and note both; a bar may have one end."""
    _noted.append(
        (float(found), *(None if end is None else float(end) for end in (low, high)))
    )  # xdist sends plain numbers only
    return (low is None or found >= low) and (high is None or found <= high)


def is_near(found: float, wanted: float, *, slack: float = 0.015, draws: int = DRAWS) -> bool:
    """Return whether a rate is the wanted one, but for the bar's slack and the noise of the draws."""
    allowed = slack + noise(wanted, draws)
    return is_within(found, wanted - allowed, wanted + allowed)


def is_at_least(found: float, bar: float) -> bool:
    """Return whether a figure reaches its bar, and note both."""
    return is_within(found, bar, None)


def is_at_most(found: float, bar: float) -> bool:
    """Return whether a figure stays below its bar, and note both."""
    return is_within(found, None, bar)


@contextmanager
def noting() -> Iterator[list[tuple[float, float | None, float | None]]]:
    """Yield the list of the figures, each with the ends of its bar, that are noted inside."""
    _noted.clear()
    yield _noted
