"""Confidence sequences: intervals that hold at every look, however often one looks. Numbers in, numbers out.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, "Time-uniform central limit
theory and asymptotic confidence sequences"). It may be looked at after every person, and the run may stop
for any reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Look(NamedTuple):
    """What was seen at one look."""

    people: int
    """People so far; of two separate groups, of both."""
    estimate: float
    error: float
    """Standard error of the estimate."""


def mixture_variance(best_at: float, alpha: float) -> float:
    """Return the parameter rho squared that makes the sequence narrowest at about `best_at` people.

    Fixed before the first look. Raises ValueError for a count that is not above 0.
    """
    if best_at <= 0:
        raise ValueError(f"a confidence sequence expects a count above 0, got {best_at}")
    return (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / best_at


def half_width(look: Look, alpha: float, rho2: float) -> float:
    """Return half the width of the interval at a look, with a simultaneous confidence of 1 - alpha over all looks."""
    growth = look.people * rho2 + 1
    return look.error * math.sqrt(2 * growth / (look.people * rho2) * math.log(math.sqrt(growth) / alpha))


def sequential_p(looks: Iterable[Look], rho2: float) -> float:
    """Return the p-value after some looks: the least alpha at which an interval of the sequence excluded 0.

    At most 1. A look without variance counts only if its estimate is 0, as no evidence.
    """
    found = 1.0
    for look in looks:
        if look.error <= 0:
            continue
        growth = look.people * rho2 + 1
        distance = (look.estimate / look.error) ** 2 * look.people * rho2 / (2 * growth)
        found = min(found, math.sqrt(growth) * math.exp(-distance))
    return found
