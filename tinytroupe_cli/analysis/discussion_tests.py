"""How far people of a group differ, and whether groups follow their first speaker. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import PermutationTest, drawn_test


def standard_deviation(values: Sequence[float]) -> float | None:
    """Return how far the numbers of a group's people differ; None for fewer than two."""
    return float(np.std(np.array(values), ddof=1)) if len(values) > 1 else None


def share_of_unlike_pairs(values: Sequence[object]) -> float | None:
    """Return the share of pairs of people in a group whose answers differ (Simpson, 1949); None for fewer than two."""
    count = len(values)
    if count < 2:  # noqa: PLR2004 - no pair
        return None
    alike = sum(n * (n - 1) for n in (list(values).count(value) for value in dict.fromkeys(values)))
    return 1 - alike / (count * (count - 1))


def followed_numbers(
    first: Mapping[str, float], final: Mapping[str, float], *, draws: int, seed: int
) -> PermutationTest:
    """Test whether the final mean of a group's others goes with the first speaker's stance, by permuting over groups.

    `first`, `final`: group -> the first speaker's stance before the discussion, and the mean of the others after it.
    The statistic is the slope.
    """
    groups = list(first)
    x = np.array([first[group] for group in groups])
    y = np.array([final[group] for group in groups])
    x, y = x - x.mean(), y - y.mean()
    square = float((x * x).sum())
    if square == 0:
        return PermutationTest(0.0, 1.0, 1.0, is_exact=False)
    slopes = _permuted(x, draws, seed) @ y / square
    observed = float(x @ y) / square
    test = drawn_test(abs(observed), np.abs(slopes))
    return PermutationTest(observed, test.p, test.smallest, is_exact=False)


def followed_options(
    first: Mapping[str, object], others: Mapping[str, Sequence[object]], *, draws: int, seed: int
) -> PermutationTest:
    """Test whether a group's others end with the first speaker's answer more often than with another group's.

    `first`: group -> the first speaker's answer before the discussion; `others`: the others' answers after it. The
    statistic is the mean share of others who give that answer, less what it is over permutations.
    """
    groups = list(first)
    agree = np.array(
        [[np.mean([other == first[source] for other in others[group]]) for source in groups] for group in groups]
    )
    rows = np.arange(len(groups))
    generator = np.random.default_rng(seed)
    drawn = np.array([agree[rows, generator.permutation(len(groups))].mean() for _ in range(draws)])
    middle = float(agree.mean())  # over all permutations
    observed = float(agree.diagonal().mean()) - middle
    test = drawn_test(abs(observed), np.abs(drawn - middle))
    return PermutationTest(observed, test.p, test.smallest, is_exact=False)


def _permuted(values: Floats, draws: int, seed: int) -> Floats:
    return np.random.default_rng(seed).permuted(np.tile(values, (draws, 1)), axis=1)
