"""What missing answers could change where wordings are random: the estimate and the test are those over wordings."""

from itertools import product

import pytest
from worded_runs import LIKING, a_worded_run, answers_of

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.plan.planned_weights import PlannedWeights

TRIMMED = PlannedWeights(to={"age": {"under 30": 0.8, "30+": 0.2}})


def compared(answers, **changes):
    """Return the comparison of answers; None: missing."""
    plan, events = a_worded_run(answers, **changes)
    return next(one for one in comparisons(plan, measured_rows(plan, events)) if one.kind == "pair")


def with_gaps(answers, *gaps):
    return {**answers, **dict.fromkeys(gaps)}


def filled(answers, first, second):
    """Return the answers with one value for those missing at the first level, and one at the second."""
    return {place: (second if place[0] else first) if one is None else one for place, one in answers.items()}


def every_fill(answers):
    gaps = [place for place, one in answers.items() if one is None]
    return [{**answers, **dict(zip(gaps, values, strict=True))} for values in product((1, 2, 3), repeat=len(gaps))]


TOP = LIKING.model_copy(update={"estimand": "top2"})


@pytest.mark.parametrize("cross", ["rotate", "all"])
@pytest.mark.parametrize("design", ["within", "between"])
@pytest.mark.parametrize(
    ("wanted", "weights"), [(LIKING, None), (TOP, None), (LIKING, TRIMMED), (TOP, TRIMMED)], ids=str
)
def test_the_bounds_are_the_runs_own_estimates_and_p_values_with_the_missing_answers_filled_in(
    cross, design, wanted, weights
):
    same = {"cross": cross, "design": design, "wanted": wanted, "weights": weights}
    gaps = [(0, 0, 0), (0, 1, 1), (1, 1, 5), (1, 2, 6), (0, 2, 2), (1, 3, 7)]
    gaps += [(level, wording, 8 + person) for level, wording, person in product((0, 1), (0, 1), (0, 1, 4, 5))]
    whole = answers_of(3, people=26, cross=cross)
    answers = with_gaps(whole, *(gap for gap in gaps if gap in whole))
    one = compared(answers, **same)
    least, most = (compared(filled(answers, *ends), **same) for ends in ((3, 1), (1, 3)))
    assert one.worst == pytest.approx((least.estimate, most.estimate))
    assert one.worst_p == pytest.approx((least.p, most.p))
    assert one.worst[0] <= one.estimate <= one.worst[1]


@pytest.mark.parametrize("design", ["within", "between"])
def test_what_is_said_of_missing_answers_is_true_of_every_value_they_could_have(design):
    said = set()
    for seed in range(16):
        whole = answers_of(seed, people=16, gap=(0.4, 1.1)[seed % 2])
        answers = with_gaps(whole, (0, 0, 0), (1, 1, 5), (1, 2, 14))
        one = compared(answers, design=design)
        full = [compared(fill, design=design) for fill in every_fill(answers)]
        others = {
            other.is_significant and (not one.is_significant or other.estimate * one.estimate > 0) for other in full
        }
        said.add((one.is_significant, one.worst_changes))
        assert one.worst_changes == (others != {one.is_significant}), (seed, one.worst_p, one.clearest_p)
    assert {changes for _, changes in said} == {True, False}


def test_the_clearest_fill_of_crossed_wordings_is_tested_over_people_and_wordings():
    answers = with_gaps(answers_of(5, cross="all", gap=0.2), (0, 0, 0), (0, 3, 0), (0, 3, 4), (1, 1, 5), (1, 2, 9))
    one = compared(answers, cross="all")
    full = [compared(fill, cross="all").p for fill in every_fill(answers)]
    assert min(full) <= one.clearest_p <= min(one.worst_p)
    assert one.clearest_p == pytest.approx(min(full), rel=0.1)
    assert max(one.worst_p) <= one.faintest_p <= max(full)


def test_a_verdict_on_equivalence_that_missing_answers_break_is_said_to_change():
    wanted = LIKING.model_copy(update={"equivalence": (-0.6, 0.6)})
    alike = {place: 2 + (place[2] % 3 == place[0]) for place in answers_of(1, people=40)}
    kept, lost = (
        compared(with_gaps(alike, *((0, number % 4, number) for number in range(count))), wanted=wanted)
        for count in (3, 20)
    )
    assert (kept.verdict, kept.worst_changes) == ("equivalent", False)
    assert lost.worst_changes is True
