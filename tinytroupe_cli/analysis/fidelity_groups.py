"""Groups of people and levels of factors on both sides: do differences agree, and which group is furthest off?

Arrays in, numbers out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_sets import AnswerSet, CountArray
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.fidelity_figures import Figure
from tinytroupe_cli.analysis.fidelity_result import FidelityContrast, Subgroup, Subgroups
from tinytroupe_cli.analysis.human_sampling import Sides

SHUFFLES: Final = 500
MIN_HUMANS_IN_GROUP: Final = 30
MIN_UNITS_IN_GROUP: Final = 6
MIN_COMPARED: Final = 2


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """The answers of both sides at one level."""

    simulated: AnswerSet
    humans: AnswerSet
    values: Floats | None
    """The numbers of the possible answers."""


def contrasts(
    levels: Mapping[str, ComparedLevel], options: Sequence[JsonValue], *, draws: int, seed: int, alpha: float
) -> tuple[FidelityContrast, ...]:
    """Return the difference between each pair of levels: of means, or for a choice of each option's share."""
    generator = np.random.default_rng((seed, 5))
    kept = {
        name: level for name, level in levels.items() if min(level.simulated.count, level.humans.count) >= MIN_COMPARED
    }
    found: list[FidelityContrast] = []
    for first, second in combinations(kept, 2):
        for option, ones, others in _scores(kept[first], kept[second], options):
            found.append(
                _contrast(option, (first, second), (ones, others), alpha=alpha, draws=draws, generator=generator)
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Scored:
    simulated: float
    human: float
    scores: Floats
    """Shape (people,)."""
    weights: Floats


def _scores(
    first: ComparedLevel, second: ComparedLevel, options: Sequence[JsonValue]
) -> Iterator[tuple[JsonValue, _Scored, _Scored]]:
    """Yield what is compared, with both levels' scores: the mean, or each option's share."""
    if first.values is not None and second.values is not None:
        yield None, _scored(first, first.values), _scored(second, second.values)
        return
    for place, option in enumerate(options):
        is_it = np.eye(len(options))[place]
        yield option, _scored(first, is_it), _scored(second, is_it)


def _scored(level: ComparedLevel, values: Floats) -> _Scored:
    scores = level.humans.scores(values)
    human = float(np.average(scores, weights=level.humans.weight))
    return _Scored(float(level.simulated.shares() @ values), human, scores, level.humans.weight)


def _contrast(
    option: JsonValue,
    levels: tuple[str, str],
    both: tuple[_Scored, _Scored],
    *,
    generator: np.random.Generator,
    draws: int,
    alpha: float,
) -> FidelityContrast:
    simulated, human = (both[1].simulated - both[0].simulated), (both[1].human - both[0].human)
    first, second = (_resampled(group, generator, draws) for group in both)
    low, high = (float(end) for end in np.quantile(second - first, [alpha / 2, 1 - alpha / 2]))
    return FidelityContrast(
        option=option,
        levels=levels,
        simulated=simulated,
        human=human,
        low=low,
        high=high,
        same_sign=simulated * human > 0,
        is_inside=low <= simulated <= high,
        ratio=None if low <= 0 <= high else simulated / human,
    )


def _resampled(scored: _Scored, generator: np.random.Generator, draws: int) -> Floats:
    chosen = generator.integers(0, len(scored.scores), (draws, len(scored.scores)))
    weights = scored.weights[chosen]
    return (scored.scores[chosen] * weights).sum(axis=1) / weights.sum(axis=1)


def subgroups(
    by: str, sides: Sides, names: Sequence[str], groups: tuple[CountArray, CountArray], distance: Figure, *, seed: int
) -> Subgroups | None:
    """Return the distance within each group, and the largest beside the largest of shuffled groups.

    `groups` holds the number of the group of each simulated unit and of each person; -1: none.
    """
    simulated, humans = groups
    kept = [
        number
        for number in range(len(names))
        if (simulated == number).sum() >= MIN_UNITS_IN_GROUP and (humans == number).sum() >= MIN_HUMANS_IN_GROUP
    ]
    if len(kept) < MIN_COMPARED:
        return None
    own = _within(sides, simulated[None, :], humans[None, :], kept, distance)[:, 0]
    generator = np.random.default_rng((seed, 6))
    shuffled = [generator.permuted(np.tile(group, (SHUFFLES, 1)), axis=1) for group in groups]
    largest = _within(sides, shuffled[0], shuffled[1], kept, distance).max(axis=0)
    found = tuple(
        Subgroup(
            level=names[number],
            simulated=int((simulated == number).sum()),
            humans=int((humans == number).sum()),
            distance=float(value),
        )
        for number, value in zip(kept, own, strict=True)
    )
    return Subgroups(
        by=by,
        groups=found,
        worst=found[int(np.argmax(own))].level,
        expected=float(largest.mean()),
        p=(1 + int((largest >= own.max() - 1e-12).sum())) / (1 + SHUFFLES),
    )


def _within(sides: Sides, simulated: CountArray, humans: CountArray, kept: Sequence[int], distance: Figure) -> Floats:
    """Return the distance within each group, shape (groups, samples)."""
    return np.array(
        [
            distance(
                sides.simulated.shares((simulated == number).astype(np.float64)),
                sides.humans.shares((humans == number).astype(np.float64)),
            )
            for number in kept
        ]
    )
