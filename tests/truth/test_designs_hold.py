"""Generators with a known truth for designs: people assigned within blocks, rooms assigned whole, mixed designs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from rates import ALPHA, ARRANGEMENTS, is_at_least, is_at_most, is_near, is_within, noise, number_of_draws, rate
from scipy import stats

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.differences import figures
from tinytroupe_cli.analysis.permutation import label_test
from tinytroupe_cli.compiler.cast.assignment import block_randomization
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

DRAWS = number_of_draws(short=100)
PEOPLE = [f"p{number}" for number in range(40)]
BLOCKS = {"a": PEOPLE[:5], "b": PEOPLE[5:12], "c": PEOPLE[12:24], "d": PEOPLE[24:]}
BLOCK_OF = {person: block for block, people in BLOCKS.items() for person in people}


def answer(latent, kind):
    return {"number": latent, "binary": float(latent > 0.7), "ordinal": np.clip(np.round(latent / 2 + 2), 1, 5)}[kind]


def outcomes(generator, kind, *, effect=0.0, spread=1.0, height=2.0):
    """Return person -> their outcome in both cells: blocks differ in height, cells in mean and spread."""
    heights = {block: height * number for number, block in enumerate(BLOCKS)}
    found: dict[str, list[float]] = {}
    for person in PEOPLE:
        base = heights[BLOCK_OF[person]]
        pair = base + generator.normal(0, 1), base + effect + generator.normal(0, spread)
        found[person] = [answer(one, kind) for one in pair]
    return found


def assigned(generator, seed, kind, shares=(1, 1), **settings):
    """Return the outcomes of both cells and the blocks of their people, as the compiler assigns them."""
    both = outcomes(generator, kind, **settings)
    cells = block_randomization(PEOPLE, shares, stream=Stream(seed, "assignment"), blocks=BLOCKS)
    first, second = (np.array([both[person][cell] for person in people]) for cell, people in enumerate(cells))
    return first, second, tuple(BLOCK_OF[person] for people in cells for person in people)


@pytest.mark.truth
@pytest.mark.parametrize("kind", ["number", "binary", "ordinal"])
@pytest.mark.parametrize("shares", [(1, 1), (2, 1)])
def test_with_blocks_the_labels_err_as_often_as_they_say(kind, shares):
    def is_wrong(generator, seed):
        first, second, blocks = assigned(generator, seed, kind, shares, height=0.5 if kind == "binary" else 2)
        return label_test(first, second, draws=ARRANGEMENTS, seed=seed, blocks=blocks).p <= ALPHA

    found, allowed = rate(is_wrong, DRAWS), 0.015 + noise(ALPHA, DRAWS)
    lowest = 0 if kind == "binary" else ALPHA - allowed  # with few values, an exact test errs less often
    assert is_within(found, lowest, ALPHA + allowed)


@pytest.mark.truth
def test_with_blocks_and_unequal_spreads_the_labels_err_as_often_as_they_say():
    def is_wrong(generator, seed):
        first, second, blocks = assigned(generator, seed, "number", (2, 1), spread=3)
        return label_test(first, second, draws=ARRANGEMENTS, seed=seed, blocks=blocks).p <= ALPHA

    assert is_near(rate(is_wrong, DRAWS), ALPHA, slack=0.02, draws=DRAWS)


@pytest.mark.truth
def test_blocks_find_what_is_hidden_without_them():
    def is_found(generator, seed, *, uses):
        first, second, blocks = assigned(generator, seed, "number", effect=1)
        return label_test(first, second, draws=ARRANGEMENTS, seed=seed, blocks=blocks if uses else ()).p <= ALPHA

    assert is_at_least(rate(partial(is_found, uses=True), DRAWS), 0.75)
    assert is_at_most(rate(partial(is_found, uses=False), DRAWS), 0.4)


@pytest.mark.truth
@pytest.mark.parametrize("spread", [1, 2])
def test_intervals_with_blocks_cover(spread):
    def is_covered(generator, seed):
        first, second, blocks = assigned(generator, seed, "number", effect=1, spread=spread)
        asked = ComparisonResult(measure="q.f", by="x", levels=(1, 2), design="between", scale="number", unit="person")
        how = AnalysisSettings(PlannedInference(permutations=999, resamples=999), seed, blocks)
        found = figures(list(first), list(second), asked, np.inf, how)
        return found["low"] <= 1 <= found["high"]

    assert is_near(rate(is_covered, DRAWS), 0.95, slack=0.02, draws=DRAWS)


@pytest.mark.truth
def test_rooms_as_units_hold_where_people_as_units_do_not():
    rooms = [str(number) for number in range(20)]

    def p_values(generator, seed):
        people = generator.normal(0, 1, (20, 1)) + generator.normal(0, 1, (20, 6))
        cells = [
            [int(room) for room in own] for own in block_randomization(rooms, (1, 1), stream=Stream(seed, "assignment"))
        ]
        first, second = (people[own].mean(axis=1) for own in cells)
        by_room = label_test(first, second, draws=ARRANGEMENTS, seed=seed).p
        by_person = stats.ttest_ind(*(people[own].ravel() for own in cells), equal_var=False).pvalue
        return by_room, by_person

    found = [p_values(np.random.default_rng(seed), seed) for seed in range(DRAWS)]
    assert is_near(np.mean([one <= ALPHA for one, _ in found]), ALPHA, draws=DRAWS)
    assert is_at_least(np.mean([one <= ALPHA for _, one in found]), 0.15)
