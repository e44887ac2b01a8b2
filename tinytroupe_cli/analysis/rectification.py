"""Prediction-powered inference: a few human answers rectify many simulated ones. Arrays in, numbers out.

PPI++ (Angelopoulos, Duchi and Zrnic, 2023): the estimate uses the simulation as far as it tells anything (lambda), and
stays unbiased however wrong the simulation is. The people must be a random sample of those the estimate is about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats


@dataclass(frozen=True, slots=True)
class PairedSample:
    """People's answers, their twins', and those of further simulated people."""

    human: Floats
    """Shape (people,)."""
    twin: Floats
    """Shape (people,): the simulated answer of each person."""
    further: Floats
    """Shape (further,): simulated people without a human answer."""
    weight: Floats
    """Shape (people,): the people's weights; any scale."""
    further_weight: Floats
    """Shape (further,): the weights of further simulated people."""

    @property
    def further_mean(self) -> float:
        """Return the weighted mean of further simulated people."""
        return float(np.average(self.further, weights=self.further_weight))


@dataclass(frozen=True, slots=True)
class RectifiedEstimate:
    """A mean with its variance."""

    value: float
    variance: float
    freedom: float
    """Degrees of freedom of Student's t."""

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the interval at 1 - alpha, by Student's t."""
        width = float(stdtrit(self.freedom, 1 - alpha / 2)) * math.sqrt(self.variance)
        return self.value - width, self.value + width


def best_lambda(sample: PairedSample) -> float:
    """Return how much of the simulation to use, from 0 to 1: the value with the smallest variance (section 6)."""
    count, further = len(sample.human), len(sample.further)
    if not further:
        return 0.0
    weight = sample.weight / sample.weight.mean()
    further_weight = sample.further_weight / sample.further_weight.mean()
    middle = sample.further_mean + float((weight * (sample.human - sample.twin)).mean())
    own, twin = weight * (sample.human - middle), weight * (sample.twin - middle)
    spread = float(np.concatenate([twin, further_weight * (sample.further - middle)]).var(ddof=1))
    if spread == 0:
        return 0.0
    together = float(((own - own.mean()) * (twin - twin.mean())).mean())
    return min(1.0, max(0.0, together / ((1 + count / further) * spread)))


def rectified_mean(sample: PairedSample, lam: float) -> RectifiedEstimate:
    """Return the rectified mean: lambda times the further simulated answers, plus what people and twins differ by."""
    weight = sample.weight / sample.weight.mean()
    residual = sample.human - lam * sample.twin
    value = float((weight * residual).mean())
    variance = _variance(weight * (residual - value))
    if lam and len(sample.further):
        further_weight = sample.further_weight / sample.further_weight.mean()
        value += lam * sample.further_mean
        variance += lam * lam * _variance(further_weight * (sample.further - sample.further_mean))
    return RectifiedEstimate(value, variance, len(sample.human) - 1)


def human_mean(sample: PairedSample) -> RectifiedEstimate:
    """Return the mean of the people alone."""
    return rectified_mean(sample, 0.0)


def difference(first: RectifiedEstimate, second: RectifiedEstimate) -> RectifiedEstimate:
    """Return the difference of two independent estimates, second minus first (degrees of freedom: Welch, 1947)."""
    variance = first.variance + second.variance
    below = sum(estimate.variance**2 / estimate.freedom for estimate in (first, second) if estimate.freedom > 0)
    freedom = variance**2 / below if below > 0 else first.freedom + second.freedom
    return RectifiedEstimate(second.value - first.value, variance, freedom)


def correlation(sample: PairedSample) -> float | None:
    """Return the weighted correlation of people's answers with their twins'; None where one side doesn't vary."""
    if np.ptp(sample.human) == 0 or np.ptp(sample.twin) == 0:
        return None
    weight = sample.weight / sample.weight.sum()
    own = sample.human - float(weight @ sample.human)
    twin = sample.twin - float(weight @ sample.twin)
    below = math.sqrt(float(weight @ (own * own)) * float(weight @ (twin * twin)))
    return float(weight @ (own * twin)) / below


def _variance(values: Floats) -> float:
    """Return the variance of a mean."""
    return float(values.var(ddof=1)) / len(values) if len(values) > 1 else 0.0
