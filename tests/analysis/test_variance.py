import numpy as np
import pytest
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.variance import variances
from tinytroupe_cli.analysis.variance_components import components, intraclass_correlation
from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_wordings import PlannedWordings
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.markdown import details
from tinytroupe_cli.reports.results_builder import build_results

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
FIELDS = (PlannedField(name="pays", kind="number"),)


def a_run(values, *, world=ALONE, left_out=()):
    """Return a plan and its events; `values` is people x conditions x replicates."""
    people, conditions, replicates = values.shape
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in range(conditions))
    cast = a_cast(people)
    ids = tuple(member.id for member in cast)
    trials, events = [], {}
    for place, arm in enumerate(arms):
        for replicate in range(1, replicates + 1):
            name = f"{arm.name}-r{replicate}"
            queries = (a_question(ids, fields=FIELDS),)
            trials.append(a_trial(cast, id=name, condition=arm.name, replicate=replicate, world=world, queries=queries))
            events[name] = [
                Measured(
                    trial=name, query="choice", person=one, values={"pays": float(values[at, place, replicate - 1])}
                )
                for at, one in enumerate(ids)
                if (at, place, replicate) not in left_out
            ]
    plan = a_plan(
        *trials,
        conditions=arms,
        factors={"price": tuple(range(conditions))} if conditions > 1 else {},
        replicates=replicates,
    )
    return plan, events


def found(values, **how):
    plan, events = a_run(values, **how)
    return variances(plan, measured_rows(plan, events))


def drawn(people=60, conditions=2, replicates=3, *, person=1.0, noise=1.0, seed=3):
    chance = np.random.default_rng(seed)
    own = chance.normal(0, person, (people, 1, 1))
    return 20 + own + chance.normal(0, noise, (people, conditions, replicates))


def test_the_shares_add_up_and_the_largest_is_where_the_variance_is():
    [one] = found(drawn(person=3))
    shares = {part.component: part for part in one.components}
    assert sum(part.share for part in one.components) == pytest.approx(1)
    assert max(shares.values(), key=lambda part: part.share).component == "people"
    assert all(part.low <= part.share <= part.high for part in one.components)
    assert one.icc > 0.8
    assert one.icc_p == 0.001
    assert one.effective_n < 60 * 6 / 4


def test_the_effective_number_is_that_of_independent_answers_in_the_same_conditions():
    effect, people, conditions = np.array([0.0, 30.0]), 40, 2
    chance = np.random.default_rng(7)
    means = [
        float((effect[:, None] + chance.normal(0, 2, (people, 1, 1)) + chance.normal(0, 1, (people, 2, 1))).mean())
        for _ in range(4_000)
    ]
    [one] = found(drawn(people=2_000, replicates=1, person=2.0) + effect[:, None])
    variance_of_one_answer = 2.0**2 + 1.0**2
    assert one.effective_n / 2_000 * people == pytest.approx(variance_of_one_answer / np.var(means), rel=0.06)
    assert one.design_effect == pytest.approx(1 + (conditions - 1) * 4 / 5, rel=0.03)


def test_answers_that_ignore_the_person_are_called_so():
    [one] = found(drawn(person=0))
    assert one.icc < 0.1
    assert one.icc_p > 0.05
    text = report(drawn(person=0))
    assert "pays: no dependence of answers on the person could be shown" in text


def test_a_model_that_repeats_itself_tells_nothing_about_personas():
    same = np.repeat(drawn(replicates=1), 3, axis=2)
    [one] = found(same)
    assert one.is_deterministic
    assert one.icc is None
    assert "persona and chance can't be told apart" in report(same)


def test_a_condition_compared_with_itself_differs_as_often_as_chance_does():
    [one] = found(drawn(conditions=4, replicates=2))
    assert one.same_condition[1] == 4
    assert one.same_condition[0] <= 2
    assert "Of 4 comparisons," in report(drawn(conditions=4, replicates=2))


def test_with_one_replicate_noise_holds_the_interaction_too():
    [one] = found(drawn(replicates=1))
    assert [part.component for part in one.components] == ["people", "conditions", "noise"]
    assert one.icc is None
    assert one.gain == pytest.approx(1 / (1 - one.correlation))
    assert "twice_the_replicates" not in one.standard_errors
    assert "with one replicate it can't be separated" in report(drawn(replicates=1))


def test_with_one_condition_there_is_no_share_of_conditions():
    [one] = found(drawn(conditions=1))
    assert [part.component for part in one.components] == ["people", "noise"]
    assert one.standard_errors == {}
    assert one.by_replicate is None


def test_people_with_a_missing_answer_are_left_out_and_counted():
    [one] = found(drawn(people=20), left_out={(0, 0, 1), (3, 1, 2)})
    assert one.people == 18


