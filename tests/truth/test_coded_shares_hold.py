"""A coder that errs, and people who coded some of its texts: is the share that people would have found recovered?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import DRAWS, is_near

from tinytroupe_cli.analysis.coded_shares import corrected_share

SHARE = 0.3


def drawn(seed, *, people, answers, coded, sees, invents):
    """Return a corrected share: people of different talkativeness about it, a coder that misses and invents codes."""
    chance = np.random.default_rng(seed)
    own = chance.beta(2 * SHARE, 2 * (1 - SHARE), people)
    who = np.repeat(np.arange(people), answers)
    truth = chance.random(len(who)) < own[who]
    model = np.where(truth, chance.random(len(who)) < sees, chance.random(len(who)) < invents).astype(float)
    order = chance.permutation(len(who))
    first, rest = order[:coded], order[coded:]
    return corrected_share(
        truth[first].astype(float),
        model[first],
        model[rest],
        people=[str(who[at]) for at in first],
        further_people=[str(who[at]) for at in rest],
    ), model.mean()


@pytest.mark.truth
@pytest.mark.parametrize(
    ("sees", "invents"), [(0.9, 0.2), (0.6, 0.05), (1.0, 0.0), (0.3, 0.3)], ids=["invents", "misses", "right", "blind"]
)
@pytest.mark.parametrize(("people", "answers"), [(400, 1), (100, 4)])
def test_the_share_is_nearly_unbiased_and_its_interval_covers(sees, invents, people, answers):
    found = [
        drawn(seed, people=people, answers=answers, coded=80, sees=sees, invents=invents)[0] for seed in range(DRAWS)
    ]
    shares = np.array([one.share for one in found])
    error = shares.std(ddof=1)
    assert abs(shares.mean() - SHARE) < 0.2 * error + 3 * error / np.sqrt(DRAWS)  # lambda is from the same texts
    assert is_near(np.mean([one.low <= SHARE <= one.high for one in found]), 0.95, slack=0.02)


@pytest.mark.truth
def test_a_coder_that_is_mostly_right_makes_the_interval_narrower_and_a_blind_one_does_not_harm():
    def width(sees, invents):
        found = [
            drawn(seed, people=400, answers=1, coded=80, sees=sees, invents=invents)[0] for seed in range(DRAWS // 3)
        ]
        return np.mean([one.high - one.low for one in found])

    blind = width(0.3, 0.3)
    assert width(0.95, 0.03) < 0.75 * blind
    assert blind == pytest.approx(2 * 1.99 * np.sqrt(0.3 * 0.7 / 80), rel=0.05)


def test_the_model_alone_would_be_wrong():
    found, model = drawn(1, people=2000, answers=1, coded=1000, sees=0.9, invents=0.3)
    assert model > 0.4
    assert found.share == pytest.approx(SHARE, abs=0.03)


def test_agreement_of_all_still_has_an_interval():
    ones = np.ones(60)
    found = corrected_share(ones, ones, ones, people=list(map(str, range(60))), further_people=["x"] * 60)
    assert (found.share, found.high) == (1, 1)
    assert 0.9 < found.low < 1
