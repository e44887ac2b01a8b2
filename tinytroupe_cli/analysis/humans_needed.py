"""How many human answers a rectified estimate needs: samples are drawn and rectified as a report does it.

The variance of PPI++ with the best lambda is s^2 / n x (1 - r^2 N / (n + N)), for n people with a standard deviation s,
N further simulated people, and a correlation r of people with their twins (Angelopoulos, Duchi and Zrnic, 2023, section
6). It is where the search starts; the samples add what estimating lambda and the variance costs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.rectification import PairedSample, best_lambda, difference, rectified_mean
from tinytroupe_cli.analysis.rectification_result import EstimateWithInterval

MARGIN: Final = 0.1
"""How far the people needed may be from what the formula says; the search goes further where they are not."""


@dataclass(frozen=True, slots=True)
class TwinModel:
    """What is known or assumed of people's answers and those of their twins, which vary as much."""

    sd: float
    """Standard deviation of people's answers."""
    share: float | None
    """Of a share: the people who say yes; None: answers are numbers, drawn from a normal distribution."""
    correlation: float
    """Of people's answers with their twins'; from 0 to 1."""
    arms: int = 1
    """2: the difference of two levels, each answered by people of its own."""


@dataclass(frozen=True, slots=True)
class RectifiedWidth:
    """What a rectified estimate would be like, on average over samples."""

    half_width: float
    lam: float


@dataclass(frozen=True, slots=True)
class WidthSearch:
    """What is looked for: an interval at 1 - alpha within +- `half_width`."""

    half_width: float
    alpha: float
    least: int
    """Fewest people of a level that there is an estimate for."""
    draws: int
    seed: int


def humans_alone(model: TwinModel, search: WidthSearch) -> int:
    """Return the people of each level that are needed without a simulation, by Student's t."""

    def is_enough(people: int) -> bool:
        return _half_width(model, people, people, search.alpha) <= search.half_width

    most = search.least
    while not is_enough(most):
        most *= 2
    return _fewest(search.least, most, is_enough)


def humans_needed(model: TwinModel, simulated: int, search: WidthSearch) -> tuple[int, RectifiedWidth] | None:
    """Return the people of each level that are needed, and the estimate they give; None: more than are simulated.

    `simulated`: simulated people at each level, twins included. The formula says where to look; samples decide.
    """

    def is_enough(people: int) -> bool:
        return _half_width(model, people, simulated, search.alpha) <= search.half_width

    def is_found(people: int) -> bool:
        return rectified_width(model, people, simulated - people, search).half_width <= search.half_width

    if simulated < search.least or not is_enough(simulated):
        return None
    start = _fewest(search.least, simulated, is_enough)
    low, high = max(search.least, math.floor(start * (1 - MARGIN))), min(simulated, math.ceil(start * (1 + MARGIN)) + 2)
    while high < simulated and not is_found(high):
        low, high = high, min(simulated, 2 * high)
    people = _fewest(low, high, is_found)
    return people, rectified_width(model, people, simulated - people, search)


def _fewest(low: int, high: int, is_enough: Callable[[int], bool]) -> int:
    """Return the smallest number from `low` on that is enough, by bisection; `high` is known to be."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return high


def rectified_width(model: TwinModel, people: int, further: int, search: WidthSearch) -> RectifiedWidth:
    """Return the mean half-width and lambda over samples of people with twins and further simulated people."""
    generator = np.random.default_rng(search.seed)
    widths: list[float] = []
    lams: list[float] = []
    for _ in range(search.draws):
        samples = list(_samples(model, people, further, generator))
        own = [best_lambda(sample) for sample in samples]
        means = [rectified_mean(sample, lam) for sample, lam in zip(samples, own, strict=True)]
        found = difference(means[0], means[1]) if len(means) > 1 else means[0]
        low, high = found.interval(search.alpha) if found.variance > 0 else (found.value, found.value)
        widths.append((high - low) / 2)
        lams += own
    return RectifiedWidth(float(np.mean(widths)), float(np.mean(lams)))


def cautious_correlation(correlation: float, people: int) -> float:
    """Return the lower end of the 80% interval of a correlation found among so many people (Fisher, 1921).

    A pilot flatters: the simulation would be worth less than it seemed in as many cases as more.
    """
    below = math.atanh(min(correlation, 1 - 1e-9)) - NormalDist().inv_cdf(0.9) / math.sqrt(max(1, people - 3))
    return max(0.0, math.tanh(below))


def sd_of_interval(found: EstimateWithInterval, people: int, alpha: float) -> float:
    """Return the standard deviation of answers from the t interval of their mean.

    `found` has an interval.
    """
    width = ((found.high or 0.0) - (found.low or 0.0)) / 2
    return width * math.sqrt(people) / float(stdtrit(people - 1, 1 - alpha / 2))


def _half_width(model: TwinModel, people: int, simulated: int, alpha: float) -> float:
    """Return the half-width by the formula, of so many people at each level and simulated people, twins included."""
    left = 1 - model.correlation**2 * (simulated - people) / simulated
    error = model.sd * math.sqrt(model.arms * left / people)
    return float(stdtrit(model.arms * (people - 1), 1 - alpha / 2)) * error


def _samples(model: TwinModel, people: int, further: int, generator: np.random.Generator) -> Iterator[PairedSample]:
    for _ in range(model.arms):
        human, twin, others = _answers(model, people, further, generator)
        yield PairedSample(human, twin, others, np.ones(people), np.ones(further))


def _answers(
    model: TwinModel, people: int, further: int, generator: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Return people's answers, their twins', and those of further simulated people."""
    if model.share is None:
        normal = generator.normal(0, model.sd, 2 * people + further)
        human, own, others = normal[:people], normal[people : 2 * people], normal[2 * people :]
        return human, model.correlation * human + math.sqrt(1 - model.correlation**2) * own, others
    even, share = generator.random(2 * people + further), model.share
    human = (even[:people] < share).astype(np.float64)
    likely = share + model.correlation * (human - share)
    return (
        human,
        (even[people : 2 * people] < likely).astype(np.float64),
        (even[2 * people :] < share).astype(np.float64),
    )
