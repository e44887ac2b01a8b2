"""What missing answers could change, and what the report says of it."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial
from scipy import stats

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.differences import t_test
from tinytroupe_cli.analysis.families import corrected_at_bounds
from tinytroupe_cli.analysis.missing_answers import smallest_p
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.markdown import details
from tinytroupe_cli.reports.results_builder import build_results

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
LIKING = PlannedComparison(query="choice", field="liking", factor="price")


def liked(high, spread, *, silent, design="within", adjust=()):
    """Return the report and the comparison of a scale that few people leave out, whose levels differ by `high`."""
    chance = np.random.default_rng(8)
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = tuple(
        one.model_copy(update={"persona": {**one.persona, "age": 20 + place % 7}})
        for place, one in enumerate(a_cast(40))
    )
    field = PlannedField(name="liking", kind="scale", low=1, high=7)
    trials, events = [], {}
    for place, arm in enumerate(arms):
        own = cast if design == "within" else cast[place::2]
        ids = tuple(member.id for member in own)
        queries = (a_question(ids, fields=(field,)),)
        trials.append(a_trial(own, id=arm.name, condition=arm.name, world=ALONE, queries=queries))
        events[arm.name] = [
            Measured(
                trial=arm.name,
                query="choice",
                person=person,
                values={
                    "liking": None
                    if number < silent
                    else int(np.clip(round(3 + place * high + chance.normal(0, spread)), 1, 7))
                },
            )
            for number, person in enumerate(ids)
        ]
    wanted = LIKING.model_copy(update={"adjust": adjust})
    plan = a_plan(*trials, conditions=arms, factors={"price": (1, 2)}, design=design, comparisons=(wanted,))
    [_, one] = comparisons(plan, measured_rows(plan, events))
    return " ".join(details(build_results(plan, events)).decode().split()), one


def test_the_p_values_at_the_bounds_are_those_of_scipy():
    chance = np.random.default_rng(1)
    one, other = chance.normal(0, 1, 12), chance.normal(1, 2, 9)
    assert t_test(one) == pytest.approx(stats.ttest_1samp(one, 0).pvalue)
    assert t_test(one, other) == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue)
    assert t_test([1.0, 1.0]) == 0
    assert t_test([0.0, 0.0]) == t_test([1.0]) == 1


def test_missing_answers_that_can_not_change_a_result_are_not_said_to():
    text, one = liked(3, 0.5, silent=4)
    assert 0 < one.worst[0] < one.worst[1]
    assert one.worst_changes is False
    assert "are missing. Even in the worst case, the difference keeps its direction and stays" in text
    assert "statistically significant. With all" in text
    assert "they could change this result" not in text


def test_missing_answers_that_could_turn_a_difference_around_or_make_it_significant_are_said_to():
    turned, around = liked(0.1, 1, silent=10)
    assert around.worst[0] < 0 < around.worst[1]
    assert "are missing: they could change this result." in turned
    lost, weak = liked(1, 1, silent=4)
    assert weak.p_corrected < 0.05
    assert weak.worst[0] > 0
    assert weak.worst_p[0] > 0.05
    assert "are missing: they could change this result." in lost


def test_bounds_beside_an_adjusted_estimate_are_of_the_unadjusted_difference():
    text, one = liked(3, 1, silent=2, design="between", adjust=("person.age",))
    assert one.adjusted_for == ("person.age",)
    assert "With all of them, the unadjusted difference would be between" in text


def test_bounds_on_both_sides_of_0_do_not_make_a_difference_that_is_not_shown_uncertain():
    text, one = liked(0.1, 1, silent=3)
    assert not one.is_significant
    assert one.worst[0] < 0 < one.worst[1]
    assert min(one.worst_p) > 0.05
    assert one.worst_changes is False
    assert "Even in the worst case, no difference could be shown." in text


def test_the_p_values_at_the_bounds_are_corrected_in_the_place_of_the_results_own():
    row = ComparisonResult(measure="q.a", by="x", design="within", scale="points", unit="person", family="main")
    settings = AnalysisSettings(PlannedInference(correction="holm"), seed=1)
    rows = [row.model_copy(update={"p": p, "worst_p": (0.02, 0.9)}) for p in (0.001, 0.6, 0.7, 0.8)]
    at_bounds = corrected_at_bounds([*rows, row.model_copy(update={"family": "controls", "p": 0.01})], settings)
    assert at_bounds[0] == pytest.approx((0.08, 1.0))  # four tests, although its own p-value is corrected by 4, too
    assert at_bounds[2] == pytest.approx((0.06, 1.0))  # third of four: its own would be multiplied by less than 2
    assert at_bounds[4] == ()


def test_no_p_value_at_a_bound_is_below_the_smallest_of_a_permutation_test():
    assert _smallest(within=4) == pytest.approx(1 / 8)
    assert _smallest(first=3, second=4) == pytest.approx(1 / 35)


def _smallest(*, within=0, first=0, second=0):
    asked = SimpleNamespace(is_within=bool(within), question=SimpleNamespace(kind="pair"))
    if within:
        return smallest_p(asked, (dict.fromkeys(range(within), 0.0), dict.fromkeys(range(within), 1.0)))
    return smallest_p(asked, (dict.fromkeys(range(first), 0.0), dict.fromkeys(range(second), 1.0)))


SHORT = PlannedField(name="liking", kind="scale", low=1, high=3)
PICK = PlannedField(name="liking", kind="choice", options=("a", "b", "c"))
PICKS = PlannedComparison(query="choice", field="liking", options=True, pairs=(("a", "b"),))


def answered(answers, field, wanted, design):
    """Return the comparison of answers, a list for each of two prices; None: missing."""
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    cast = a_cast(sum(map(len, answers)) if design == "between" else len(answers[0]))
    trials, events, start = [], {}, 0
    for arm, own in zip(arms, answers, strict=True):
        people = cast[start : start + len(own)]
        start += len(own) if design == "between" else 0
        ids = tuple(member.id for member in people)
        question = a_question(ids, fields=(field,))
        trials.append(a_trial(people, id=arm.name, condition=arm.name, world=ALONE, queries=(question,)))
        events[arm.name] = [
            Measured(trial=arm.name, query="choice", person=person, values={"liking": value})
            for person, value in zip(ids, own, strict=True)
        ]
    inference = PlannedInference(resamples=50)
    changes = {"conditions": arms, "factors": {"price": (1, 2)}, "design": design}
    plan = a_plan(*trials, comparisons=(wanted,), inference=inference, **changes)
    return next(one for one in comparisons(plan, measured_rows(plan, events)) if one.kind in ("pair", "options"))


def filled(answers, possible):
    """Yield the answers with every combination of possible values in the place of missing ones."""
    gaps = [(side, at) for side, own in enumerate(answers) for at, value in enumerate(own) if value is None]
    for values in product(possible, repeat=len(gaps)):
        full = [list(own) for own in answers]
        for (side, at), value in zip(gaps, values, strict=True):
            full[side][at] = value
        yield full


@pytest.mark.parametrize(
    ("field", "wanted", "design"),
    [(SHORT, LIKING, "within"), (SHORT, LIKING, "between"), (PICK, PICKS, "within")],
)
def test_what_is_said_of_missing_answers_is_true_of_every_value_they_could_have(field, wanted, design):
    chance, said = np.random.default_rng(12), set()
    possible = field.options or (1, 2, 3)
    for _ in range(30):
        chances = (0.75, 0.2, 0.05)
        first, second = (
            [possible[at] for at in chance.choice(3, 8, p=way)] for way in (chances, chances[:: chance.choice((1, -1))])
        )
        answers = [[None, *first[1:]], [*second[:7], None]]
        one = answered(answers, field, wanted, design)
        full = [answered(whole, field, wanted, design) for whole in filled(answers, possible)]
        others = {
            other.is_significant and (not one.is_significant or other.estimate * one.estimate > 0) for other in full
        }
        said.add((one.is_significant, one.worst_changes))
        assert one.worst_changes == (others != {one.is_significant}), (answers, one.worst_p, one.clearest_p)
    assert {changes for _, changes in said} == {True, False}


def test_a_value_between_the_bounds_can_make_a_difference_significant():
    answers = [[5] * 10, [6, 6, 6, 6, 6, 5, 6, 6, 5, None]]
    answers[0][7] = 6
    wide = PlannedField(name="liking", kind="number", low=0, high=100)
    one = answered(answers, wide, LIKING, "within")
    assert one.clearest_p <= min(one.worst_p)


def test_bounds_of_equivalence_that_missing_answers_break_are_said_to_matter():
    wanted = LIKING.model_copy(update={"equivalence": (-1.0, 1.0)})
    alike = [[4, 5, 4, 5, 4, 5, 4, 5, 4, 5], [5, 4, 4, 5, 5, 4, 4, 5, 4, None]]
    wide = PlannedField(name="liking", kind="scale", low=1, high=100)
    one = answered(alike, wide, wanted, "within")
    assert (one.verdict, one.worst_changes) == ("equivalent", True)
    narrow = answered(alike, PlannedField(name="liking", kind="scale", low=3, high=6), wanted, "within")
    assert (narrow.verdict, narrow.worst_changes) == ("equivalent", False)
