"""Charts as specifications and as drawings: what is drawn where, and that labels are text."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from builders import a_member, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.analysis_settings import settings_of
from tinytroupe_cli.analysis.descriptive import summary_of
from tinytroupe_cli.analysis.poll_result import GroupFigure, PollResult, PollRound
from tinytroupe_cli.analysis.price_ladders import LadderFigures, PriceDemand
from tinytroupe_cli.analysis.units import Units
from tinytroupe_cli.events.types import Measured, TrialBegan, TrialEnded
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.breakdowns import by_condition, by_groups, groups_of_people
from tinytroupe_cli.reports.charts.chart_frame import chart_spec
from tinytroupe_cli.reports.charts.chart_images import NARROW, WIDE, png, small_svg, svg
from tinytroupe_cli.reports.charts.chart_kinds import chart_plan
from tinytroupe_cli.reports.charts.chart_theme import SCALE, SERIES, scale_steps, style_rules
from tinytroupe_cli.reports.charts.demand_bars import demand_bars
from tinytroupe_cli.reports.charts.difference_intervals import DrawnDifference, difference_intervals
from tinytroupe_cli.reports.charts.number_dots import MAX_DOTS
from tinytroupe_cli.reports.charts.poll_lines import poll_lines
from tinytroupe_cli.reports.results_builder import build_results

WATER = """wa"t\\er', 'x'] + datum.value"""
"""A label that must not end the expression it stands in."""

FIELDS = {
    "buys": PlannedField(name="buys", kind="yes_no"),
    "cup": PlannedField(name="cup", kind="choice", options=("tea", "<b>coffee</b>", WATER)),
    "mood": PlannedField(name="mood", kind="likert", options=("bad", "so-so", "good")),
    "liking": PlannedField(name="liking", kind="scale", low=1, high=5),
    "worth": PlannedField(name="worth", kind="number", unit="dollars"),
    "order": PlannedField(name="order", kind="rank", options=("taste", "price")),
    "spend": PlannedField(name="spend", kind="budget", options=("ads", "shop"), high=100),
    "ideas": PlannedField(name="ideas", kind="list"),
    "why": PlannedField(name="why", kind="text"),
}
LEVELS = ("low", "high")
PEOPLE = 12


def answer_to(name, number, level):
    """Return an answer: with the high price fewer buy, and all else is a little less."""
    is_low = level == "low"
    return {
        "buys": number < (9 if is_low else 3),
        "cup": ("tea", "<b>coffee</b>", WATER)[number % (3 if is_low else 2)],
        "mood": ("bad", "so-so", "good")[number % 3],
        "liking": 1 + number % (5 if is_low else 4),
        "worth": 2.5 * number + (1 if is_low else 0),
        "order": ["taste", "price"] if number % 3 or is_low else ["price", "taste"],
        "spend": {"ads": 20 + number, "shop": 80 - number},
        "ideas": ["a bell", f"idea {number}"],
        "why": f"Because of {number}.",
    }[name]


def results_of(name, people=PEOPLE):
    ids = tuple(f"p{number}" for number in range(people))
    members = tuple(
        a_member(one, f"Person {one}", age=20 + 4 * number, gender=("f", "m")[number % 2])
        for number, one in enumerate(ids)
    )
    conditions = tuple(Condition(name=level, levels={"price": level}) for level in LEVELS)
    trials, events = [], {}
    for level in LEVELS:
        query = a_question(ids, fields=(FIELDS[name],), questions=dict.fromkeys(ids, "Which?"))
        world = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
        trial = a_trial(id=f"{level}-r1", condition=level, people=members, queries=(query,), world=world)
        measured = [
            Measured(trial=trial.id, step=1, query="choice", person=one, values={name: answer_to(name, number, level)})
            for number, one in enumerate(ids)
        ]
        begun = TrialBegan(trial=trial.id, people=ids, names={member.id: member.name for member in members})
        trials.append(trial)
        events[trial.id] = [begun, *measured, TrialEnded(trial=trial.id, step=1)]
    plan = a_plan(*trials, conditions=conditions, factors={"price": LEVELS})
    return build_results(plan, events)


