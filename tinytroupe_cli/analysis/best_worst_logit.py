"""A conditional logit of best and worst choices, with errors clustered by person. Arrays in, numbers out.

The best option is chosen from the whole set, then the worst from the rest (sequential best-worst model; Marley and
Louviere 2005, "Some probabilistic models of best, worst, and best-worst choices"). Errors are the sandwich of Huber and
White, with scores summed by person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.permutation import Floats

MAX_STEPS: Final = 60
EXACT: Final = 1e-10
LARGEST: Final = 12.0
"""Utilities further from each other than this say that an option is always or never chosen: there is no estimate."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BestWorstChoices:
    """Sets of the same size with what was chosen."""

    options: Numbers
    """Numbers of the options, shape (sets, size)."""
    best: Numbers
    """Place of the best option in its set, shape (sets,)."""
    worst: Numbers
    """Place of the worst option."""
    person: Numbers
    """Number of the unit that chose, from 0."""
    weight: Floats
    """Weight of each set."""


@dataclass(frozen=True, slots=True)
class Utilities:
    """Utilities of options; their mean is 0."""

    values: Floats
    errors: Floats
    shares: Floats
    """How often each option would be chosen as the best of all of them."""


def best_worst_utilities(choices: BestWorstChoices, count: int) -> Utilities | None:
    """Estimate the utilities of `count` options by maximum likelihood; None: they are not finite."""
    utilities = np.zeros(count)
    for _ in range(MAX_STEPS):
        scores, information = _derivatives(choices, utilities)
        step = _solved(information, scores.sum(axis=0))
        if step is None:
            return None
        utilities = utilities + step
        if np.ptp(utilities) > LARGEST:
            return None
        if np.abs(step).max() < EXACT:
            return _figures(choices, utilities)
    return None


def _figures(choices: BestWorstChoices, utilities: Floats) -> Utilities | None:
    scores, information = _derivatives(choices, utilities)
    people = int(choices.person.max()) + 1
    own = np.zeros((people, len(utilities)))
    np.add.at(own, choices.person, scores)
    inverse = _inverse(information)
    if inverse is None or people < 2:  # noqa: PLR2004 - one person has no variance
        return None
    covariance = inverse @ (own.T @ own) @ inverse * people / (people - 1)
    shares = np.exp(utilities - utilities.max())
    return Utilities(utilities, np.sqrt(np.diag(covariance)), shares / shares.sum())


def _derivatives(choices: BestWorstChoices, utilities: Floats) -> tuple[Floats, Floats]:
    """Return each set's score, shape (sets, options), and the information, shape (options, options)."""
    sets, rows = choices.options, np.arange(len(choices.options))
    size = (len(sets), len(utilities))
    scores, information = np.zeros(size), np.zeros((size[1], size[1]))
    for sign, chosen, is_open in ((1.0, choices.best, np.ones(sets.shape)), (-1.0, choices.worst, _without(choices))):
        odds = np.exp(sign * utilities[sets]) * is_open
        shares = odds / odds.sum(axis=1, keepdims=True)
        expected = np.zeros(size)
        np.put_along_axis(expected, sets, shares, axis=1)
        gained = -expected
        gained[rows, sets[rows, chosen]] += 1.0
        scores += sign * gained * choices.weight[:, None]
        weighted = expected * choices.weight[:, None]
        information += np.diag(weighted.sum(axis=0)) - expected.T @ weighted
    return scores, information


def _without(choices: BestWorstChoices) -> Floats:
    """Return 1 for the options of each set that are left once the best is chosen."""
    is_open = np.ones(choices.options.shape)
    is_open[np.arange(len(is_open)), choices.best] = 0.0
    return is_open


def _inverse(information: Floats) -> Floats | None:
    """Return the inverse among utilities whose sum is 0; None if the sets don't connect all options."""
    count = len(information)
    whole = information + np.full((count, count), float(np.trace(information)) / count**2)
    if not np.isfinite(whole).all() or np.linalg.cond(whole) > 1 / EXACT:
        return None
    centered = np.eye(count) - 1.0 / count
    return centered @ np.linalg.inv(whole) @ centered


def _solved(information: Floats, score: Floats) -> Floats | None:
    inverse = _inverse(information)
    return None if inverse is None else inverse @ score
