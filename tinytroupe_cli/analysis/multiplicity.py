"""Corrections of p-values for many comparisons. Numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Correction = Literal["holm", "benjamini_hochberg", "none"]


def corrected(p_values: Sequence[float], method: Correction) -> list[float]:
    """Return the p-values of one family, corrected, in the order given."""
    match method:
        case "holm":
            return holm(p_values)
        case "benjamini_hochberg":
            return benjamini_hochberg(p_values)
        case "none":
            return list(p_values)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values that control the family-wise error rate (Holm, 1979)."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    found = [0.0] * len(p_values)
    reached = 0.0
    for rank, at in enumerate(order):
        reached = max(reached, min(1.0, (len(p_values) - rank) * p_values[at]))
        found[at] = reached
    return found


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return p-values that control the false discovery rate (Benjamini and Hochberg, 1995)."""
    order = sorted(range(len(p_values)), key=lambda at: -p_values[at])
    found = [0.0] * len(p_values)
    reached = 1.0
    for rank, at in enumerate(order):
        reached = min(reached, p_values[at] * len(p_values) / (len(p_values) - rank))
        found[at] = reached
    return found