def breakdown_of(name, people=PEOPLE):
    results = results_of(name, people)
    [query] = results.queries
    return by_condition(results, query, query.fields[0])


def plan_of(name, people=PEOPLE):
    found = chart_plan(breakdown_of(name, people))
    assert found is not None
    return found


def data_of(layer):
    return layer["data"]["values"]


def test_shares_of_yes_are_bars_with_intervals_on_one_scale():
    plan = plan_of("buys")
    bars, halo, line = plan.layers
    assert [(bar["from"], bar["to"]) for bar in data_of(bars)] == [(0, 0.75), (0, 0.25)]
    assert bars["encoding"]["x"]["scale"]["domain"] == [0, 1]
    for bar, end in zip(data_of(bars), data_of(line), strict=True):
        assert end["low"] < bar["to"] < end["high"]
        assert bar["y0"] < end["y"] < bar["y1"]
    assert data_of(halo) == data_of(line)
    assert [row.figure for row in plan.rows] == ["75% yes, n=12", "25% yes, n=12"]
    assert "95% interval" in plan.note


def test_options_stand_beside_each_other_by_condition():
    plan = plan_of("cup")
    bars = plan.layers[0]
    assert [bar["part"] for bar in data_of(bars)] == ["price low", "price high"] * 3
    assert [round(bar["to"], 2) for bar in data_of(bars)] == [0.33, 0.5, 0.33, 0.5, 0.33, 0.0]
    assert bars["encoding"]["color"]["scale"]["range"] == list(SERIES[:2])
    assert plan.legend == ("price low", "price high")
    assert [row.label for row in plan.rows if row.label] == ["tea", "<b>coffee</b>", WATER]


@pytest.mark.parametrize("name", ["mood", "liking"])
def test_scales_diverge_from_their_middle(name):
    plan = plan_of(name)
    segments = data_of(plan.layers[1]["layer"][0])
    for place in range(2):
        own = [segment for segment in segments if segment["y"] == place + 0.5]
        assert own[-1]["to"] - own[0]["from"] == pytest.approx(1)
        assert all(left["to"] == pytest.approx(right["from"]) for left, right in pairwise(own))
    middle = {"mood": "so-so", "liking": "3"}[name]
    for segment in segments:
        if segment["point"] == middle:
            assert segment["from"] == pytest.approx(-segment["to"])
    assert all(row.figure.startswith("mean ") and "[" in row.figure for row in plan.rows)


def test_numbers_are_dots_with_a_box_a_median_and_a_mean():
    boxes, dots, medians, _, _, means = plan_of("worth").layers
    assert len(data_of(dots)) == 2 * PEOPLE
    for box, median, mean in zip(data_of(boxes), data_of(medians), data_of(means), strict=True):
        assert box["from"] < median["from"] == median["to"] < box["to"]
        assert mean["low"] < mean["x"] < mean["high"]


def test_many_numbers_are_dots_that_count():
    dots = data_of(plan_of("worth", people=MAX_DOTS + 50).layers[1])
    assert len(dots) < 2 * MAX_DOTS
    assert sum(dot["count"] for dot in dots) == 2 * (MAX_DOTS + 50)


def test_rankings_are_mean_places_the_best_first():
    plan = plan_of("order")
    assert [row.label for row in plan.rows] == ["taste", "price"]
    [points] = plan.layers
    means = {(mark["part"], int(mark["y"])): mark["x"] for mark in data_of(points)}
    assert means["price low", 0] == 1
    assert means["price high", 0] == pytest.approx(1 + 4 / 12)


def test_budgets_are_mean_amounts_the_largest_first():
    plan = plan_of("spend")
    bars = plan.layers[0]
    assert [(bar["from"], bar["to"]) for bar in data_of(bars)] == [(0, 74.5), (0, 74.5), (0, 25.5), (0, 25.5)]
    assert all(bar["low"] < bar["to"] < bar["high"] for bar in data_of(bars))
    assert [row.label for row in plan.rows if row.label] == ["shop", "ads"]


