"""Agreement of people with their simulated twins: each person's own answer against that of their twin.

Arrays in, numbers out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.answer_sets import CountArray
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.fidelity_result import Agreement, AgreementName

MIN_PAIRS = 3
"""Pairs below which there is no agreement."""


@dataclass(frozen=True, slots=True)
class Twins:
    """People and their twins, in the same order."""

    simulated: Floats
    """Shape (pairs, answers): the share of each answer among a twin's answers."""
    human: CountArray
    """Shape (pairs,): the place of the person's answer."""
    retest: CountArray
    """Shape (pairs,): the place of their second answer; -1: none."""
    weight: Floats
    """Shape (pairs,)."""


def agreements(
    twins: Twins, values: Floats | None, *, has_categories: bool, draws: int, seed: int, alpha: float
) -> tuple[Agreement, ...]:
    """Return the figures of agreement; `values` are the answers' numbers, None: a choice."""
    count = len(twins.human)
    if count < MIN_PAIRS:
        return ()
    generator = np.random.default_rng((seed, 4))
    chosen = generator.integers(0, count, (draws, count))
    found: list[Agreement] = []
    for name, per_pair in _costs(twins, values, has_categories=has_categories):
        weighted = twins.weight[chosen]
        drawn = (per_pair.own[chosen] * weighted).sum(axis=1) / weighted.sum(axis=1)
        value = float(np.average(per_pair.own, weights=twins.weight))
        found.append(_with_retest(name, value, drawn, alpha=alpha, chance=per_pair.chance, retest=per_pair.retest))
    if values is not None:
        found += _correlations(twins, values, chosen, alpha)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _PerPair:
    own: Floats
    chance: float
    retest: float | None


def _costs(twins: Twins, values: Floats | None, *, has_categories: bool) -> Iterator[tuple[AgreementName, _PerPair]]:
    """Yield figures that are means over pairs, with what random pairs and retests give."""
    size = twins.simulated.shape[1]
    if has_categories:
        yield "exact_agreement", _per_pair(twins, np.eye(size))
    if values is not None:
        yield "mean_absolute_error", _per_pair(twins, np.abs(values[:, None] - values[None, :]))


def _per_pair(twins: Twins, score: Floats) -> _PerPair:
    """Return the mean of a score, shape (answers, answers), of the twin's answer and the person's."""
    rows = twins.simulated @ score
    human = np.bincount(twins.human, weights=twins.weight, minlength=len(score)) / twins.weight.sum()
    chance = float(np.average(rows, axis=0, weights=twins.weight) @ human)
    again = twins.retest >= 0
    retest = None
    if again.any():
        retest = float(np.average(score[twins.human[again], twins.retest[again]], weights=twins.weight[again]))
    return _PerPair(rows[np.arange(len(rows)), twins.human], chance, retest)


def _correlations(twins: Twins, values: Floats, chosen: CountArray, alpha: float) -> Iterator[Agreement]:
    simulated, human, again = twins.simulated @ values, values[twins.human], twins.retest >= 0
    kinds: tuple[tuple[AgreementName, Callable[[Floats], Floats]], ...] = (
        ("pearson", lambda rows: rows),
        ("spearman", lambda rows: np.asarray(rankdata(rows, axis=-1), dtype=np.float64)),
    )
    for name, ranked in kinds:
        value = float(weighted_correlation(ranked(simulated), ranked(human), twins.weight))
        if math.isnan(value):
            yield Agreement(name=name, chance=0.0, why_not="all answers of one side are equal")
            continue
        drawn = weighted_correlation(ranked(simulated[chosen]), ranked(human[chosen]), twins.weight[chosen])
        retest = None
        if again.sum() >= MIN_PAIRS:
            second = values[twins.retest[again]]
            retest = float(weighted_correlation(ranked(human[again]), ranked(second), twins.weight[again]))
        yield _with_retest(name, value, drawn[~np.isnan(drawn)], alpha=alpha, chance=0.0, retest=retest)


def weighted_correlation(first: Floats, second: Floats, weight: Floats) -> Floats:
    """Return the weighted correlation along the last axis; NaN where one side has no variance."""
    shares = weight / weight.sum(axis=-1, keepdims=True)
    one = first - (shares * first).sum(axis=-1, keepdims=True)
    other = second - (shares * second).sum(axis=-1, keepdims=True)
    above = (shares * one * other).sum(axis=-1)
    below = np.sqrt((shares * one * one).sum(axis=-1) * (shares * other * other).sum(axis=-1))
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _with_retest(
    name: AgreementName, value: float, drawn: Floats, *, alpha: float, chance: float, retest: float | None
) -> Agreement:
    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2]) if len(drawn) else (value, value)
    is_known = retest is not None and not math.isnan(retest) and retest > 0
    return Agreement(
        name=name,
        value=value,
        low=float(low),
        high=float(high),
        chance=chance,
        retest=retest if is_known else None,
        of_retest=value / retest if is_known and retest else None,
    )