def test_too_few_people_or_equal_answers_say_why():
    assert found(drawn(people=4))[0].why_not == "fewer than 6 people answered in every cell"
    assert found(np.full((8, 2, 2), 3.0))[0].why_not == "every answer is the same"


def in_cells(people=16, *, group_size=0):
    """Return the figures of a between design: half of the people (in rooms) have one price, half the other."""
    values = drawn(people=people, replicates=3, person=2)
    plan, events = a_run(values)
    half = people // 2
    trials, told = [], {}
    for trial in plan.trials:
        own = trial.people[:half] if trial.condition == "p0" else trial.people[half:]
        parts = [own[at : at + group_size] for at in range(0, len(own), group_size)] if group_size else [own]
        for number, part in enumerate(parts):
            ids = tuple(member.id for member in part)
            world = WorldPlan(type="room", start="2026-01-05T09:00", steps=1) if group_size else ALONE
            queries = tuple(query.model_copy(update={"people": ids}) for query in trial.queries)
            name = f"{trial.id}-g{number}"
            trials.append(trial.model_copy(update={"id": name, "people": part, "world": world, "queries": queries}))
            told[name] = [one.model_copy(update={"trial": name}) for one in events[trial.id] if one.person in ids]
    nested = plan.model_copy(update={"trials": tuple(trials), "design": "between"})
    return nested, told


def test_people_are_nested_in_the_conditions_of_a_between_design():
    plan, events = in_cells()
    [one] = variances(plan, measured_rows(plan, events))
    shares = {part.component: part.share for part in one.components}
    assert (one.unit, one.people, one.conditions, one.replicates) == ("person", 16, 1, 3)
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) == {"people", "conditions", "noise"}
    assert shares["people"] > 0.6
    assert one.icc > 0.6
    assert one.icc_p == 0.001
    assert one.same_condition[1] == 2
    assert one.by_replicate.conditions == ("p0", "p1")
    assert one.standard_errors["twice_the_people"] == pytest.approx(one.standard_errors["now"] / 2**0.5)
    text = details(build_results(plan, events)).decode()
    assert "two answers of one person to the same condition correlate" in " ".join(text.split())


def test_groups_of_people_are_split_as_units():
    plan, events = in_cells(36, group_size=3)
    [one] = variances(plan, measured_rows(plan, events))
    assert (one.unit, one.people) == ("group", 12)
    assert "| measure | groups | conditions |" in " ".join(details(build_results(plan, events)).decode().split())


def test_one_answer_each_says_what_would_tell_people_and_noise_apart():
    plan, events = in_cells()
    once = plan.model_copy(
        update={"replicates": 1, "trials": tuple(trial for trial in plan.trials if trial.replicate == 1)}
    )
    [one] = variances(once, measured_rows(once, events))
    assert one.why_not == "all people answer only once; with `replicates: 2`, people and noise can be told apart"


def test_too_few_units_in_a_cell_say_why():
    plan, events = in_cells(20, group_size=5)
    [one] = variances(plan, measured_rows(plan, events))
    assert one.why_not == "fewer than 6 groups of people of each condition answered in every cell"


def test_people_who_talked_are_one_group():
    [one] = found(drawn(people=8), world=WorldPlan(type="room", start="2026-01-05T09:00", steps=1))
    assert one.why_not == "fewer than 6 groups of people answered in every cell"


def test_the_order_of_people_and_conditions_changes_nothing():
    values = drawn(people=12)
    first, turned = found(values)[0], found(values[::-1, ::-1])[0]
    assert [part.share for part in first.components] == pytest.approx([part.share for part in turned.components])
    assert first.icc == pytest.approx(turned.icc)


def test_the_same_run_gives_the_same_figures():
    assert found(drawn()) == found(drawn())


def test_components_equal_the_analysis_of_variance_by_hand():
    values = np.array([[[1.0, 3.0], [4.0, 6.0]], [[5.0, 5.0], [9.0, 7.0]], [[2.0, 4.0], [3.0, 5.0]]])
    cells, means = values.mean(axis=2), values.mean(axis=(1, 2))
    grand, by_condition = values.mean(), values.mean(axis=(0, 2))
    of_people = 4 * ((means - grand) ** 2).sum() / 2
    apart = cells - means[:, None] - by_condition[None, :] + grand
    mixed = 2 * (apart**2).sum() / 2
    noise = ((values - cells[:, :, None]) ** 2).sum() / 6
    got = components(values)
    assert float(got.noise[0]) == pytest.approx(noise)
    assert float(got.interaction[0]) == pytest.approx((mixed - noise) / 2)
    assert float(got.people[0]) == pytest.approx((of_people - mixed) / 4)


