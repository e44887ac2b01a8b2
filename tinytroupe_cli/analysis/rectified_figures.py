"""The figures of a rectified estimate: from both, from the people alone, from the simulation alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from tinytroupe_cli.analysis.rectification import (
    PairedSample,
    RectifiedEstimate,
    best_lambda,
    correlation,
    difference,
    human_mean,
    rectified_mean,
)
from tinytroupe_cli.analysis.rectification_result import EstimateWithInterval
from tinytroupe_cli.analysis.rectified_arms import RectifiedArm

NO_FURTHER = "all simulated people are twins, so the estimate uses the people's own answers only"


def mean_figures(arm: RectifiedArm, *, alpha: float, human_only: bool) -> dict[str, object]:
    """Return the figures of one mean, by the field's names in `RectifiedResult`."""
    sample = _sample(arm)
    lam = 0.0 if human_only else best_lambda(sample)
    return {
        **_figures(rectified_mean(sample, lam), human_mean(sample), _simulated(arm), len(sample.human), alpha),
        "lam": lam,
        "correlation": correlation(sample),
        "why_not": "" if len(sample.further) or human_only else NO_FURTHER,
    }


def difference_figures(
    first: RectifiedArm, second: RectifiedArm, *, alpha: float, human_only: bool
) -> dict[str, object]:
    """Return the figures of the difference of two groups of people, second minus first."""
    samples = _sample(first), _sample(second)
    lams = [0.0 if human_only else best_lambda(sample) for sample in samples]
    both = difference(*(rectified_mean(sample, lam) for sample, lam in zip(samples, lams, strict=True)))
    alone = difference(*(human_mean(sample) for sample in samples))
    simulated = difference(_simulated(first), _simulated(second))
    known = [one for sample in samples if (one := correlation(sample)) is not None]
    people = sum(len(sample.human) for sample in samples)
    return {
        **_figures(both, alone, simulated, people, alpha),
        "lam": float(np.mean(lams)),
        "correlation": float(np.mean(known)) if known else None,
    }


def _sample(arm: RectifiedArm) -> PairedSample:
    people = list(arm.humans)
    return PairedSample(
        np.array([arm.humans[person] for person in people]),
        np.array([arm.simulated[person] for person in people]),
        np.array([value for person, value in arm.simulated.items() if person not in arm.humans]),
        np.array([arm.weights[person] for person in people]),
        np.array([arm.simulated_weights.get(person, 1.0) for person in arm.simulated if person not in arm.humans]),
    )


def _simulated(arm: RectifiedArm) -> RectifiedEstimate:
    values = np.array(list(arm.simulated.values()))
    weights = np.array([arm.simulated_weights.get(person, 1.0) for person in arm.simulated])
    everyone = PairedSample(values, values, np.array([]), weights, np.array([]))
    return replace(human_mean(everyone), freedom=max(1, len(values) - 1))


def _figures(
    both: RectifiedEstimate, alone: RectifiedEstimate, simulated: RectifiedEstimate, people: int, alpha: float
) -> dict[str, object]:
    return {
        "rectified": _shown(both, alpha),
        "human_only": _shown(alone, alpha),
        "simulated_only": _shown(simulated, alpha),
        "worth": people * alone.variance / both.variance if both.variance > 0 else None,
    }


def _shown(estimate: RectifiedEstimate, alpha: float) -> EstimateWithInterval:
    """Return an estimate with its interval; without any variance there is none."""
    if estimate.variance <= 0 or not math.isfinite(estimate.variance):
        return EstimateWithInterval(value=estimate.value)
    low, high = estimate.interval(alpha)
    return EstimateWithInterval(value=estimate.value, low=low, high=high)
