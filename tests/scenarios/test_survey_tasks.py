"""Price ladders, budgets and best-worst tasks: from the experiment's file to the report."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

from tinytroupe_cli.core.random_streams import Stream

PRICES = (199, 299, 399, 499)
FEATURES = ("picture", "sound", "design", "brand", "remote", "weight")
LIKING: dict[str, float] = dict(zip(FEATURES, (2.0, 1.2, 0.4, -0.4, -1.2, -2.0), strict=True))
EXPERIMENT = """\
troupe: 1
name: television
seed: 4
factors: {ad: [calm, loud]}
personas: [{use: oscar, copies: 24, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: price
    of: each person
    how: interview
    question: "After the {{ ad }} ad, would you buy the television at this price?"
    fields: {pays: {ladder: [199, 299, 399, 499], unit: dollars}}
  - name: money
    of: each person
    how: interview
    question: "After the {{ ad }} ad, what would you spend on?"
    fields: {split: {budget: [picture, sound, design], unit: dollars}}
  - name: value
    of: each person
    how: interview
    question: "After the {{ ad }} ad, what matters most and least to you?"
    fields: {matters: {maxdiff: [picture, sound, design, brand, remote, weight]}}
compare:
  - {measure: price.pays, by: ad}
  - {measure: money.split, by: ad}
  - {measure: value.matters, by: ad}
expect:
  - "price.pays.share(299) >= 0.5"
  - "money.split.mean('picture') > money.split.mean('design')"
  - "value.matters.mean('picture') > value.matters.mean('weight')"
  - "compare('money.split', 'calm', 'loud', option='picture').estimate > 0"
report: {formats: [json, markdown, details, html, csv]}
"""


def asked(body: Body) -> str:
    """Return the last thing that was asked."""
    return str(body["messages"][-1]["content"])


def luck(body: Body) -> Stream:
    """Return random numbers of the person's own, the same after both ads."""
    return Stream(0, json.dumps(body["messages"]).replace("loud", "calm"))


def normal(own: Stream, mean: float, sd: float) -> float:
    return NormalDist(mean, sd).inv_cdf(0.001 + 0.998 * own.fraction())


def answers(body: Body) -> dict[str, Any]:
    """Answer a ladder, a budget or a best-worst task; after the loud ad the picture is worth more."""
    schema, text, own = schema_of(body), asked(body), luck(body)
    assert schema is not None
    keys, is_loud = list(schema["properties"]), "loud ad" in text
    if "_price_1" in keys[0]:
        prices = [float(price) for price in re.findall(r"\d\. (\d+) dollars", text)]
        most = normal(own, 390, 90) + 60 * is_loud
        return {key: "yes" if price <= most else "no" for key, price in zip(keys, prices, strict=True)}
    if "_part_1" in keys[0]:
        parts = re.findall(r'\d\. "(\w+)"', text)
        weights = [1 + 2 * own.fraction() + (1 + 2 * is_loud if part == "picture" else 0) for part in parts]
        return {key: round(100 * w / sum(weights), 1) for key, w in zip(keys, weights, strict=True)}
    found: dict[str, Any] = {}
    for number, shown in enumerate(re.findall(r'\d\. ((?:"\w+"(?:, )?)+)', text), start=1):
        options = re.findall(r"\w+", shown)
        order = sorted(options, key=lambda option: -_worth(option, own))
        found |= {f"item_1_set_{number}_best": order[0], f"item_1_set_{number}_worst": order[-1]}
    return found


def _worth(option: str, own: Stream) -> float:
    return LIKING[option] + normal(own, 0, 1.2)


def play(
    folder: Path, experiment: str = EXPERIMENT, answer: Callable[[Body], dict[str, Any]] = answers
) -> tuple[Project, FakeProvider]:
    with FakeProvider(answer=lambda body: json.dumps(answer(body))) as fake:
        project = Project(folder, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err + ended.out
    return project, fake


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return play(tmp_path_factory.mktemp("television"))[0]


def rows_of(project: Project, query: str) -> list[dict[str, Any]]:
    return [row for row in project.results["rows"] if row["query"] == query]


def test_a_ladder_is_counted_as_the_highest_accepted_price(played: Project) -> None:
    results, rows = played.results, rows_of(played, "price")
    highest = [max(row["value"], default=0) for row in rows]
    summary = next(one for one in results["summaries"] if one["query"] == "price" and not one["condition"])
    assert summary["numbers"]["mean"] == pytest.approx(sum(highest) / len(highest))
    [whole, calm, loud] = results["ladders"]
    for one, own in ((whole, rows), (calm, [r for r in rows if r["condition"] == "calm"])):
        for at in one["demand"]:
            share = sum(max(row["value"], default=0) >= at["price"] for row in own) / len(own)
            assert at["share"] == pytest.approx(share)
            assert at["low"] < share < at["high"] or share in {0, 1}
            assert at["revenue"] == pytest.approx(at["price"] * share)
    assert whole["contradictory"] == 0
    assert loud["best_low"] <= loud["best_price"] <= loud["best_high"]
    assert {tuple(row["shown"]) for row in rows} == {(199, 499), (499, 199)}
    assert all(row["raw"] is None for row in rows)
    [paid] = [one for one in results["comparisons"] if one["measure"] == "price.pays" and one["kind"] == "pair"]
    assert paid["estimate"] > 0
    report = " ".join(played.report.split())
    assert "revenue per person is greatest at" in report
    for name in ("report.md", "report.html"):
        assert "revenue per person is greatest at" in " ".join((played.runs[-1] / name).read_text().split())
    assert "None of the 48 ladders is contradictory" in report


def test_a_budget_is_compared_as_a_whole_and_option_by_option(played: Project) -> None:
    results, rows = played.results, rows_of(played, "money")
    assert all(sum(row["value"].values()) == pytest.approx(100) for row in rows)
    summary = next(one for one in results["summaries"] if one["query"] == "money" and one["condition"] == "loud")
    picture = next(one for one in summary["amounts"] if one["option"] == "picture")
    own = [row["value"]["picture"] for row in rows if row["condition"] == "loud"]
    assert picture["mean"] == pytest.approx(sum(own) / len(own))
    assert picture["low"] < picture["mean"] < picture["high"]
    told = [one for one in results["comparisons"] if one["measure"] == "money.split"]
    assert [(one["kind"], one["option"]) for one in told] == [
        ("whole", None),
        ("pair", "picture"),
        ("pair", "sound"),
        ("pair", "design"),
    ]
    gaps = [one["estimate"] for one in told[1:]]
    assert told[0]["estimate"] == pytest.approx(sum(map(abs, gaps)) / 2)
    assert told[0]["p_corrected"] < 0.05
    assert sum(gaps) == pytest.approx(0, abs=1e-6)
    report = " ".join(played.report.split())
    assert "of the amount is divided otherwise" in report
    assert "gave more to split picture with ad loud" in report


def test_a_best_worst_task_shows_everyone_balanced_sets(played: Project) -> None:
    results, rows = played.results, rows_of(played, "value")
    for row in rows:
        assert Counter(option for one in row["value"] for option in one["set"]) == dict.fromkeys(FEATURES, 3)
    by_person: dict[str, set[str]] = {}
    for row in rows:
        by_person.setdefault(row["person"], set()).add(json.dumps([one["set"] for one in row["value"]]))
    assert all(len(sets) == 1 for sets in by_person.values()), "a person has the same sets in all conditions"
    assert len({shown for sets in by_person.values() for shown in sets}) > 12
    pairs = Counter(
        frozenset((one, other))
        for sets in by_person.values()
        for shown in json.loads(next(iter(sets)))
        for one in shown
        for other in shown
        if one != other
    )
    assert max(pairs.values()) - min(pairs.values()) <= 4  # each pair is counted twice
    [whole, *_] = results["best_worst"]
    utilities = [one["utility"] for one in whole["options"]]
    assert utilities == sorted(utilities, reverse=True)
    assert whole["sets"] == 48 * 6
    assert sum(one["best"] for one in whole["options"]) == 48 * 6
    summary = next(one for one in results["summaries"] if one["query"] == "value" and not one["condition"])
    for one, counted in zip(summary["amounts"], whole["options"], strict=True):
        assert one["mean"] == pytest.approx((counted["best"] - counted["worst"]) / counted["shown"])
    assert "picture is preferred most" in " ".join(played.report.split())
    compared = [one for one in results["comparisons"] if one["measure"] == "value.matters"]
    assert compared[0]["kind"] == "whole"
    assert len(compared) == 7


def test_the_tables_have_every_price_amount_and_score(played: Project) -> None:
    folder = played.runs[-1] / "data"
    with (folder / "wide.csv").open(encoding="utf-8", newline="") as file:
        wide = list(csv.DictReader(file))
    first = wide[0]
    assert float(first["price.pays"]) in {0, *PRICES}
    assert sum(float(first[f"money.split: {name}"]) for name in ("picture", "sound", "design")) == pytest.approx(100)
    assert sum(float(first[f"value.matters: {name}"]) for name in FEATURES) == pytest.approx(0)
    with (folder / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["query"] == "price"]
    assert all(json.loads(row["value"]) == [price for price in PRICES if price <= float(row["code"])] for row in rows)


def test_the_plan_says_how_the_sets_are_balanced(played: Project) -> None:
    plan = played.troupe("plan", "x.yaml")
    assert plan.code == 0, plan.err
    told = " ".join(plan.out.split())
    assert "each person sees each option in 3 sets, and each pair of options together in 1 to 2" in told
    assert "in all 24 versions of the sets, each pair is together " in told
    assert "read from low to high by 12 people, from high to low by 12" in told


def test_contradictory_ladders_are_counted_and_kept(tmp_path: Path) -> None:
    def contradictory(body: Body) -> dict[str, Any]:
        found = answers(body)
        keys = list(found)
        if "_price_1" in keys[0] and luck(body).fraction() < 0.4:
            low_first = re.search(r"1\. 199", asked(body)) is not None
            found |= dict(zip(keys if low_first else keys[::-1], ["yes", "no", "yes", "no"], strict=True))
        return found

    project, _ = play(tmp_path, answer=contradictory)
    whole = project.results["ladders"][0]
    crooked = [row for row in rows_of(project, "price") if row["value"] == [199, 399]]
    assert whole["contradictory"] == len(crooked) > 0
    at = next(one for one in whole["demand"] if one["price"] == 299)
    assert at["share"] * 48 == pytest.approx(at["said_yes"] + len(crooked))
    assert f"{len(crooked)} of 48 ladders are contradictory" in " ".join(project.report.split())


def test_unusable_answers_are_asked_again_and_then_fail(tmp_path: Path) -> None:
    def wrong(body: Body) -> dict[str, Any]:
        found = answers(body)
        keys = list(found)
        is_again = "can't be used" in asked(body)
        if "_set_1" in keys[0] and not is_again:
            found[keys[1]] = found[keys[0]]
        if "_part_1" in keys[0]:
            found |= dict.fromkeys(keys, 50)
        if "_price_1" in keys[0] and not is_again:
            found[keys[0]] = "not stated"
        return found

    project, fake = play(tmp_path, re.sub(r"(?m)^(compare|expect):\n(  - .*\n)+", "", EXPERIMENT), answer=wrong)
    told = json.dumps([asked(body) for body in fake.requests])
    assert "is both the best and the worst" in told
    assert "the amounts make 150, not 100" in told
    assert "some prices were left open" in told
    assert {row["outcome"] for row in rows_of(project, "value")} == {"stated"}
    assert {row["outcome"] for row in rows_of(project, "price")} == {"stated"}
    money = rows_of(project, "money")
    assert {row["outcome"] for row in money} == {"failed"}
    assert "make 150" in str(money[0]["why"])


def test_amounts_that_are_almost_right_are_rescaled(tmp_path: Path) -> None:
    def loose(body: Body) -> dict[str, Any]:
        found = answers(body)
        keys = list(found)
        return found | (dict(zip(keys, [52, 26, 26], strict=True)) if "_part_1" in keys[0] else {})

    project, _ = play(tmp_path, answer=loose, experiment=re.sub(r"(?m)^expect:\n(  - .*\n)+", "", EXPERIMENT))
    rows = rows_of(project, "money")
    assert all(sorted(row["value"].values()) == [25, 25, 50] for row in rows)
    assert all(row["raw"] == [52, 26, 26] for row in rows)


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ("{f: {maxdiff: [a, b, c, d, e, f], set_size: 4, sets: 4}}", "E517", "use 3 or 6 sets"),
        ("{f: {maxdiff: [a, b, c, d], set_size: 4}}", "E517", "sets of 4 need more than 4 options"),
        ("{f: {ladder: [5, 9, 7]}}", "E334", "the price 7 is not above the one before it, 9"),
        ("{f: {ladder: [0, 9]}}", "E334", "a price must be above 0"),
        ("{f: {budget: [a, b], total: 0}}", "E334", "the total must be above 0"),
        ("{f: {budget: [a, A]}}", "E332", "appears twice"),
    ],
)
def test_invalid_tasks_are_refused_at_their_line(tmp_path: Path, fields: str, code: str, words: str) -> None:
    text = EXPERIMENT[: EXPERIMENT.index("extract:")] + (
        f"extract: [{{name: q, of: each person, how: interview, question: What?, fields: {fields}}}]\n"
    )
    checked = Project(tmp_path, experiment=text).troupe("check", "x.yaml")
    assert checked.code != 0
    assert code in checked.err + checked.out
    assert words in checked.err + checked.out


def test_a_judge_is_not_asked_for_best_and_worst(tmp_path: Path) -> None:
    text = EXPERIMENT.replace(
        'how: interview\n    question: "After the {{ ad }} ad, what matters',
        'how: observe\n    question: "After the {{ ad }} ad, what matters',
    )
    checked = Project(tmp_path, experiment=text).troupe("check", "x.yaml")
    assert "E517" in checked.err + checked.out
    assert "write `how: interview`" in checked.err + checked.out


def test_human_answers_to_a_budget_are_refused_and_to_a_ladder_taken(tmp_path: Path) -> None:
    own = "  - {measure: money.split, by: ad}\n"
    people = "split,pays\n" + "".join(f"50,{price}\n" for price in (0, *PRICES) * 8)
    project = Project(tmp_path, experiment=EXPERIMENT.replace(own, own.replace("by: ad", "with: people.csv")))
    project.write("people.csv", people)
    checked = project.troupe("check", "x.yaml")
    assert "E523" in checked.err + checked.out
    assert "can't be compared with human answers" in checked.err + checked.out
    with FakeProvider(answer=lambda body: json.dumps(answers(body))) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace(own, "  - {measure: price.pays, with: people.csv}\n"))
        assert project.run().code in {0, 1}
    [held] = project.results["fidelity"]
    assert held["measure"] == "price.pays"
    assert {one["name"] for one in held["figures"]} >= {"mean_difference", "wasserstein"}