def test_the_intraclass_correlation_of_shrout_and_fleiss_is_reproduced():
    """Their six targets and four judges, as one condition with four replicates: ICC(1,1) = 0.17 (1979, table 4)."""
    ratings = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
    assert intraclass_correlation(ratings[:, None, :]) == pytest.approx(0.17, abs=0.005)


def test_the_standard_error_is_that_of_the_pair_of_conditions_it_names():
    values = drawn(people=24, conditions=3)
    values[:, 1] += np.random.default_rng(1).normal(0, 5, (24, 1))
    gaps = (values[:, 2] - values[:, 0]).mean(axis=1)
    [one] = found(values)
    assert one.standard_errors["now"] == pytest.approx(gaps.std(ddof=1) / 24**0.5)
    assert one.by_replicate.same_people


def test_with_twice_the_replicates_half_of_the_noise_is_left():
    values = drawn(people=500, noise=2, replicates=2, seed=1)
    [one] = found(values)
    assert one.standard_errors["twice_the_replicates"] == pytest.approx((2 * 2**2 / 4 / 500) ** 0.5, rel=0.1)


def test_the_standard_error_between_cells_is_that_of_different_people():
    values = drawn(people=16, conditions=4, person=3)
    plan, events = a_run(values)
    sides = {"p0": slice(0, 6), "p1": slice(0, 6), "p2": slice(6, 16), "p3": slice(6, 16)}
    trials, told = [], {}
    for trial in plan.trials:
        people = trial.people[sides[trial.condition]]
        ids = tuple(member.id for member in people)
        queries = tuple(query.model_copy(update={"people": ids}) for query in trial.queries)
        trials.append(trial.model_copy(update={"people": people, "queries": queries}))
        told[trial.id] = [one for one in events[trial.id] if one.person in ids]
    mixed = plan.model_copy(update={"trials": tuple(trials)})
    [one] = variances(mixed, measured_rows(mixed, told))
    first, last = values[:6, 0].mean(axis=1), values[6:, 3].mean(axis=1)
    assert one.by_replicate.conditions == ("p0", "p3")
    assert one.standard_errors["now"] == pytest.approx((first.var(ddof=1) / 6 + last.var(ddof=1) / 10) ** 0.5)
    assert one.standard_errors["twice_the_people"] == pytest.approx(one.standard_errors["now"] / 2**0.5)
    assert (
        "Different people were in the two conditions: its standard error is"
        in details(build_results(mixed, told)).decode()
    )


def test_a_negative_estimate_has_an_upper_end_above_0():
    values = drawn(people=30, person=0, seed=2)
    values -= values.mean(axis=(1, 2), keepdims=True)  # people are more alike than chance would have them
    [one] = found(values)
    shares = {part.component: part for part in one.components}
    assert shares["people"].variance < 0
    assert shares["people"].share == 0
    assert shares["people"].low == 0
    assert 0.03 < shares["people"].high < 0.6
    assert shares["noise"].low <= 1 - shares["people"].high
    assert "0% [0, 0]" not in report(values)


def report(values):
    plan, events = a_run(values)
    return details(build_results(plan, events)).decode()


def test_the_report_says_how_stable_a_difference_is():
    values = drawn()
    values[:, 1] += 1
    text = report(values)
    assert "points the same way in 3 of 3 replicates" in text
    assert "None" not in text[text.index("## Where the variance is") : text.index("## In their own words")]


def test_crossed_wordings_have_components_and_a_contrast_of_their_own():
    chance = np.random.default_rng(3)
    plan, events = a_run(chance.normal(0, 1, (20, 2, 4)) + 3 * np.arange(4))
    trials = tuple(trial.model_copy(update={"wording": trial.replicate, "replicate": 1}) for trial in plan.trials)
    worded = plan.model_copy(
        update={"trials": trials, "replicates": 1, "wordings": PlannedWordings(count=4, cross="all")}
    )
    [one] = variances(worded, measured_rows(worded, events))
    shares = {part.component: part.share for part in one.components}
    assert list(shares) == [
        *("people", "conditions", "wordings", "people_by_conditions", "wordings_by_conditions", "noise")
    ]
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["wordings"] > 0.8
    assert (one.wordings, one.replicates, one.people) == (4, 1, 20)
    assert len(one.by_wording.differences) == 4
    assert one.by_replicate is None
    assert one.standard_errors["twice_the_wordings"] <= one.standard_errors["now"]
    text = details(build_results(worded, events)).decode()
    assert "wordings \N{MULTIPLICATION SIGN} conditions" in text
    assert "of 4 wordings" in text