def test_entries_of_lists_are_bars_most_frequent_first_and_words_are_no_chart():
    assert plan_of("ideas").rows[0].label == "a bell"
    assert chart_plan(breakdown_of("why")) is None


def test_people_are_grouped_by_fields_that_divide_them():
    results = results_of("liking")
    assert {label: len(people) for label, people in groups_of_people(results)["age"].items()} == {
        "under 35": 4,
        "35 to 49": 4,
        "50 and over": 4,
    }
    [query] = results.queries
    by_gender = next(one for one in by_groups(results, query, query.fields[0]) if one.by == "gender")
    assert [part.summary.stated for part in by_gender.parts] == [PEOPLE, PEOPLE]


def test_differences_have_zero_in_their_middle_and_a_name_above():
    found = [DrawnDifference(label="buys: high − low", estimate=-50, low=-80, high=-20)]  # noqa: RUF001 - a minus
    plan = difference_intervals(found, "percentage points")
    assert plan is not None
    assert plan.layers[0]["encoding"]["x"]["scale"]["domain"] == [-80, 80]
    assert [row.figure for row in plan.rows] == ["-50 [-80, -20]"]


def test_differences_without_intervals_are_away_from_the_edge_and_no_line_is_promised():
    found = [DrawnDifference(label="buys: high − low", estimate=-38.9)]  # noqa: RUF001 - a minus
    plan = difference_intervals(found, "percentage points")
    assert plan is not None
    low, high = plan.layers[0]["encoding"]["x"]["scale"]["domain"]
    assert low == -high < 1.2 * -38.9
    assert "95%" not in plan.note
    mixed = difference_intervals([*found, DrawnDifference(label="x", estimate=1, low=0, high=2)], "points")
    assert mixed is not None
    assert "A dot without a line has no interval." in mixed.note


def test_the_line_at_zero_does_not_cross_the_names_above_it():
    found = [DrawnDifference(label=name, estimate=1, low=0, high=2) for name in ("a", "b")]
    plan = difference_intervals(found, "points")
    assert plan is not None
    zero, *_, names = plan.layers
    assert zero["encoding"]["x"]["axis"]["grid"] is False
    for line, name in zip(data_of(zero), data_of(names), strict=True):
        assert name["y"] < line["y0"] < line["y1"] <= int(name["y"]) + 1


def test_of_a_single_condition_yes_and_no_are_bars():
    whole = breakdown_of("buys")
    plan = chart_plan(replace(whole, parts=(whole.whole,)))
    assert plan is not None
    assert [(row.label, row.figure) for row in plan.rows] == [("yes", "50% (12)"), ("no", "50% (12)")]
    assert plan.layers[0]["encoding"]["x"]["scale"]["domain"] == [0, 1]


@pytest.mark.parametrize("name", ["liking", "worth"])
def test_a_single_part_has_no_name(name):
    whole = breakdown_of(name)
    plan = chart_plan(replace(whole, parts=(whole.whole,)))
    assert plan is not None
    assert [row.label for row in plan.rows] == [""]


@pytest.mark.parametrize("name", ["buys", "liking", "worth", "order"])
def test_in_a_weighted_run_groups_of_people_are_weighted_and_say_so(name):
    results = results_of(name)
    weighed = {person.id: 1.7 if number % 3 else 0.3 for number, person in enumerate(results.participants)}
    people = tuple(person.model_copy(update={"weight": weighed[person.id]}) for person in results.participants)
    rows = [row for row in results.rows if row.outcome == "stated"]
    [query] = results.queries
    field = query.fields[0]
    units, settings = (
        Units("person", {person: person for person in weighed}),
        settings_of(results.inference, results.seed),
    )
    whole = summary_of(query.query, field, rows, units, weights=weighed, settings=settings)
    results = results.model_copy(update={"participants": people, "summaries": (whole,)})
    by_gender = next(one for one in by_groups(results, query, field) if one.by == "gender")
    for number, part in enumerate(by_gender.parts):
        own = [row for row in rows if int(row.person[1:]) % 2 == number]
        assert part.summary == summary_of(query.query, field, own, units, weights=weighed, settings=settings)
    plan = chart_plan(by_gender)
    assert plan is not None
    assert "weighted" in plan.note


