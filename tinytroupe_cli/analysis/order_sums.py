"""Sums of answers by the place in which what they name was shown: as they are, rearranged, and resampled.

Arrays in, arrays out; knows no plan, event or prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE

MAX_DRAWN: Final = 4_000_000
"""Draws times people: with 1,000 people there are 4,000 draws at most."""
MAX_GATHERED: Final = 4_000_000
"""Values rearranged at once."""
MIN_DRAWN: Final = 999
"""Draws there are at least."""


@dataclass(frozen=True, slots=True)
class OrderedAnswers:
    """Answers, and where what they name stood when they were given.

    A column is an option with the share of answers that chose it, or the one number of a measure. A slot is a person's
    answers to one replicate and sample, one in each condition. A person counts once, however many answers they gave.
    """

    values: Floats
    """Shape (people, slots, columns): the mean answer; 0 where there is none."""
    stated: Floats
    """Shape (people, slots): number of answers."""
    places: NDArray[np.int64]
    """Shape (people, slots, columns): the place of the option, the scale's direction or the item's place, from 0."""
    cells: tuple[int, ...]
    """The cell of each person: orders were dealt within it."""
    count: int
    """Number of places."""

    @property
    def weights(self) -> Floats:
        """Return each slot's share of the person's answers; shape (people, slots)."""
        return self.stated / np.maximum(self.stated.sum(axis=1, keepdims=True), 1)

    @property
    def at(self) -> Floats:
        """Return 1 where a column stood in a place, else 0; shape (people, slots, columns, places)."""
        return (self.places[..., None] == np.arange(self.count)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class OrderSums:
    """Sums over people and slots, by column and place; shape (draws, columns, places) each.

    Each person's answers have weights that add up to 1, so that means and shares are averaged over people.
    """

    named: Floats
    """Of the answers, weighted."""
    shown: Floats
    """Weights of the answers that were given with the column in this place."""

    @property
    def means(self) -> Floats:
        """Return the mean answer by column and place; 0 where nobody saw that."""
        return np.divide(self.named, self.shown, out=np.zeros_like(self.named), where=self.shown > 0)

    @property
    def shares(self) -> Floats:
        """Return the mean answer by column, over all places; shape (draws, columns)."""
        return self.named.sum(axis=2) / np.maximum(self.shown.sum(axis=2), TOLERANCE)

    @property
    def chosen(self) -> Floats:
        """Return how many people's answers named what stood in each place; shape (draws, places)."""
        return self.named.sum(axis=1)

    @property
    def expected(self) -> Floats:
        """Return how many would if only the columns' own shares counted; shape (draws, places)."""
        return np.einsum("rc,rcj->rj", self.shares, self.shown)


def sums_by_person(answers: OrderedAnswers) -> OrderSums:
    """Return the sums of each person, in place of draws."""
    named = np.einsum("ns,nsc,nscj->ncj", answers.weights, answers.values, answers.at)
    return OrderSums(named, np.einsum("ns,nscj->ncj", answers.weights, answers.at))


def added(own: OrderSums, counts: Floats) -> OrderSums:
    """Add up people, each as often as `counts`, shape (draws, people), has them."""
    shape = (len(counts), *own.named.shape[1:])
    named, shown = (counts @ sums.reshape(len(sums), -1) for sums in (own.named, own.shown))
    return OrderSums(named.reshape(shape), shown.reshape(shape))


def rearranged(answers: OrderedAnswers, *, draws: int, seed: int) -> OrderSums:
    """Return the sums with orders permuted over the people of each cell."""
    people = len(answers.cells)
    every = _arrangements(answers.cells, min(draws, _most(people)), seed)
    size = max(1, MAX_GATHERED // answers.values.size)
    at = answers.at.reshape(-1, *answers.at.shape[2:])
    parts = [_given(answers, at, every[start : start + size]) for start in range(0, len(every), size)]
    return OrderSums(np.concatenate([part.named for part in parts]), np.concatenate([part.shown for part in parts]))


def resampled(own: OrderSums, *, draws: int, seed: int) -> OrderSums:
    """Return the sums of samples of people, drawn with replacement."""
    people = len(own.named)
    return added(own, _drawn_counts(people, min(draws, _most(people)), seed))


def _given(answers: OrderedAnswers, at: Floats, people: NDArray[np.int32]) -> OrderSums:
    """Return the sums with other people's answers; `people`: shape (draws, people); `at`: people and slots in one."""
    weights = answers.weights
    values = (answers.values * weights[..., None])[people].reshape(len(people), len(at), -1)
    stated = weights[people].reshape(len(people), -1)
    columns: Sequence[int] = range(at.shape[1])
    named = np.stack([values[:, :, column] @ at[:, column] for column in columns], axis=1)
    return OrderSums(named, np.stack([stated @ at[:, column] for column in columns], axis=1))


def _most(people: int) -> int:
    return max(MIN_DRAWN, MAX_DRAWN // people)


@lru_cache(maxsize=1)
def _arrangements(cells: tuple[int, ...], draws: int, seed: int) -> NDArray[np.int32]:
    """Return who stands in for whom, within cells; measures of the same people share the draws."""
    generator = np.random.default_rng(seed)
    found = np.tile(np.arange(len(cells), dtype=np.int32), (draws, 1))
    for cell in dict.fromkeys(cells):
        own = np.flatnonzero(np.array(cells) == cell)
        found[:, own] = generator.permuted(found[:, own], axis=1)
    return found


@lru_cache(maxsize=1)
def _drawn_counts(people: int, draws: int, seed: int) -> Floats:
    """Return how often each person is drawn; shape (draws, people)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(people, np.full(people, 1 / people), size=draws).astype(np.float64)
