"""Where the variance of a measure is: people, conditions, people by conditions, noise. Arrays in, numbers out.

Everywhere `values` has shape (people, conditions, replicates), without gaps; each person is in each condition.
Components are the moment estimates of a balanced analysis of variance, people random and conditions fixed (Searle,
Casella and McCulloch, 1992, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeVar

import numpy as np

from tinytroupe_cli.analysis.bootstrap import drawn_counts
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE, sign_flip_test
from tinytroupe_cli.analysis.score_intervals import Interval

_Name = TypeVar("_Name", bound=str)
RESAMPLES: Final = 2_000
PERSONA_DRAWS: Final = 999


class Components(NamedTuple):
    """Variances; with one replicate, `interaction` is part of `noise`, and None. Arrays hold one value per resample."""

    people: Floats
    conditions: Floats
    interaction: Floats | None
    noise: Floats

    @property
    def total(self) -> Floats:
        """Return the sum of all."""
        return self.people + self.conditions + self.noise + (0.0 if self.interaction is None else self.interaction)

    @property
    def shares(self) -> dict[str, Floats]:
        """Return component -> its share of the total; negative estimates count as 0."""
        parts = {"people": self.people, "conditions": self.conditions, "noise": self.noise}
        parts |= {} if self.interaction is None else {"people_by_conditions": self.interaction}
        return shares_of(parts)


def shares_of(variances: Mapping[_Name, Floats]) -> dict[_Name, Floats]:
    """Return the share of each variance in their total; negative estimates count as 0."""
    clipped = {name: np.maximum(part, 0.0) for name, part in variances.items()}
    total = np.sum(list(clipped.values()), axis=0)
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return {name: part * scale for name, part in clipped.items()}


def components(values: Floats) -> Components:
    """Return the variance components, each of shape (1,); raises ValueError for fewer than two people or cells."""
    return _components(values, np.ones((1, len(values))))


def resampled_components(values: Floats, *, seed: int, resamples: int = RESAMPLES) -> Components:
    """Return the components of samples of people drawn with replacement, each of shape (resamples,)."""
    counts = np.concatenate([block.astype(np.float64) for block in drawn_counts(len(values), resamples, seed)])
    return _components(values, counts)


def percentile_interval(drawn: Floats, alpha: float = 0.05) -> Interval:
    """Return the percentile interval of resampled figures."""
    low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
    return Interval(float(low), float(high))


def share_intervals(
    variances: Mapping[_Name, Floats], drawn: Mapping[_Name, Floats], alpha: float = 0.05
) -> dict[_Name, Interval]:
    """Return the interval of each share from its value in samples of people, percentiles.

    A negative estimate counts as 0, and may be negative in every sample. Its upper end is then what sampling adds to
    an estimate without truncation, counted from 0: the share can't be below 0, so the error of the estimate is at least
    as large. The lower end of the largest share leaves room for it.
    """
    found: dict[_Name, Interval] = {}
    total = float(np.sum([np.maximum(part, 0.0) for part in variances.values()]))
    totals = np.sum([np.maximum(part, 0.0) for part in drawn.values()], axis=0)
    room = 0.0
    for name, part in shares_of(drawn).items():
        low, high = percentile_interval(part, alpha)
        if (estimate := float(variances[name][0])) <= 0 < total:
            raw = np.divide(drawn[name], totals, out=np.zeros_like(totals), where=totals > 0)
            high = min(1.0, max(high, float(np.quantile(raw, 1 - alpha / 2)) - estimate / total))
            room = max(room, high)
        found[name] = Interval(low, high)
    largest = max(variances, key=lambda name: float(variances[name][0]))
    found[largest] = Interval(min(found[largest].low, 1 - room), found[largest].high)
    return found


def _components(values: Floats, counts: Floats) -> Components:
    """Return the components of each row of `counts`: how often each person is in a sample."""
    people, conditions, replicates = values.shape
    if people < 2 or conditions * replicates < 2:  # noqa: PLR2004 - nothing to tell apart
        raise ValueError("variance components need two people, and two answers of each")
    sums = sums_of_squares(values, counts)
    mixed = sums.mixed / ((people - 1) * (conditions - 1)) if conditions > 1 else None
    noise = sums.within / (people * conditions * (replicates - 1)) if replicates > 1 else None
    return _split(sums.people / (people - 1), sums.apart, mixed, noise, values.shape)


class SumsOfSquares(NamedTuple):
    """Sums of squares of each resample, each of shape (resamples,), and the conditions' means."""

    people: Floats
    mixed: Floats
    """People by conditions."""
    within: Floats
    """Between replicates of a person in a condition."""
    apart: Floats
    """Of the conditions' means from their mean."""
    means: Floats
    """Mean of each condition; shape (resamples, conditions)."""


