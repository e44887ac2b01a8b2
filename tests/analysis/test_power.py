from __future__ import annotations

import math

import numpy as np
import pytest

from tinytroupe_cli.analysis.pilot_people import NoVarianceError, checked, pilot_sampler
from tinytroupe_cli.analysis.power import (
    AnswerModel,
    Layout,
    PowerSettings,
    model_sampler,
    people_beyond,
    simulated_power,
    wording_test,
    wording_variance,
)
from tinytroupe_cli.api.power_assumptions import Stated, answer_model, assumed_variance, effect_of
from tinytroupe_cli.core.errors import RunError

MODEL = AnswerModel(person=1, interaction=0.5, noise=1, wording=0.3, effect=0.8)
QUICK = PowerSettings(draws=100)


def test_the_same_seed_gives_the_same_power():
    layout = Layout((20, 20))
    one, other = (simulated_power(model_sampler(MODEL, layout), layout, QUICK) for _ in range(2))
    assert one == other


def test_a_larger_family_lowers_the_power_and_raises_the_detectable_effect():
    layout = Layout((20, 20))
    one, six = (
        simulated_power(model_sampler(MODEL, layout), layout, PowerSettings(draws=100, comparisons=count))
        for count in (1, 6)
    )
    assert six.power < one.power
    assert six.detectable > one.detectable
    free = PowerSettings(draws=100, comparisons=6, correction="none")
    assert simulated_power(model_sampler(MODEL, layout), layout, free).power == one.power


@pytest.mark.parametrize("share", [None, 0.3])
def test_what_people_can_not_reduce_is_the_error_of_very_many_people(share):
    model = AnswerModel(person=0.6, interaction=0.3, noise=0.7, wording=0.3, effect=0.1, share=share)
    layout = Layout((4_000, 4_000), wordings=4)
    spread = simulated_power(model_sampler(model, layout), layout, PowerSettings(draws=600)).spread
    fixed = wording_variance(0.3, 4, None if share is None else share + 0.05)
    assert spread == pytest.approx(np.sqrt(fixed), rel=0.1)


def test_people_beyond_a_number_add_nothing_where_wordings_do():
    assert people_beyond(2.0, 100, 1.0) == math.ceil(300 / 0.21)
    assert people_beyond(1.0, 100, 0.0) is None
    assert wording_variance(0.3, 1) == 0


def test_wordings_that_agree_exactly_are_no_evidence():
    assert wording_test(np.full(4, 0.5)) == 1


def test_blocks_are_used_in_proportion_to_their_size():
    layout = Layout((20, 20), is_within=False, blocks=(1, 3))
    assert simulated_power(model_sampler(MODEL, layout), layout, QUICK).power > 0.2


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_share_of_a_pilot_is_raised_by_the_effect_whatever_it_is(share):
    generator = np.random.default_rng(1)
    values = (generator.random((500, 2, 1, 1)) < share) * 1.0
    sample = pilot_sampler(checked(values, is_share=True), Layout((4_000, 4_000)), effect=0.2, wording=0)
    drawn = sample(np.random.default_rng(2))
    assert abs(float(drawn.second.mean() - drawn.first.mean())) == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    ("values", "is_share"),
    [
        (np.ones((8, 2, 1, 1)), True),
        (np.arange(8.0)[:, None, None, None] + np.array([0, 1])[None, :, None, None], False),
    ],
)
def test_a_pilot_without_variance_is_refused(values, is_share):
    with pytest.raises(NoVarianceError):
        checked(values, is_share=is_share)


@pytest.mark.parametrize(
    ("shape", "layout", "message"),
    [
        ((9, 1, 1, 2), Layout((9, 9)), "experienced only one level"),
        ((9, 2, 1, 2), Layout((9, 9), conditions=2), "fewer conditions"),
        ((9, 2, 1, 1), Layout((9, 9), replicates=2), "one replicate"),
    ],
)
def test_a_pilot_that_lacks_answers_for_a_design_says_so(shape, layout, message):
    pilot = checked(np.random.default_rng(1).normal(size=shape), is_share=False)
    with pytest.raises(ValueError, match=message):
        pilot_sampler(pilot, layout, effect=1, wording=0)


@pytest.mark.parametrize(
    ("written", "scale", "bounds", "found"),
    [
        ("5points", "share", (0, 1), 0.05),
        ("0.2", "share", (0, 1), 0.2),
        ("", "share", (0, 1), 0.1),
        ("0.3", "points", (1, 7), 0.3),
        ("2 points", "points", (1, 7), 2.0),
        ("0.5sd", "points", (1, 7), 1.0),
        ("", "number", (-np.inf, np.inf), 0.5),
    ],
)
def test_an_effect_is_read_in_the_measures_unit(written, scale, bounds, found):
    assert effect_of(written, scale, assumed_variance(Stated(), scale, bounds, 0)) == pytest.approx(found)


@pytest.mark.parametrize(
    ("written", "scale", "message"),
    [
        ("big", "share", "expects a number"),
        ("0", "share", "between 0 and 100 points"),
        ("1sd", "share", "is in points"),
        ("60points", "share", "can't change"),
        ("3", "number", "its standard deviation is unknown"),
        ("2points", "number", "its standard deviation is unknown"),
    ],
)
def test_an_effect_that_fits_no_measure_is_refused(written, scale, message):
    with pytest.raises(RunError, match=message):
        effect_of(written, scale, assumed_variance(Stated(), scale, (-np.inf, np.inf), 0))


def test_a_stated_figure_of_the_wrong_kind_is_refused():
    with pytest.raises(RunError, match="the measure is a share"):
        assumed_variance(Stated(sd=1), "share", (0, 1), 0)
    with pytest.raises(RunError, match="the measure is a number"):
        assumed_variance(Stated(share=0.5), "points", (1, 5), 0)


def test_the_parts_of_an_answer_add_up_to_its_variance():
    model = answer_model(assumed_variance(Stated(sd=2, icc=0.4), "number", (0, 9), 0), 1, samples=1)
    assert model.person**2 + model.interaction**2 + model.noise**2 == pytest.approx(4)
    assert answer_model(assumed_variance(Stated(share=0.9), "share", (0, 1), 0), 0.2, samples=1).share == pytest.approx(
        0.1
    )
