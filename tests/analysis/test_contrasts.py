from dataclasses import replace

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial
from scipy import stats

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.contrast_figures import contrast_figures
from tinytroupe_cli.analysis.contrasts import Contrast, contrast_bootstrap_t, contrast_t, contrast_test
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.permutation import label_test
from tinytroupe_cli.analysis.slopes import slope, slope_test, spearman
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

HOW = {"draws": 999, "seed": 2}
PRICES, TONES = (1, 2, 3), ("calm", "loud")
PAYS = PlannedComparison(query="choice", field="pays", factor="price")


def pays(price, tone, age):
    """The price counts only if the ad is loud, and the more the older people are."""
    return 10 + (price * (1 + age / 50) if tone == "loud" else 0)


def found(wanted, *, between=(), people=24):
    arms = tuple(
        Condition(name=f"{price}-{tone}", levels={"price": price, "tone": tone}) for price in PRICES for tone in TONES
    )
    cast = tuple(
        member.model_copy(update={"persona": {**member.persona, "age": 20 + 2 * place}})
        for place, member in enumerate(a_cast(people))
    )
    noise = np.random.default_rng(8)
    trials, events = [], {}
    for arm in arms:
        price, tone = PRICES.index(arm.levels["price"]), TONES.index(arm.levels["tone"])
        own = [
            member
            for place, member in enumerate(cast)
            if ("price" not in between or place % 3 == price) and ("tone" not in between or place // 3 % 2 == tone)
        ]
        ids = tuple(member.id for member in own)
        field = PlannedField(name="pays", kind="number")
        question = a_question(ids, fields=(field,))
        world = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
        trials.append(a_trial(tuple(own), id=arm.name, condition=arm.name, world=world, queries=(question,)))
        events[arm.name] = [
            Measured(
                trial=arm.name,
                query="choice",
                person=member.id,
                values={
                    "pays": pays(arm.levels["price"], arm.levels["tone"], member.persona["age"]) + noise.normal(0, 0.1)
                },
            )
            for member in own
        ]
    plan = a_plan(*trials, conditions=arms, factors={"price": PRICES, "tone": TONES}, comparisons=tuple(wanted))
    assignment = plan.assignment.model_copy(update={"between": tuple(between)})
    return comparisons(plan.model_copy(update={"assignment": assignment}), measured_rows(plan, events))


@pytest.mark.parametrize("between", [(), ("price",)])
def test_a_named_contrast_is_the_weighted_sum_of_levels(between):
    [one] = found([PAYS.model_copy(update={"contrasts": {"low_or_not": (1.0, -0.5, -0.5)}})], between=between)
    assert (one.kind, one.contrast, one.levels, one.weights) == ("contrast", "low_or_not", PRICES, (1, -0.5, -0.5))
    assert one.low < one.estimate < one.high < 0
    assert one.n == ((24,) if not between else (8, 8, 8))
    assert one.p < 0.05


@pytest.mark.parametrize("between", [(), ("price",), ("tone",), ("price", "tone")])
def test_an_interaction_is_the_difference_of_differences_in_every_design(between):
    wanted = PAYS.model_copy(update={"second_factor": "tone"})
    rows = found([wanted], between=between, people=72)
    assert [one.levels for one in rows] == [([a, b], ["calm", "loud"]) for a, b in ((1, 2), (1, 3), (2, 3))]
    first, second, third = rows
    age = 20 + 71
    assert first.estimate == pytest.approx(1 + age / 50, rel=0.25)
    assert second.estimate > first.estimate
    assert third.p < 0.01
    assert len(third.n) == {0: 1, 1: 2, 2: 4}[len(between)]


def test_an_effect_that_grows_with_age_is_a_moderator():
    slope_of_effect = PAYS.model_copy(update={"moderator": "age", "pairs": ((1, 3),)})
    groups = slope_of_effect.model_copy(update={"moderator_bands": (44.0,)})
    one, other = found([slope_of_effect, groups])
    assert (one.kind, one.estimand, one.also_by) == ("moderator", "slope", "age")
    assert one.estimate == pytest.approx(2 / 50 / 2, abs=0.005)  # averaged over a calm and a loud ad
    assert one.effect_size > 0.9
    assert other.levels == ([1, 3], ["under 44", "44 and over"])
    assert other.estimate > 0
    assert other.p < 0.01


def test_a_number_without_bands_has_a_slope():
    [one] = found([PlannedComparison(query="choice", field="pays", attribute="age")])
    assert (one.kind, one.design, one.family, one.interval) == ("slope", "description", "description", "BCa")
    assert one.estimate == pytest.approx(2 / 50 / 2, abs=0.005)  # twice the price on average, half of the ads loud
    assert one.low < one.estimate < one.high


def test_statistics_equal_scipys():
    generator = np.random.default_rng(3)
    x, y = generator.integers(0, 9, 30).astype(float), generator.normal(size=30)
    assert slope(x, y)([np.ones((1, 30))])[0] == pytest.approx(stats.linregress(x, y).slope, abs=1e-9)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)
    assert spearman(np.ones(30), y) is None
    two = Contrast([x[:12], y[:18]], [-1, 1])
    welch = stats.ttest_ind(y[:18], x[:12], equal_var=False)
    assert two.estimate / two.error == pytest.approx(welch.statistic, abs=1e-9)
    assert two.freedom == pytest.approx(welch.df, abs=1e-9)
    assert contrast_t(two, alpha=0.05) == pytest.approx(tuple(welch.confidence_interval()), abs=1e-9)


def test_two_groups_are_tested_as_a_difference_is():
    generator = np.random.default_rng(4)
    first, second = generator.normal(0, 1, 20), generator.normal(1, 2, 15)
    found_p = contrast_test(Contrast([first, second], [-1, 1]), **HOW).p
    assert found_p == pytest.approx(label_test(first, second, **HOW).p, abs=0.06)


def test_a_contrast_of_people_in_blocks_says_that_labels_are_permuted_within_them():
    generator = np.random.default_rng(5)
    heights = {"low": 0.0, "high": 30.0}
    blocks = ["low", "high"] * 8
    groups = [
        {f"{group}{place}": heights[block] + shift + generator.normal() for place, block in enumerate(blocks)}
        for group, shift in enumerate((0, 0, 0, 2))
    ]
    plain = AnalysisSettings(PlannedInference(permutations=999, resamples=999), 1)
    within = replace(plain, blocks=tuple(blocks * 4))
    found = [contrast_figures(groups, [1, -1, -1, 1], one, is_share=False) for one in (plain, within)]
    assert [one["test"] for one in found] == [
        "labels permuted, studentized contrast",
        "labels permuted within blocks, studentized contrast",
    ]
    assert found[0]["p"] > 0.3
    assert found[1]["p"] < 0.02


def test_units_that_agree_have_p_1_and_no_interval():
    same = Contrast([np.ones(8), np.ones(8), np.ones(8)], [1, -0.5, -0.5])
    assert contrast_test(same, **HOW).p == 1
    assert contrast_bootstrap_t(same, resamples=999, seed=1, alpha=0.05) is None
    assert slope_test(np.ones(8), np.arange(8.0), **HOW).p == 1
    assert slope_test(np.arange(8.0), np.ones(8), **HOW).p == 1