def sums_of_squares(values: Floats, counts: Floats) -> SumsOfSquares:
    """Return the sums of squares of each row of `counts`, shape (resamples, people): how often each is in a sample."""
    people, conditions, replicates = values.shape
    cells = values.mean(axis=2)
    means = cells.mean(axis=1)
    within = np.square(values - cells[:, :, None]).sum(axis=(1, 2))
    sums = counts @ np.column_stack([means, means**2, (cells**2).sum(axis=1), within, cells])
    mean, by_condition = sums[:, 0] / people, sums[:, 4:] / people
    apart = np.square(by_condition - mean[:, None]).sum(axis=1)
    of_people = conditions * replicates * (sums[:, 1] - people * mean**2)
    mixed = replicates * (sums[:, 2] - conditions * sums[:, 1] - people * apart)
    return SumsOfSquares(of_people, mixed, sums[:, 3], apart, by_condition)


def _split(
    of_people: Floats, apart: Floats, mixed: Floats | None, noise: Floats | None, shape: tuple[int, ...]
) -> Components:
    """Return the components from mean squares: of people, of people by conditions, and within cells."""
    people, conditions, replicates = shape
    error = mixed if mixed is not None else noise
    if error is None:
        raise ValueError("variance components need two answers of each person")
    own = (of_people - error) / (conditions * replicates)
    if mixed is None:
        return Components(own, np.zeros_like(own), None, error)
    fixed = apart / (conditions - 1) - mixed / (people * replicates)
    if noise is None:
        return Components(own, fixed, None, mixed)
    return Components(own, fixed, (mixed - noise) / replicates, noise)


def intraclass_correlation(values: Floats) -> float | None:
    """Return the correlation of two replicates of a person in a condition, ICC(1) (Shrout and Fleiss, 1979).

    Mean squares are pooled over conditions. None without two replicates or without any variance.
    """
    people, conditions, replicates = values.shape
    if replicates < 2:  # noqa: PLR2004 - nothing to correlate
        return None
    cells = values.mean(axis=2)
    between = replicates * np.square(cells - cells.mean(axis=0)).sum() / (conditions * (people - 1))
    inside = np.square(values - cells[:, :, None]).sum() / (people * conditions * (replicates - 1))
    below = between + (replicates - 1) * inside
    return float((between - inside) / below) if below > 0 else None


def persona_test(values: Floats, *, seed: int, draws: int = PERSONA_DRAWS) -> float:
    """Return the p-value of "answers do not depend on the person", by permuting people within condition and replicate.

    The statistic is the variance of people's means within conditions. One-sided: people can only differ more.
    """
    people, conditions, replicates = values.shape
    columns = values.reshape(people, conditions * replicates).T
    observed = _between(values.mean(axis=2))
    generator = np.random.default_rng(seed)
    reached = 0
    for _ in range(draws):
        dealt = generator.permuted(columns, axis=1).reshape(conditions, replicates, people)
        reached += _between(dealt.mean(axis=1).T) >= observed - TOLERANCE * max(1.0, observed)
    return (reached + 1) / (draws + 1)


def _between(cells: Floats) -> float:
    return float(np.square(cells - cells.mean(axis=0)).sum())


def same_condition_tests(values: Floats, *, draws: int, seed: int) -> list[float]:
    """Return, for each condition, the p-value of its odd replicates against its even ones (an A/A comparison)."""
    odd, even = values[:, :, 0::2].mean(axis=2), values[:, :, 1::2].mean(axis=2)
    return [
        sign_flip_test(even[:, place] - odd[:, place], draws=draws, seed=seed).p for place in range(values.shape[1])
    ]


def condition_correlation(values: Floats) -> float | None:
    """Return the mean correlation of people's answers between two conditions; None where one has no variance."""
    cells = values.mean(axis=2)
    if cells.shape[1] < 2 or np.any(cells.std(axis=0) == 0):  # noqa: PLR2004 - a pair
        return None
    found = np.corrcoef(cells.T)
    return float(found[np.triu_indices(len(found), 1)].mean())


def paired_errors(first: Floats, second: Floats) -> dict[str, float]:
    """Return the standard error of a difference of two conditions that the same people were in.

    `first`, `second`: shape (people, replicates). `now`, and with twice the people or replicates; twice the replicates
    halves the noise. With one replicate, noise can't be told apart, and `twice_the_replicates` is left out.
    """
    noise = (_noise(first) + _noise(second)) / first.shape[1]
    return _errors((second - first).mean(axis=1).var(ddof=1), noise, len(first), first.shape[1])


def separate_errors(first: Floats, second: Floats) -> dict[str, float]:
    """Return the same for two conditions that different people were in (Welch, 1938): people may differ in number."""
    sides = [
        _errors(side.mean(axis=1).var(ddof=1), _noise(side) / side.shape[1], *side.shape) for side in (first, second)
    ]
    return {name: math.hypot(*(side[name] for side in sides)) for name in sides[0]}


def _noise(values: Floats) -> float:
    """Return the variance between replicates of a person."""
    return float(values.var(axis=1, ddof=1).mean()) if values.shape[1] > 1 else 0.0


def _errors(variance: float, noise: float, people: int, replicates: int) -> dict[str, float]:
    """Return the errors of a mean over `people`; `noise` is its part of their `variance`."""
    errors = {"now": math.sqrt(variance / people), "twice_the_people": math.sqrt(variance / (2 * people))}
    if replicates == 1:
        return errors
    return errors | {"twice_the_replicates": math.sqrt(max(variance - noise / 2, noise / 2) / people)}
