"""A generator with a known truth for runs to which people are added: from rows to looks, stop and p-value."""

from __future__ import annotations

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial
from rates import ALPHA, is_at_least, is_at_most, noise, number_of_draws

from tinytroupe_cli.analysis.looks import LookedAt
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.added_people import with_blocks
from tinytroupe_cli.plan.planned_stopping import PlannedStopping
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

DRAWS = number_of_draws(short=60)
NOISE = noise(ALPHA, DRAWS)
PEOPLE, BLOCK = 200, 20
CAST = a_cast(PEOPLE)
ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
ARMS = tuple(Condition(name=name, levels={"ad": name}) for name in ("calm", "loud"))
FIELD = PlannedField(name="buys", kind="yes_no")


def planned(method, *, is_between=False):
    """Return a plan of ten looks; between: people with an odd number see one ad, the others the other."""
    blocks = [CAST[start : start + BLOCK] for start in range(0, PEOPLE, BLOCK)]
    trials = []
    for number, block in enumerate(blocks, start=1):
        for place, arm in enumerate(ARMS):
            own = block[place::2] if is_between else block
            queries = (a_question(tuple(one.id for one in own), fields=(FIELD,)),)
            name = f"{arm.name}-b{number}"
            trials.append(a_trial(own, id=name, condition=arm.name, block=number, world=ALONE, queries=queries))
    ids = tuple(tuple(one.id for one in block) for block in blocks)
    rule = PlannedStopping(query="choice", field="buys", factor="ad", half_width=0.15, method=method, blocks=ids)
    design = "between" if is_between else "within"
    return a_plan(*trials, conditions=ARMS, factors={"ad": ("calm", "loud")}, design=design, stopping=rule)


def answered(plan, generator, effect=0.0):
    """Return the rows: people differ in how readily they say yes, and the second ad adds an effect."""
    ready = dict(zip([one.id for one in CAST], generator.uniform(0.2, 0.6, PEOPLE), strict=True))
    return [
        Observation.model_construct(
            trial=trial.id, condition=trial.condition, levels={"ad": trial.condition}, replicate=1, wording=0,
            person=member.id, query="choice", field="buys", sample=0, outcome="stated", pmf=(), score=None,
            value=bool(generator.random() < ready[member.id] + effect * (trial.condition == "loud")),
        )
        for trial in plan.trials
        for member in trial.people
    ]  # fmt: skip


def stopped_at(looked_at):
    """Return the number of looks until the rule stops."""
    looks = looked_at.result().looks
    return next((number for number, one in enumerate(looks, 1) if looked_at.is_narrow(one)), len(looks))


METHODS = pytest.mark.parametrize("method", ["confidence_sequence", "alpha_spending"])
DESIGNS = pytest.mark.parametrize("is_between", [False, True], ids=["within", "between"])


@pytest.mark.truth
@METHODS
@DESIGNS
def test_the_intervals_of_ten_looks_hold_together(method, is_between):
    plan = planned(method, is_between=is_between)

    def held(seed):
        looks = LookedAt(plan, plan.stopping, answered(plan, np.random.default_rng(seed), 0.2)).result().looks
        assert len(looks) == 10
        return all(look.pairs[0].low <= 0.2 <= look.pairs[0].high for look in looks if look.half_width is not None)

    assert is_at_least(np.mean([held(seed) for seed in range(DRAWS)]), 1 - ALPHA - NOISE)


@pytest.mark.truth
@METHODS
def test_a_run_that_stopped_errs_in_at_most_five_of_a_hundred(method):
    plan, stops = planned(method), []

    def is_wrong(seed):
        rows = answered(plan, np.random.default_rng(seed))
        looked_at = LookedAt(plan, plan.stopping, rows)
        stops.append(stopped_at(looked_at))
        part = with_blocks(plan, stops[-1])
        ended = LookedAt(part, plan.stopping, [row for row in rows if row.trial in {one.id for one in part.trials}])
        [question] = ended.pairs
        looks = ended.at_looks(question)
        assert len(looks) == stops[-1]
        low, high = ended.interval(question, looks, ALPHA)
        return not low <= 0 <= high or (method == "confidence_sequence" and ended.p(looks) < ALPHA)

    assert is_at_most(np.mean([is_wrong(seed) for seed in range(DRAWS)]), ALPHA + NOISE)
    assert min(stops) < 10, "the rule stops some runs early"


@pytest.mark.truth
@METHODS
def test_p_is_below_alpha_exactly_if_an_interval_of_a_look_excluded_0(method):
    plan = planned(method)
    for seed in range(4):
        looked_at = LookedAt(plan, plan.stopping, answered(plan, np.random.default_rng(seed), 0.1))
        [question] = looked_at.pairs
        looks = looked_at.at_looks(question)
        p = looked_at.p(looks)
        for alpha in (p * 0.98, min(0.99, p * 1.02)):
            excluded = [
                not low <= 0 <= high
                for number in range(1, len(looks) + 1)
                for low, high in [looked_at.interval(question, looks[:number], alpha)]
            ]
            assert any(excluded) == (alpha > p)
