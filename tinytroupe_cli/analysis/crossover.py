"""Crossover designs: units meet conditions one after another. Arrays in, numbers out; knows no plan, event or prompt.

The model has an effect of each unit, of each period and of each condition (Jones and Kenward, 2014, Design and Analysis
of Cross-Over Trials, chapter 5; Senn, 2002, Cross-over Trials in Clinical Research, chapter 3). Every unit has a value
in every period.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.permutation import (
    MAX_EXACT,
    TOLERANCE,
    Floats,
    PermutationTest,
    drawn_test,
    exact_test,
    unit_orders,
)

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Crossover:
    """The sequences of a crossover design, and which unit has which.

    With a value in every period, the matrix of normal equations depends only on how often each sequence is used. It is
    therefore the same however the sequences are assigned to units.
    """

    kinds: Integers
    """Number of the condition in each period, from 0; shape (sequences, periods)."""
    labels: Integers
    """Number of each unit's sequence; shape (units,)."""

    @property
    def size(self) -> int:
        """Return the number of conditions, which is that of periods."""
        return self.kinds.shape[1]

    def indicators(self) -> Floats:
        """Return 1 where a sequence has a condition in a period, without the mean of units and of periods.

        Shape (sequences, periods, conditions).
        """
        return self.without_means(np.eye(self.size)[self.kinds])

    def without_means(self, columns: Floats) -> Floats:
        """Take the means of units and of periods from columns of shape (sequences, periods, columns)."""
        centered = columns - columns.mean(axis=1, keepdims=True)
        shares = np.bincount(self.labels, minlength=len(self.kinds)) / len(self.labels)
        return centered - np.einsum("s,spc->pc", shares, centered)

    def products(self, columns: Floats) -> Floats:
        """Return the sums of squares and products of columns over units; shape (columns, columns)."""
        counts = np.bincount(self.labels, minlength=len(self.kinds)).astype(np.float64)
        return np.einsum("s,spc,spd->cd", counts, columns, columns)


def crossover_of(sequences: Integers) -> Crossover:
    """Return the design in which each unit has its row of conditions; shape (units, periods)."""
    kinds, labels = np.unique(sequences, axis=0, return_inverse=True)
    return Crossover(kinds, labels.reshape(-1))


def doubly_centered(values: Floats) -> Floats:
    """Take the means of units and of periods from values of shape (units, periods)."""
    return values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()


@dataclass(frozen=True, slots=True)
class CrossoverFit:
    """Least-squares estimates of a crossover design."""

    means: Floats
    """Mean of each condition, adjusted for periods; shape (conditions,)."""
    periods: Floats
    """Mean of each period, adjusted for conditions; shape (periods,)."""
    effects: Floats
    """Effect of each condition, adjusted for periods: they add up to 0; shape (conditions,)."""


def crossover_fit(values: Floats, design: Crossover) -> CrossoverFit:
    """Return the estimates from values of shape (units, periods)."""
    columns = design.indicators()
    sums = np.einsum("ipc,ip->c", columns[design.labels], doubly_centered(values))
    effects = np.linalg.pinv(design.products(columns)) @ sums
    met = effects[design.kinds[design.labels]]
    return CrossoverFit(values.mean() + effects, (values - met).mean(axis=0), effects)


def is_estimable(design: Crossover, weights: Floats) -> bool:
    """Return whether the design can tell a contrast of conditions from the effects of units and periods."""
    found = design.products(design.indicators())
    return bool(np.allclose(found @ np.linalg.pinv(found) @ weights, weights, atol=1e-8))


def without_periods(values: Floats, design: Crossover) -> Floats:
    """Return values without the effects of periods; their mean in each condition is the adjusted mean.

    `values`, and what is returned: shape (units, periods).
    """
    periods = crossover_fit(values, design).periods
    return values - (periods - periods.mean())


