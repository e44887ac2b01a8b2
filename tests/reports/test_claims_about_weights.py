"""What reports claim about weights: what they apply to, and what trimming did."""

from __future__ import annotations

import numpy as np
import pytest
from builders import a_cast
from three_packs import results_of, written

from tinytroupe_cli.analysis.fidelity_cards import weighted_correlation
from tinytroupe_cli.analysis.poll_result import PollResult
from tinytroupe_cli.analysis.weights import WeightedMargin, Weighting, weigh
from tinytroupe_cli.plan.planned_weights import PlannedWeights

WEIGHTS = Weighting(people=20, effective=18.0, design_effect=1.1, least=0.8, largest=1.2)


def weights_section(weights, **changes):
    text = written(results_of().model_copy(update={"weights": weights, **changes}), "details")
    return text.split("## Weights ")[1].split(" ## ")[0]


def test_what_is_not_weighted_is_what_the_report_has():
    said = weights_section(WEIGHTS, variance=(), quality=(), orders=())
    assert (
        "Not weighted are counts, medians and standard deviations in the tables of answers and figures marked as "
        "unweighted." in said
    )
    poll = PollResult(measure="q.liking", groups=1, people=20, rounds=())
    assert "polls" in weights_section(WEIGHTS, polls=(poll,), quality=())
    assert "checks of answer quality" not in weights_section(WEIGHTS, quality=())


def people(*sexes):
    return tuple(
        member.model_copy(update={"persona": {**member.persona, "gender": gender}})
        for member, gender in zip(a_cast(len(sexes)), sexes, strict=True)
    )


@pytest.mark.parametrize(
    ("trim", "is_trimmed", "misses", "said"),
    [
        ((0.4, 2.0), False, False, "No weight is beyond the bounds, 0.4 and 2 times the mean, so none is trimmed."),
        ((0.9, 1.1), True, True, "Weights are trimmed to 0.9 to 1.1 times the mean; because of that, the weighted"),
        (None, False, False, ""),
    ],
)
def test_trimming_is_told_only_where_a_weight_was_trimmed(trim, is_trimmed, misses, said):
    planned = PlannedWeights(to={"gender": {"female": 0.5, "male": 0.5}}, trim=trim)
    found = weigh(people(*["female"] * 12, *["male"] * 8), planned).weighting
    assert (found.is_trimmed, found.misses_margins) == (is_trimmed, misses)
    told = weights_section(found)
    assert said in told
    assert ("differ from the wanted ones" in told) == misses
    assert ("trimmed" in told) == bool(trim)


def test_margins_that_trimmed_weights_reach_are_not_said_to_be_missed():
    margin = WeightedMargin(attribute="gender", level="female", people=12, wanted=0.5, before=0.6, after=0.5)
    found = WEIGHTS.model_copy(update={"trim": (0.8, 1.2), "is_trimmed": True, "margins": (margin,)})
    assert "Weights are trimmed to 0.8 to 1.2 times the mean." in weights_section(found)


def test_correlations_of_measures_are_weighted():
    chance = np.random.default_rng(2)
    one, other, weights = chance.normal(size=(3, 30))
    weights = np.abs(weights) + 0.1
    first = {number: (value, weight) for number, (value, weight) in enumerate(zip(one, weights, strict=True))}
    second = {number: (value, weight) for number, (value, weight) in enumerate(zip(other, weights, strict=True))}
    moments = np.cov(one, other, aweights=weights)
    assert weighted_correlation(first, second) == pytest.approx(moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1]))
    repeated = {number: (value, 1.0) for number, value in enumerate(one)}
    assert weighted_correlation(repeated, second | {}) == pytest.approx(np.corrcoef(one, other)[0, 1])
