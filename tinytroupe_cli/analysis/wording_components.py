"""Variance of crossed wordings, and of wordings by conditions. Arrays in, numbers out.

Everywhere `values` has shape (people, conditions, wordings, replicates), without gaps. Moment estimates of a balanced
analysis of variance, wordings random and conditions fixed (Searle, Casella and McCulloch, 1992, chapter 4).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.variance_components import Components


class WordingComponents(NamedTuple):
    """Variances, one value per sample of people; `interaction` is None where there is one condition."""

    wordings: Floats
    interaction: Floats | None


def without_wordings(values: Floats) -> Floats:
    """Return the values with each wording's mean in each condition moved to the condition's, as replicates.

    Shape (people, conditions, wordings * replicates).
    """
    people, conditions, wordings, replicates = values.shape
    means = values.mean(axis=(0, 3), keepdims=True)
    moved = values - means + means.mean(axis=2, keepdims=True)
    return moved.reshape(people, conditions, wordings * replicates)


def rescaled(found: Components, shape: tuple[int, int, int, int]) -> Components:
    """Return components of `without_wordings` values with the degrees of freedom that wordings took given back."""
    people, conditions, wordings, replicates = shape
    answers = wordings * replicates
    noise = found.noise * (people * (answers - 1)) / (people * (answers - 1) - (wordings - 1))
    gap = (noise - found.noise) / answers
    interaction = None if found.interaction is None else found.interaction - gap
    return found._replace(noise=noise, interaction=interaction, people=found.people - (gap if conditions == 1 else 0.0))


def wording_components(values: Floats, counts: Floats, noise: Floats) -> WordingComponents:
    """Return the components of each row of `counts`: how often each person is in a sample.

    `noise`: the noise component of each of these samples.
    """
    people, conditions, wordings, replicates = values.shape
    cells = (counts @ values.mean(axis=3).reshape(people, -1) / people).reshape(-1, conditions, wordings)
    by_wording = cells.mean(axis=1)
    apart = np.square(by_wording - by_wording.mean(axis=1, keepdims=True)).sum(axis=1)
    of_wordings = people * conditions * replicates * apart / (wordings - 1)
    if conditions == 1:
        return WordingComponents((of_wordings - noise) / (people * replicates), None)
    rest = cells - cells.mean(axis=2, keepdims=True) - by_wording[:, None, :] + cells.mean(axis=(1, 2))[:, None, None]
    of_both = people * replicates * np.square(rest).sum(axis=(1, 2)) / ((conditions - 1) * (wordings - 1))
    return WordingComponents(
        (of_wordings - of_both) / (people * conditions * replicates), (of_both - noise) / (people * replicates)
    )


def contrast_errors_with_wordings(
    found: Components, own: WordingComponents, shape: tuple[int, int, int, int]
) -> dict[str, float]:
    """Return the standard error of a difference of two conditions: now, and with twice as many of one thing each."""
    people, _, wordings, replicates = shape
    noise = max(0.0, float(found.noise[0]))
    by_person = 0.0 if found.interaction is None else max(0.0, float(found.interaction[0]))
    by_wording = 0.0 if own.interaction is None else max(0.0, float(own.interaction[0]))

    def error(people: int, wordings: int, replicates: int) -> float:
        variance = by_person / people + by_wording / wordings + noise / (people * wordings * replicates)
        return float(np.sqrt(2 * variance))

    return {
        "now": error(people, wordings, replicates),
        "twice_the_people": error(2 * people, wordings, replicates),
        "twice_the_replicates": error(people, wordings, 2 * replicates),
        "twice_the_wordings": error(people, 2 * wordings, replicates),
    }
