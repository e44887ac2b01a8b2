"""data/wide.csv: one line for each unit in each condition."""

from __future__ import annotations

import csv
import io
from statistics import fmean

import pytest
from builders import a_cast, a_plan, a_question, a_trial
from report_cases import a_room, an_interview

from tinytroupe_cli.events.types import Measured
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.reports.csv_files import data_csv
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.reports.wide_table import wide_table


def lines(*case):
    return list(csv.DictReader(io.StringIO(data_csv(wide_table(build_results(*case))).decode(), newline="")))


def test_a_person_alone_is_a_line_with_their_attributes_and_a_column_per_measure():
    [line] = lines(*an_interview())
    assert (line["unit"], line["people"], line["name"]) == ("lisa", "1", "Lisa Carter")
    assert (line["verdict.would_subscribe"], line["verdict.fair_price"]) == ("0.0", "6.5")
    assert line["person.residence"] == "Toronto, Canada"
    assert "verdict.why" not in line


def test_people_who_talked_are_one_line_per_condition_with_their_means():
    found = lines(*a_room()[:2])
    assert [line["condition"] for line in found] == ["399-calm", "399-loud", "559-calm", "559-loud"]
    assert {(line["unit"], line["people"], line["name"]) for line in found} == {("lisa", "2", "")}
    assert [line["choice.ad: calm"] for line in found] == ["1.0", "1.0", "0.0", "0.0"]
    assert [line["choice.interest"] for line in found] == ["1.5", "2.5", "3.5", "4.5"]
    assert found[0]["choice.matters: speed"] == "1.5"
    assert {line["weight"] for line in found} == {""}


def test_what_nobody_stated_is_an_empty_cell_and_not_a_missing_line():
    plan, events, *_ = a_room()
    first = next(iter(events))
    events[first] = [event for event in events[first] if not isinstance(event, Measured)]
    found = lines(plan, events)
    assert len(found) == 4
    assert found[0]["choice.interest"] == ""


def test_weights_are_in_the_line_and_in_the_means():
    plan, events, *_ = a_room(weights=PlannedWeights(to={"age": {"18-34": 0.8, "35+": 0.2}}))
    found = lines(plan, events)
    assert float(found[0]["weight"]) == 2
    assert float(found[0]["choice.interest"]) == 0.8 * 1 + 0.2 * 2
    assert a_plan().weights is None


def test_with_a_fixed_cast_each_replicate_is_a_line_and_the_lines_give_the_tested_values():
    ids = tuple(member.id for member in a_cast(3))
    field = PlannedField(name="liking", kind="scale", low=1, high=7)
    arms = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))
    trials, events = [], {}
    for place, arm in enumerate(arms):
        for replicate in range(1, 7):
            name = f"{arm.name}-r{replicate}"
            question = a_question(ids, name="q", fields=(field,))
            trials.append(a_trial(3, id=name, condition=arm.name, replicate=replicate, queries=(question,)))
            events[name] = [
                Measured(
                    trial=name,
                    query="q",
                    person=person,
                    values={"liking": 1 + (replicate * (place + 1) + number) % 7},
                )
                for number, person in enumerate(ids)
            ]
    compared = PlannedComparison(query="q", field="liking", factor="price")
    plan = a_plan(
        *trials,
        conditions=arms,
        factors={"price": (1, 2)},
        replicates=6,
        comparisons=(compared,),
        inference=PlannedInference(about="cast"),
    )
    found = lines(plan, events)
    assert [(line["unit"], line["condition"]) for line in found] == [
        (str(number), arm.name) for number in range(1, 7) for arm in arms
    ]
    assert {(line["people"], line["name"], line["weight"]) for line in found} == {("3", "", "")}
    [pair] = [one for one in build_results(plan, events).comparisons if one.kind == "pair"]
    assert (pair.unit, pair.n) == ("replicate", (6, 6))
    for arm, value in zip(arms, pair.values, strict=True):
        assert fmean(float(line["q.liking"]) for line in found if line["condition"] == arm.name) == pytest.approx(value)
