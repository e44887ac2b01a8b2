"""Generators with a known order effect: is it found, how large, and how often where there is none?

`pytest -m truth` runs the long form, `TROUPE_TRUTH=2000` draws each; CI runs a short one.
"""

from __future__ import annotations

import numpy as np
import pytest
from rates import is_at_least, is_at_most, is_near, is_within, noise, number_of_draws

from tinytroupe_cli.analysis.order_effects import OrderDraws, order_effects
from tinytroupe_cli.analysis.order_sums import OrderedAnswers
from tinytroupe_cli.compiler.measures.orders import arrangements, dealt_orders
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_orders import PlannedOrder, places_shown

DRAWS = number_of_draws(short=200)
"""Draws of each generator; 2,000 for figures that are published."""
ALPHA = 0.05
SHARES = np.array([0.4, 0.3, 0.2, 0.1])


def orders(people, options, seed):
    """Return the orders that so many people are dealt, as the compiler deals them."""
    planned = arrangements(range(options), Stream(seed, "arrangement"))
    starts = dict(
        zip(map(str, range(people)), dealt_orders(len(planned), options, seed=seed, purpose=()), strict=False)
    )
    order = PlannedOrder(rule="balanced", arrangements=planned, starts=starts)
    return np.array([places_shown(order, options, person=one, sample=0, stream=Stream(0)) for one in starts])


def answers(people, seed, *, b=0.0, place=-1, shares=SHARES):
    """Return choices: with chance b the option in a place, whichever it is, else one drawn by its share."""
    generator = np.random.default_rng(seed)
    shown = orders(people, len(shares), seed)
    own = generator.choice(len(shares), people, p=shares)
    option = np.where(generator.random(people) < b, shown[:, place], own)
    values = (option[:, None] == np.arange(len(shares))) * 1.0
    places = np.argsort(shown, axis=1)
    return OrderedAnswers(values[:, None], np.ones((people, 1)), places[:, None], (0,) * people, len(shares))


def found(asked, *, draws=(499, 499)):
    """Return the effects; all draws of a generator share permutations and resamples, which saves most of the time."""
    return order_effects(asked, "last_minus_first", is_choice=True, width=1.0, draws=OrderDraws(*draws, 0))


@pytest.mark.truth
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_planted_position_share_is_found_and_undone(place):
    one = found(answers(4_000, 1, b=0.25, place=0 if place == "first" else -1), draws=(999, 999))
    end = getattr(one, place)
    assert one.p <= 0.001
    assert is_within(end.position_share, 0.22, 0.28)
    assert is_at_most(np.abs(np.array(end.corrected) - SHARES).max(), 0.02)
    assert np.abs(np.array(end.shares) - SHARES).max() > 0.03
    assert end.interval.low <= 0.25 <= end.interval.high


@pytest.mark.truth
@pytest.mark.parametrize(("people", "shares"), [(48, SHARES), (30, np.array([0.5, 0.3, 0.2])), (60, np.full(6, 1 / 6))])
def test_without_a_bias_five_percent_are_flagged(people, shares):
    flagged = np.mean(
        [found(answers(people, seed, shares=shares), draws=(499, 99)).p <= ALPHA for seed in range(DRAWS)]
    )
    assert is_near(flagged, ALPHA, draws=DRAWS)


@pytest.mark.truth
def test_intervals_of_position_shares_and_differences_cover():
    def holds(seed):
        one = found(answers(120, seed, b=0.25), draws=(19, 999))
        calm = one.columns[0]
        return one.last.interval.low <= 0.25 <= one.last.interval.high, calm.interval.low <= 0.25 <= calm.interval.high

    position, difference = np.mean([holds(seed) for seed in range(DRAWS // 2)], axis=0)
    error = 3 * np.sqrt(ALPHA * (1 - ALPHA) / (DRAWS // 2))
    assert is_at_least(position, 0.925 - error)
    assert is_at_least(difference, 0.925 - error)


@pytest.mark.truth
def test_a_planted_effect_on_a_scale_is_found_and_none_is_not():
    def p_value(seed, effect):
        generator = np.random.default_rng(seed)
        places = np.arange(40)[:, None, None] % 2
        values = np.clip(np.round(generator.normal(4, 1.5, (40, 1, 1)) + effect * places), 1, 7)
        asked = OrderedAnswers(
            values, np.ones((40, 1)), generator.permutation(places) if not effect else places, (0,) * 40, 2
        )
        return order_effects(asked, "last_minus_first", is_choice=False, width=6.0, draws=OrderDraws(499, 99, 0)).p

    assert is_at_least(np.mean([p_value(seed, 1.5) <= ALPHA for seed in range(DRAWS)]), 0.75)
    assert is_at_most(np.mean([p_value(seed, 0.0) <= ALPHA for seed in range(DRAWS)]), 0.065 + noise(ALPHA, DRAWS))
