"""Answers of many units as one set that can be resampled: shares of each answer in it, or in samples from it.

A unit that answered several times has a distribution of its own and counts once. Arrays in, arrays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats

CountArray = NDArray[np.int64]
BLOCK = 4_000_000
"""Entries held in memory at once."""
FEW = 32
"""Possible answers up to which shares are a product of matrices."""


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """The answers of some units, each answer by its place among all possible ones."""

    unit: CountArray
    """Shape (entries,): the unit that an entry belongs to."""
    answer: CountArray
    """Shape (entries,): the place of the answer."""
    mass: Floats
    """Shape (entries,): the share of that answer among the unit's; a unit's entries add up to 1."""
    weight: Floats
    """Shape (units,): how much each unit counts."""
    size: int
    """Number of possible answers."""

    @property
    def count(self) -> int:
        """Return the number of units."""
        return len(self.weight)

    def shares(self, counts: Floats | None = None) -> Floats:
        """Return the weighted share of each answer; with `counts`, shape (samples, units), those of each sample.

        `counts` says how often a unit is in a sample. A sample without weight has equal shares of nothing: zeros.
        """
        if counts is None:
            return self.shares(np.ones((1, self.count)))[0]
        block = max(1, BLOCK // max(1, len(self.unit)))
        return np.concatenate([self._shares(counts[at : at + block]) for at in range(0, len(counts), block)])

    def _shares(self, counts: Floats) -> Floats:
        weighted = counts * self.weight
        totals = weighted.sum(axis=1, keepdims=True)
        sums = weighted @ self.matrix() if self.size <= FEW else self._sums(weighted)
        return np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)

    def _sums(self, weighted: Floats) -> Floats:
        """Return the weight of each answer in each sample, without a matrix of all units by all answers."""
        samples = len(weighted)
        places = (np.arange(samples)[:, None] * self.size + self.answer).ravel()
        masses = (weighted[:, self.unit] * self.mass).ravel()
        sums = np.bincount(places, weights=masses, minlength=samples * self.size).reshape(samples, self.size)
        return sums.astype(np.float64)

    def scores(self, values: Floats) -> Floats:
        """Return each unit's mean value, shape (units,)."""
        found = np.zeros(self.count)
        np.add.at(found, self.unit, values[self.answer] * self.mass)
        return found

    def matrix(self) -> Floats:
        """Return each unit's own shares, shape (units, answers)."""
        found = np.zeros((self.count, self.size))
        np.add.at(found, (self.unit, self.answer), self.mass)
        return found

    def only(self, kept: NDArray[np.bool_]) -> AnswerSet:
        """Return the units that are kept, in their order; `kept` has shape (units,)."""
        number = np.cumsum(kept) - 1
        inside = kept[self.unit]
        return AnswerSet(
            number[self.unit[inside]], self.answer[inside], self.mass[inside], self.weight[kept], self.size
        )


def answer_set(units: Sequence[Sequence[tuple[int, float]]], weights: Sequence[float], size: int) -> AnswerSet:
    """Return a set of units, each with its answers' places and shares. Weights are scaled to a mean of 1."""
    entries = [(unit, answer, mass) for unit, own in enumerate(units) for answer, mass in own]
    weight = np.array(weights, dtype=np.float64)
    return AnswerSet(
        np.array([unit for unit, _, _ in entries], dtype=np.int64),
        np.array([answer for _, answer, _ in entries], dtype=np.int64),
        np.array([mass for _, _, mass in entries], dtype=np.float64),
        weight / weight.mean() if len(weight) and weight.sum() > 0 else weight,
        size,
    )


def pooled(first: AnswerSet, second: AnswerSet) -> AnswerSet:
    """Return both sets as one; the first's units come first."""
    return AnswerSet(
        np.concatenate([first.unit, second.unit + first.count]),
        np.concatenate([first.answer, second.answer]),
        np.concatenate([first.mass, second.mass]),
        np.concatenate([first.weight, second.weight]),
        first.size,
    )