def partial_eta_squared_of_levels(values: Floats, design: Crossover, levels: Floats) -> float | None:
    """Return the share of the variance, without units and periods, that is between levels (Cohen, 1973).

    The sum of squares of the levels is that of the hypothesis that their adjusted means are equal, divided by itself
    and the model's residual sum of squares. `values`: shape (units, periods); `levels`: the weight of each condition in
    the mean of each level, shape (levels, conditions). None where nothing varies.
    """
    columns, effects = design.indicators(), crossover_fit(values, design).effects
    apart = levels - levels.mean(axis=0)
    variances: Floats = apart @ np.linalg.pinv(design.products(columns)) @ apart.T
    means: Floats = apart @ effects
    between = float((means @ np.linalg.pinv(variances) * means).sum())
    rest = float(np.square(doubly_centered(values) - columns[design.labels] @ effects).sum())
    total = between + rest
    is_noise = total <= (TOLERANCE * max(1.0, float(np.abs(values).max()))) ** 2
    return None if is_noise else between / total


@dataclass(frozen=True, slots=True)
class ContrastEstimate:
    """A contrast of conditions."""

    estimate: float
    error: float
    """Standard error, robust to any dependence within a unit."""
    freedom: float
    """Degrees of freedom; 0 if the error is 0."""


def crossover_contrast(values: Floats, design: Crossover, weights: Floats) -> ContrastEstimate:
    """Estimate a contrast; its error is CR2 by unit (Bell and McCaffrey, 2002), with their degrees of freedom.

    `values`: shape (units, periods); `weights`: shape (conditions,), adding up to 0. Units' effects are absorbed, which
    leaves CR2 as it is (Pustejovsky and Tipton, 2018).
    """
    size, labels = design.size, design.labels
    each = np.broadcast_to(np.eye(size) - 1 / size, (len(design.kinds), size, size))
    columns = np.concatenate([np.eye(size)[design.kinds] - 1 / size, each], axis=2)
    inverse = np.asarray(np.linalg.pinv(design.products(columns)), dtype=np.float64)
    contrast = np.concatenate([weights, np.zeros(size)])
    scale = np.stack([_inverse_root(np.eye(size) - own @ inverse @ own.T) for own in columns])
    loads = np.einsum("spq,sqc,c->sp", scale, columns, inverse @ contrast)
    residuals = _residuals(values, columns[labels], inverse)
    sums = np.einsum("ip,ipc->c", values - values.mean(axis=1, keepdims=True), columns[labels])
    variance = float(np.square(np.einsum("ip,ip->i", loads[labels], residuals)).sum())
    reach = np.einsum("spc,sp->sc", columns, loads)[labels]
    own = np.square(loads).sum(axis=1)[labels]
    shared = np.einsum("ic,cd,id->i", reach, inverse, reach)
    spread = inverse @ (reach.T @ reach)
    squares = float(np.square(own).sum() - 2 * (own * shared).sum() + np.trace(spread @ spread))
    freedom = float((own - shared).sum()) ** 2 / squares if squares > 0 else 0.0
    estimate = float(contrast @ inverse @ sums)
    is_noise = variance <= (TOLERANCE * max(1.0, float(np.abs(values).max()))) ** 2
    return ContrastEstimate(estimate, 0.0 if is_noise else math.sqrt(variance), freedom)


def _residuals(values: Floats, columns: Floats, inverse: Floats) -> Floats:
    centered = values - values.mean(axis=1, keepdims=True)
    fitted = np.einsum("ipc,c->ip", columns, inverse @ np.einsum("ip,ipc->c", centered, columns))
    return centered - fitted


def _inverse_root(matrix: Floats) -> Floats:
    """Return the symmetric inverse square root; directions without length are left out."""
    lengths, axes = np.linalg.eigh(matrix)
    roots = np.where(lengths > TOLERANCE, 1 / np.sqrt(np.maximum(lengths, TOLERANCE)), 0.0)
    return (axes * roots) @ axes.T


