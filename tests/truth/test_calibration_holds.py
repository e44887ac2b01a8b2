"""Generators whose arms are the same: is the rate that `troupe calibrate` finds the one that is there?"""

from __future__ import annotations

import os

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial
from rates import is_near
from scipy import stats

from tinytroupe_cli.analysis.calibration import ArmsDesign, arm_pairs, calibration
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

DRAWS = int(os.environ.get("TROUPE_TRUTH", "300"))
PEOPLE = 20
ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)


def a_calibration(values, kind):
    """Return the plan and the rows of values, people x arms."""
    cast = a_cast(PEOPLE)
    ids = tuple(member.id for member in cast)
    queries = (a_question(ids, fields=(PlannedField(name="pays", kind="number"),)),)
    one = Condition(name="only", levels={})
    trial = a_trial(cast, id="r1", condition="only", replicate=1, world=ALONE, queries=queries)
    plan = a_plan(trial, conditions=(one,), replicates=values.shape[1])
    plan = plan.model_copy(update={"inference": PlannedInference(permutations=499, resamples=20)})
    rows = [
        Observation(
            trial="r1",
            condition="only",
            levels={},
            replicate=1 if kind == "wording" else arm + 1,
            wording=arm + 1 if kind == "wording" else 0,
            person=person,
            query="choice",
            field="pays",
            sample=0,
            outcome="stated",
            value=float(values[place, arm]),
        )
        for place, person in enumerate(ids)
        for arm in range(values.shape[1])
    ]
    return plan, rows


def found(values, kind, *, is_within=True):
    plan, rows = a_calibration(values, kind)
    return calibration(plan, rows, ArmsDesign(kind, is_within, 1, DRAWS, {}), instrument="one")


def generated(arms, *, wording=0.0):
    chance = np.random.default_rng(8)
    people = chance.normal(0, 1, (PEOPLE, 1))
    return people + chance.normal(0, wording, (1, arms)) + chance.normal(0, 1, (PEOPLE, arms))


@pytest.mark.truth
@pytest.mark.parametrize(("is_within", "arms"), [(True, 2 * DRAWS), (False, DRAWS)])
def test_chance_is_found_in_five_of_a_hundred(is_within, arms):
    one = found(generated(arms), "chance", is_within=is_within)
    [measure] = one.measures
    assert (one.draws, measure.tested) == (DRAWS, DRAWS)
    assert is_near(measure.found / measure.tested, 0.05)


@pytest.mark.truth
def test_a_wording_effect_is_found_as_often_as_theory_says():
    """The mean difference has variance 2 (w² + 1/n); the paired t test knows of 2/n only."""
    wording = 0.4
    one = found(generated(2 * DRAWS, wording=wording), "wording")
    [measure] = one.measures
    inflation = np.sqrt(1 + PEOPLE * wording**2)
    expected = 2 * stats.t.sf(stats.t.isf(0.025, PEOPLE - 1) / inflation, PEOPLE - 1)
    assert measure.tested == DRAWS
    assert is_near(measure.found / measure.tested, expected, slack=0.03)
    assert one.is_too_often


@pytest.mark.parametrize(("kind", "is_within"), [("chance", True), ("chance", False), ("wording", True)])
def test_no_answer_is_in_two_draws(kind, is_within):
    values = np.arange(PEOPLE * 12.0).reshape(PEOPLE, 12)
    plan, rows = a_calibration(values, kind)
    pairs = list(arm_pairs(plan, rows, ArmsDesign(kind, is_within, 1, 6, {})))
    assert len(pairs) == (6 if is_within else 12)
    used = [row.value for own in pairs for row in own]
    assert sorted(used) == sorted(values.flat)
    for own in pairs:
        arms = [[row.person for row in own if row.condition == arm] for arm in ("first", "second")]
        assert [len(set(arm)) for arm in arms] == ([PEOPLE] * 2 if is_within else [PEOPLE / 2] * 2)