def test_a_ladder_is_the_share_that_accepts_each_price():
    demand = tuple(
        PriceDemand(price=price, share=share, low=share - 0.1, high=share + 0.1, said_yes=1, revenue=price * share)
        for price, share in ((10.0, 0.7), (20.0, 0.4))
    )
    ladder = LadderFigures(measure="choice.worth", unit="dollars", stated=10, demand=demand)
    whole = breakdown_of("worth")
    plan = demand_bars(replace(whole, parts=(whole.whole,)), [ladder])
    assert plan is not None
    assert [(row.label, row.figure) for row in plan.rows] == [("10 dollars", "70%"), ("20 dollars", "40%")]
    assert [(bar["from"], bar["to"], bar["low"]) for bar in data_of(plan.layers[0])] == [
        (0, 0.7, pytest.approx(0.6)),
        (0, 0.4, pytest.approx(0.3)),
    ]
    assert "all prices together" in plan.note
    assert "95%" not in plan.note


def test_polls_are_lines_over_moments_without_the_people_alone():
    rounds = tuple(
        PollRound(moment=moment, stated=6, missing=0, mean=GroupFigure(value=value, low=value - 1, high=value + 1))
        for moment, value in (("start", 3.0), ("end", 4.0), ("alone", 2.0))
    )
    spec = poll_lines(PollResult(measure="q.liking", groups=6, people=18, rounds=rounds), WIDE, is_share=False)
    assert spec is not None
    assert [value["moment"] for value in data_of(spec["layer"][1])] == ["start", "end"]
    assert poll_lines(PollResult(measure="q.a", groups=1, people=3, rounds=rounds[:1]), WIDE, is_share=False) is None


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "why"])
def test_every_chart_can_be_drawn_and_its_labels_are_text(name):
    breakdown = breakdown_of(name)
    wide, narrow = chart_plan(breakdown), chart_plan(breakdown, is_narrow=True)
    drawn = svg(chart_spec(wide, WIDE), chart_spec(narrow, NARROW), 'what "it" <shows>')
    assert drawn.count("<svg") == 2
    assert 'aria-label="what &quot;it&quot; &lt;shows&gt;"' in drawn
    assert "<b>" not in drawn
    assert not re.search(r'(?:fill|stroke)="#', drawn), "colors are variables"
    assert "NaN" not in drawn
    assert ("&lt;b&gt;coffee" in drawn) == (name == "cup")
    assert (""">wa"t\\er', 'x'] + datum.value<""" in drawn) == (name == "cup")
    assert small_svg(chart_spec(narrow, NARROW), "x").count("<svg") == 1
    assert png(wide, name).startswith(b"\x89PNG")


def test_long_labels_are_broken_into_lines_of_one_row():
    found = breakdown_of("buys")
    narrow = chart_plan(found, is_narrow=True)
    long = narrow.model_copy(
        update={"rows": tuple(row.model_copy(update={"label": "ad calm + price 399 + Sunday"}) for row in narrow.rows)}
    )
    assert long.rows[0].lines == ["ad calm", "price 399", "Sunday"]


def test_a_scale_is_colored_symmetrically_and_the_style_sheet_has_every_color():
    assert [scale_steps(points) for points in (1, 2, 3, 5)] == [[4], [0, 8], [0, 4, 8], [0, 2, 4, 6, 8]]
    light, dark = style_rules().split("@media")
    for rules in (light, dark):
        assert all(f"--series-{number}:" in rules for number in range(1, len(SERIES) + 1))
        assert all(f"--scale-{number}:" in rules for number in range(1, len(SCALE) + 1))