def contrast_test(
    values: Floats, design: Crossover, weights: Floats, *, draws: int, seed: int, blocks: Sequence[str] = ()
) -> PermutationTest:
    """Test a contrast of conditions by assigning the sequences to units again, as they were assigned.

    `values`: shape (units, periods); `blocks`: the block of each unit. The statistic is the contrast divided by its
    error, which is robust to any dependence within a unit. Exact for the sharp null that no value depends on the
    sequence (Fisher, 1935).
    """
    columns = design.indicators()
    inverse = np.linalg.pinv(design.products(columns))
    centered = doubly_centered(values)
    loads = columns @ (inverse @ weights)
    projections = np.einsum("spc,ip->isc", columns, centered)
    scores, slopes = centered @ loads.T, np.einsum("spc,sp->sc", columns, loads)
    floor = TOLERANCE * float(np.square(centered).sum())

    def statistic(labels: Integers) -> Floats:
        effects = _summed(projections, labels) @ inverse
        own = np.take_along_axis(scores, labels.T, axis=1).T
        influence = own - np.einsum("dic,dc->di", slopes[labels], effects)
        estimate, variance = np.abs(own.sum(axis=1)), np.square(influence).sum(axis=1)
        largest = np.where(estimate > floor, np.inf, 0.0)
        return np.divide(estimate, np.sqrt(variance), out=largest, where=variance > floor * floor)

    return sequences_reassigned(statistic, design.labels, draws=draws, seed=seed, blocks=blocks)


def levels_test(
    columns_of_values: Sequence[Floats],
    design: Crossover,
    levels: Floats,
    *,
    draws: int,
    seed: int,
    blocks: Sequence[str] = (),
) -> PermutationTest:
    """Test whether any levels differ, by assigning the sequences to units again.

    `columns_of_values`: one array of shape (units, periods) per option of a choice, or one in all; `levels`: the weight
    of each condition in the mean of each level, shape (levels, conditions). The statistic is the sum of the squared
    deviations of the levels' adjusted means.
    """
    columns = design.indicators()
    apart = (levels - levels.mean(axis=0)) @ np.linalg.pinv(design.products(columns))
    projections = [np.einsum("spc,ip->isc", columns, doubly_centered(values)) for values in columns_of_values]

    def statistic(labels: Integers) -> Floats:
        return sum(
            (np.square(_summed(one, labels) @ apart.T).sum(axis=1) for one in projections), np.zeros(len(labels))
        )

    return sequences_reassigned(statistic, design.labels, draws=draws, seed=seed, blocks=blocks)


def sequences_reassigned(
    statistic: Callable[[Integers], Floats], labels: Integers, *, draws: int, seed: int, blocks: Sequence[str] = ()
) -> PermutationTest:
    """Test by a statistic of the sequences of all units, shape (assignments, units), when they are assigned again.

    `labels`: the number of each unit's sequence; `blocks`: the block of each unit, within which sequences change units.
    """
    observed = float(statistic(labels[None])[0])
    numbers = np.unique(list(blocks), return_inverse=True)[1] if len(blocks) else np.zeros(len(labels), dtype=np.int64)
    parts = [tuple(labels[numbers == number].tolist()) for number in range(int(numbers.max()) + 1)]
    if math.prod(map(_arrangements, parts)) <= MAX_EXACT:
        every = np.empty((math.prod(map(_arrangements, parts)), len(labels)), dtype=np.int64)
        for number, own in enumerate(zip(*product(*map(_every, parts)), strict=True)):
            every[:, numbers == number] = own
        return exact_test(observed, statistic(every))
    return drawn_test(
        observed, np.concatenate([statistic(labels[orders]) for orders in unit_orders(numbers, draws, seed)])
    )


def _summed(projections: Floats, labels: Integers) -> Floats:
    """Return the sums over units of what each has with its sequence; shape (assignments, columns)."""
    units = np.arange(len(projections))
    return np.column_stack([projections[units, labels, column].sum(axis=1) for column in range(projections.shape[2])])


def _arrangements(labels: tuple[int, ...]) -> int:
    counts = np.unique(labels, return_counts=True)[1].tolist()
    return math.factorial(len(labels)) // math.prod(math.factorial(count) for count in counts)


@lru_cache(maxsize=8)
def _every(labels: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Return every different order of labels."""
    return tuple(_orders(tuple(sorted(labels))))


def _orders(labels: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if not labels:
        yield ()
    for label in dict.fromkeys(labels):
        at = labels.index(label)
        yield from ((label, *rest) for rest in _orders((*labels[:at], *labels[at + 1 :])))
