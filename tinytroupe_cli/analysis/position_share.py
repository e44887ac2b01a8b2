"""The position share: how many answers go to the first or the last option, whichever it is. Arrays in, numbers out.

Balanced orders keep the ranking of options right; the shares are still pulled towards 1 / k. A mixture model takes
that out: with chance b an answer is the option in the place, else the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.order_sums import OrderSums
from tinytroupe_cli.analysis.permutation import TOLERANCE, p_of_draws
from tinytroupe_cli.analysis.score_intervals import Interval


@dataclass(frozen=True, slots=True)
class PlaceExcess:
    """How often the option in one place was chosen, whichever it was."""

    share: float
    """Share of answers that named the option in this place."""
    p: float
    """p-value of the difference from what the options' own shares make of it."""
    position_share: float | None
    """b; None: every answer names this place."""
    interval: Interval | None
    shares: tuple[float, ...]
    """Shares of the options as counted."""
    corrected: tuple[float, ...]
    """Their shares without the answers that went to the place."""
    corrected_intervals: tuple[Interval, ...]


def position_share(share: Floats, options: int) -> Floats:
    """Return b from the share of answers in a place, s = (1 - b) / k + b, where each option stands there equally often.

    Negative where the place is avoided.
    """
    return (options * share - 1) / (options - 1)


def corrected_shares(shares: Floats, position: Floats) -> Floats:
    """Return options' shares without the answers that went to a place: (p - b / k) / (1 - b), at least 0, adding to 1.

    `shares`: shape (..., options); `position`: b below 1, shape (...).
    """
    b = position[..., None]
    own = np.maximum((shares - b / shares.shape[-1]) / (1 - b), 0.0)
    return own / np.maximum(own.sum(axis=-1, keepdims=True), TOLERANCE)


def excess_of_place(
    observed: OrderSums, arranged: OrderSums, drawn: OrderSums, *, place: int, alpha: float
) -> PlaceExcess:
    """Return the excess of a place, its position share and the corrected shares.

    `arranged` has orders permuted over people, for p; `drawn` has resampled people, for percentile intervals.
    """
    options = observed.named.shape[1]
    share = _share(observed, place)
    p = p_of_draws(_gap(arranged, place), _gap(observed, place))
    b = position_share(share, options)
    if b[0] >= 1 - TOLERANCE:
        return PlaceExcess(float(share[0]), p, None, None, (), (), ())
    draws = np.minimum(position_share(_share(drawn, place), options), 1 - TOLERANCE)
    ends = [alpha / 2, 1 - alpha / 2]
    low, high = np.quantile(draws, ends)
    lows, highs = np.quantile(corrected_shares(drawn.shares, draws), ends, axis=0)
    return PlaceExcess(
        share=float(share[0]),
        p=p,
        position_share=float(b[0]),
        interval=Interval(float(low), float(high)),
        shares=tuple(map(float, observed.shares[0])),
        corrected=tuple(map(float, corrected_shares(observed.shares, b)[0])),
        corrected_intervals=tuple(
            Interval(float(lower), float(other)) for lower, other in zip(lows, highs, strict=True)
        ),
    )


def _share(sums: OrderSums, place: int) -> Floats:
    return sums.chosen[:, place] / np.maximum(sums.chosen.sum(axis=1), TOLERANCE)


def _gap(sums: OrderSums, place: int) -> Floats:
    return np.abs(sums.chosen[:, place] - sums.expected[:, place])
