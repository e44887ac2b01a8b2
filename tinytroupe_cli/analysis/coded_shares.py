"""Shares of a code, corrected for a coder's errors with the codes that people gave to some of the texts.

Prediction-powered inference (PPI++, Angelopoulos, Duchi and Zrnic, 2023): people's codes are the truth, the model's
codes of the other texts are used as far as they tell anything. Errors are clustered by person. Arrays in, numbers out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - no stubs

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.rectification import PairedSample, best_lambda


class CorrectedEstimate(NamedTuple):
    """A share with its interval, clipped to 0 and 1."""

    share: float
    low: float
    high: float
    lam: float
    """How much of the model's codes is used, from 0 to 1."""


def corrected_share(
    human: Floats,
    model: Floats,
    further: Floats,
    *,
    people: Sequence[str],
    further_people: Sequence[str],
    alpha: float = 0.05,
) -> CorrectedEstimate:
    """Return the share of a code that people would have found in all texts.

    `human`, `model`: 0 or 1 for each answer that both coded, shape (n,); `further`: the model's for all others, shape
    (m,), which may be 0. `people`, `further_people`: who gave each answer. n is at least 2, from at least two people.
    As lambda is found in the same texts, the share has a bias of up to a fifth of its standard error (n = 80).
    """
    ones, others = np.ones(len(human)), np.ones(len(further))
    lam = best_lambda(PairedSample(human, model, further, ones, others))
    residual = human - lam * model
    value = float(residual.mean())
    parts: dict[str, float] = {}
    for person, own in zip(people, residual - residual.mean(), strict=True):
        parts[person] = parts.get(person, 0.0) + float(own) / len(human)
    if len(further):
        value += lam * float(further.mean())
        for person, own in zip(further_people, lam * (further - further.mean()), strict=True):
            parts[person] = parts.get(person, 0.0) + float(own) / len(further)
    clusters = len(set(people))
    variance = sum(part * part for part in parts.values()) * clusters / (clusters - 1)
    width = float(stdtrit(clusters - 1, 1 - alpha / 2)) * math.sqrt(variance)
    if width == 0:  # all agree: the share of answers that could differ (Clopper and Pearson, 1934)
        width = 1 - (alpha / 2) ** (1 / clusters)
    return CorrectedEstimate(_clipped(value), _clipped(value - width), _clipped(value + width), lam)


def _clipped(value: float) -> float:
    return min(1.0, max(0.0, value))
