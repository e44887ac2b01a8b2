"""Samples of simulated and human answers: bootstrap, permuted labels, halves of the people.

Where a simulated unit is the twin of a person, both are drawn together. Arrays in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.answer_sets import AnswerSet, pooled
from tinytroupe_cli.analysis.distances import Floats


@dataclass(frozen=True, slots=True)
class Sides:
    """The answers that are held against each other."""

    simulated: AnswerSet
    humans: AnswerSet
    twins: NDArray[np.int64]
    """Shape (pairs, 2): unit and person of each twin; may be empty."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Shares of answers in samples of both sides, shape (samples, answers)."""

    simulated: Floats
    humans: Floats


@dataclass(frozen=True, slots=True)
class Halves:
    """The people split in halves, and simulated units in samples of the second half's size."""

    first: Floats
    """Shares in one half of the people."""
    second: Floats
    """Shares in as many of the other half as `size` says."""
    simulated: Floats
    """Shares among as many simulated units."""
    size: int
    """Units in `second`, and in `simulated`."""


def bootstrap(sides: Sides, draws: int, generator: np.random.Generator) -> Sampled:
    """Draw samples with replacement from both sides; twins are drawn together."""
    counts = [np.zeros((draws, answers.count)) for answers in (sides.simulated, sides.humans)]
    pairs = len(sides.twins)
    if pairs:
        together = generator.multinomial(pairs, np.full(pairs, 1 / pairs), size=draws)
        for side, count in enumerate(counts):
            count[:, sides.twins[:, side]] = together
    for side, count in enumerate(counts):
        alone = np.setdiff1d(np.arange(count.shape[1]), sides.twins[:, side])
        if len(alone):
            count[:, alone] = generator.multinomial(len(alone), np.full(len(alone), 1 / len(alone)), size=draws)
    return Sampled(sides.simulated.shares(counts[0]), sides.humans.shares(counts[1]))


def permuted(sides: Sides, draws: int, generator: np.random.Generator) -> Sampled:
    """Permute which side an answer belongs to; twins swap within their pair."""
    both, own = pooled(sides.simulated, sides.humans), sides.simulated.count
    labels = np.zeros((draws, both.count), dtype=bool)
    alone = np.setdiff1d(np.arange(both.count), np.concatenate([sides.twins[:, 0], sides.twins[:, 1] + own]))
    labels[:, alone] = generator.permuted(np.tile(alone < own, (draws, 1)), axis=1)
    swapped = generator.random((draws, len(sides.twins))) < 0.5  # noqa: PLR2004 - a fair coin
    labels[:, sides.twins[:, 0]] = ~swapped
    labels[:, sides.twins[:, 1] + own] = swapped
    return Sampled(both.shares(labels.astype(np.float64)), both.shares((~labels).astype(np.float64)))


def halves(sides: Sides, draws: int, generator: np.random.Generator) -> Halves:
    """Split the people in halves, and draw simulated units and people of the second half in equal number.

    Distances grow as samples shrink, so both are held against the first half at one size.
    """
    people, units = sides.humans.count, sides.simulated.count
    half = people // 2
    size = min(people - half, units)
    order = generator.permuted(np.tile(np.arange(people), (draws, 1)), axis=1)
    chosen = generator.permuted(np.tile(np.arange(units), (draws, 1)), axis=1)
    return Halves(
        sides.humans.shares((order < half).astype(np.float64)),
        sides.humans.shares(((order >= half) & (order < half + size)).astype(np.float64)),
        sides.simulated.shares((chosen < size).astype(np.float64)),
        size,
    )
