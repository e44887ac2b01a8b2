"""Where the variance of a measure is if people are nested in cells of a between design. Arrays in, numbers out.

Everywhere `cells` has one array for each cell, of shape (people, conditions, replicates), without gaps. All have the
same number of conditions within people (one, if every factor varies between people) and of replicates. Mean squares are
pooled over the cells (Searle, Casella and McCulloch, 1992, chapter 4); conditions are fixed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinytroupe_cli.analysis.bootstrap import drawn_counts
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE
from tinytroupe_cli.analysis.variance_components import (
    PERSONA_DRAWS,
    RESAMPLES,
    Components,
    sums_of_squares,
)


def nested_components(cells: Sequence[Floats]) -> Components:
    """Return the variance components, each of shape (1,); raises ValueError for one answer of each person."""
    return _components(cells, [np.ones((1, len(cell))) for cell in cells])


def resampled_nested(cells: Sequence[Floats], *, seed: int, resamples: int = RESAMPLES) -> Components:
    """Return the components of samples of people, drawn with replacement in each cell; shape (resamples,)."""
    drawn = [drawn_counts(len(cell), resamples, seed + place) for place, cell in enumerate(cells)]
    return _components(cells, [np.concatenate([block.astype(np.float64) for block in one]) for one in drawn])


def _components(cells: Sequence[Floats], counts: Sequence[Floats]) -> Components:
    _, conditions, replicates = cells[0].shape
    if conditions * replicates < 2:  # noqa: PLR2004 - nothing to tell apart
        raise ValueError("variance components need two answers of each person")
    sums = [sums_of_squares(cell, count) for cell, count in zip(cells, counts, strict=True)]
    people, freedom = sum(map(len, cells)), sum(len(cell) - 1 for cell in cells)
    of_people = np.sum([one.people for one in sums], axis=0) / freedom
    noise = np.sum([one.within for one in sums], axis=0) / max(1, people * conditions * (replicates - 1))
    means = np.concatenate([one.means for one in sums], axis=1)
    if conditions == 1:
        total = of_people / replicates
        fixed = means.var(axis=1, ddof=1) - _chance(cells, total, np.zeros_like(total))
        return Components((of_people - noise) / replicates, fixed, None, noise)
    mixed = np.sum([one.mixed for one in sums], axis=0) / (freedom * (conditions - 1))
    own = (of_people - mixed) / (conditions * replicates)
    fixed = means.var(axis=1, ddof=1) - _chance(cells, own, mixed / replicates)
    if replicates == 1:
        return Components(own, fixed, None, mixed)
    return Components(own, fixed, (mixed - noise) / replicates, noise)


def _chance(cells: Sequence[Floats], own: Floats, mixed: Floats) -> Floats:
    """Return what chance adds to the variance of the conditions' means: people of a cell share their own part."""
    inside = cells[0].shape[1]
    count = inside * len(cells)
    each = inside * (own + mixed) - (inside * mixed + inside**2 * own) / count
    return each * sum(1 / len(cell) for cell in cells) / (count - 1)


def nested_correlation(cells: Sequence[Floats]) -> float | None:
    """Return ICC(1) of two replicates of a person in a condition, pooled over cells and conditions.

    None without two replicates or without any variance (Shrout and Fleiss, 1979).
    """
    _, conditions, replicates = cells[0].shape
    if replicates < 2:  # noqa: PLR2004 - nothing to correlate
        return None
    people, freedom = sum(map(len, cells)), sum(len(cell) - 1 for cell in cells)
    between = replicates * _apart(cells) / (conditions * freedom)
    inside = sum(float(np.square(cell - cell.mean(axis=2, keepdims=True)).sum()) for cell in cells)
    inside /= people * conditions * (replicates - 1)
    below = between + (replicates - 1) * inside
    return float((between - inside) / below) if below > 0 else None


def nested_persona_test(cells: Sequence[Floats], *, seed: int, draws: int = PERSONA_DRAWS) -> float:
    """Return the p-value of "answers do not depend on the person".

    People are permuted within cell, condition and replicate.
    """
    generator, observed, reached = np.random.default_rng(seed), _apart(cells), 0
    columns = [cell.reshape(len(cell), -1).T for cell in cells]
    for _ in range(draws):
        dealt = [
            generator.permuted(column, axis=1).T.reshape(cell.shape)
            for column, cell in zip(columns, cells, strict=True)
        ]
        reached += _apart(dealt) >= observed - TOLERANCE * max(1.0, observed)
    return (reached + 1) / (draws + 1)


def _apart(cells: Sequence[Floats]) -> float:
    """Return the squares of people's means from their condition's mean."""
    means = [cell.mean(axis=2) for cell in cells]
    return sum(float(np.square(mean - mean.mean(axis=0)).sum()) for mean in means)
