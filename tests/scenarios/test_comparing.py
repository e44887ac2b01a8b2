"""Comparisons: from the experiment's file to the sentence at the end of a run, and on a finished run."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: price
title: Does the price matter?
factors: {price: [399, 559], tone: [calm, loud]}
personas: [{use: oscar, copies: 16, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}, in a {{ tone }} ad?"
    fields: {buys: yes_no, ad: {choice: [A, B]}, why: text}
compare:
  - {measure: q.buys, by: price}
  - {measure: q.ad, by: tone, at: {price: 399}}
"""
LISTED = "conditions: [{name: a, price: 399, tone: calm}, {name: b, price: 559, tone: loud}]"


def dear(body: Body) -> str:
    """Most buy at the lower price, few at the higher one."""
    schema = schema_of(body)
    assert schema is not None
    text = json.dumps(body["messages"])
    chance = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    found = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        yes = chance % 100 < (85 if "399" in text else 15)
        found[key] = ("yes" if yes else "no") if "yes" in options else options[chance // 100 % 2] if options else "So."
    return json.dumps(found)


def test_a_named_comparison_answers_the_title_and_stands_in_every_report(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    [buys, *ads] = project.results["comparisons"]
    assert (buys["design"], buys["unit"], buys["n"]) == ("within", "person", [16, 16])
    assert buys["p_corrected"] < 0.05
    assert buys["low"] < buys["estimate"] < buys["high"] < 0
    assert [one["option"] for one in ads] == ["A", "B"]
    said = "These simulated people said yes to buys more often at price 399 than at price 559:"
    assert " ".join(ended.err.split()).count(said) >= 1
    assert f"**{said}" in project.report
    assert "## Comparisons" in project.report
    assert "95% intervals. A person counts only once" in project.report
    assert "These are claims about simulated people, in these words and by this model." in project.report


def test_a_finished_run_is_compared_without_a_call(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        assert project.run().code == 0
        calls, run = len(fake.requests), str(project.runs[-1])
        tone = project.troupe("compare", run, "--measure", "q.buys", "--by", "tone")
        ages = project.troupe("compare", run, "--measure", "q.buys", "--by", "person.age", "--bands", "45", "--json")
        wrong = project.troupe("compare", run, "--measure", "q.why", "--by", "tone")
        neither = project.troupe("compare", run, "--measure", "q.buys")
        assert len(fake.requests) == calls
    assert "buys between tone calm and tone loud" in " ".join(tone.out.split())
    [by_age] = json.loads(ages.out)["comparisons"]
    assert by_age["levels"] == ["under 45", "45 and over"]
    assert by_age["family"] == "description"
    assert sum(by_age["n"]) == 16
    assert wrong.code == neither.code == 2
    assert "measures: q.ad, q.buys" in wrong.err
    assert "factors: price, tone" in neither.err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("q.buys, by: price", "q.bys, by: price"), "no measure 'q.bys'"),
        (("q.buys, by: price", "q.why, by: price"), "'q.why' is text, which can't be compared"),
        (("q.buys, by: price", "q.buys, by: prise"), "no factor 'prise'"),
        (("factors: {price: [399, 559], tone: [calm, loud]}\n", ""), "the experiment has no factors"),
        (("q.buys, by: price", "q.buys"), "`by` is missing"),
        (("q.buys, by: price", "q.buys, by: {person: shoe_size}"), "nobody has a single value for 'shoe_size'"),
        (("at: {price: 399}", "at: {price: 400}"), "'price' has no level '400'"),
        (("at: {price: 399}", "at: {tone: calm}"), "'tone' is the factor that is compared"),
        (("q.buys, by: price", "q.buys, by: price, contrasts: [[399]]"), "a contrast needs two levels; this one has 1"),
        (("q.buys, by: price", "q.buys, by: price, equivalence: 0"), "`equivalence` must be above 0; it is 0"),
        (
            ("q.buys, by: price", "q.buys, by: price, equivalence: [2, 1]"),
            "the lower bound, 2, is not below the upper bound",
        ),
        (
            ("q.buys, by: price", "q.buys, by: price, test: kruskal"),
            "kruskal is for separate groups; everyone experiences every level of `price`",
        ),
        (("q.buys, by: price", "q.buys, by: price, test: kruskal"), "use paired_t, or leave `test` out"),
        (
            ("q.buys, by: price", "q.buys, by: price, estimand: top2"),
            "`top2` does not fit `q.buys`",
        ),
        (("q.buys, by: price", "q.buys, by: price, estimand: distribution"), "`distribution` does not fit `q.buys`"),
        (
            ("q.buys, by: price", "q.buys, by: price, estimand: ratio, equivalence: 0.1"),
            "`equivalence` needs a difference; `ratio` is a different estimand",
        ),
        (("q.buys, by: price", "q.buys, by: options"), "'q.buys' is a yes-or-no field: it has no options to compare"),
        (("q.ad, by: tone, at: {price: 399}", "q.ad, by: options, contrasts: [[A, C]]"), "'options' has no level 'C'"),
        (("compare:", "inference: {families: {a: [q.buys], b: [q.buys]}}\ncompare:"), "'q.buys' is already in 'a'"),
        (
            ("compare:", "inference: {families: {a: rest, b: rest}}\ncompare:"),
            "only one family can have `rest`; 'a' already has it",
        ),
        (("compare:", "inference: {families: {a: [q.why]}}\ncompare:"), "'q.why' is text, which can't be compared"),
        (("compare:", "inference: {families: {controls: rest}}\ncompare:"), "the name of a built-in family"),
        (("q.buys, by: price", "q.buys, by: price, interaction: true"), "an interaction needs two factors"),
        (
            ("q.buys, by: price", "q.buys, by: [price, tone]"),
            "`by` expects one factor, or two with `interaction: true`",
        ),
        (("q.buys, by: price", "q.buys, by: [price, prise], interaction: true"), "no factor 'prise'"),
        (("q.buys, by: price", "q.buys, by: price, contrasts: {a: [1, 1]}"), "weights of a contrast must add up to 0"),
        (
            ("q.buys, by: price", "q.buys, by: price, contrasts: {a: [1]}"),
            "'price' has 2 levels, but this contrast has 1 weights",
        ),
        (
            ("q.buys, by: price", "q.buys, by: {person: age}, moderator: {person: age}"),
            "a moderator needs a factor in `by`",
        ),
        (
            ("q.buys, by: price", "q.buys, by: {person: age}, test: welch"),
            "`test: welch` can't be combined with a slope",
        ),
        (
            ("q.buys, by: price", "q.buys, by: price, moderator: {person: age}, estimand: ratio"),
            "`estimand: ratio` can't be combined with a moderator",
        ),
        (("q.buys, by: price", "q.buys, by: {person: nationality}"), "everybody has the same 'nationality'"),
        (
            ("q.buys, by: price", "q.buys, by: {person: age, bands: [40]}, contrasts: [[young, old]]"),
            "'age' has no level 'young'",
        ),
        (
            ("factors: {price: [399, 559], tone: [calm, loud]}", LISTED),
            "no two conditions differ in 'price' alone: 399 and 559",
        ),
    ],
)
def test_a_comparison_that_cant_be_made_is_found_at_its_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with FakeProvider() as fake:
        checked = Project(tmp_path, fake.url, EXPERIMENT.replace(*change)).troupe("check", "x.yaml")
    assert checked.code == 2
    assert message in checked.err


def test_without_conditions_a_share_stands_with_its_interval(tmp_path: Path) -> None:
    text = EXPERIMENT.split("compare:", maxsplit=1)[0].replace("factors: {price: [399, 559], tone: [calm, loud]}\n", "")
    text = text.replace("At {{ price }}, in a {{ tone }} ad?", "At 399?").replace("buys: yes_no", "would_buy: yes_no")
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    [yes, _] = project.results["summaries"][0]["shares"]
    assert yes["low"] is not None
    interval = f"95% interval {yes['low'] * 100:.0f}% to {yes['high'] * 100:.0f}%"
    assert interval in " ".join(ended.err.split())
    assert interval in project.report


def test_missing_answers_are_told_beside_the_difference(tmp_path: Path) -> None:
    def silent(body: Body) -> str:
        answer = json.loads(dear(body))
        is_lost = int(hashlib.sha256(str(body["messages"]).encode()).hexdigest(), 16) % 4 == 0
        return json.dumps(answer | {"item_1": "not stated"} if is_lost else answer)

    with FakeProvider(answer=silent) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        assert project.run().code == 0
    missing, buys, *_ = project.results["comparisons"]
    assert missing["kind"] == "missing"
    assert max(buys["missing"]) > 2
    for missing, level in zip(buys["missing"], buys["levels"], strict=True):
        assert re.search(rf"\b{missing} of 32 (answers )?with price {level}\b", project.report)
    low, high = buys["worst"]
    assert -1 <= low < high <= 1  # the estimate is of those who answered at both levels, and may lie outside
    ends = [float(end) for end in re.findall(r"between (-?[\d.]+) points and (-?[\d.]+) points", project.report)[0]]
    assert ends == pytest.approx([-100 * high, -100 * low], rel=0.01)  # "more often with 399": 399 minus 559


def test_dates_are_compared_as_dates(tmp_path: Path) -> None:
    def when(body: Body) -> str:
        day = int(hashlib.sha256(str(body["messages"]).encode()).hexdigest(), 16) % 9 + 1
        return json.dumps({"item_1": f"2026-0{3 if '399' in str(body['messages']) else 7}-0{day}"})

    text = EXPERIMENT.split("compare:", maxsplit=1)[0].replace(
        "{buys: yes_no, ad: {choice: [A, B]}, why: text}", "{day: date}"
    )
    with FakeProvider(answer=when) as fake:
        project = Project(tmp_path, fake.url, text + "compare: [{measure: q.day, by: price}]\n")
        assert project.run().code == 0
    told = project.report.split("## Comparisons")[1].split("##")[0]
    assert "These simulated people named a later day at price 559 than at price 399: 2026-07-0" in told
    assert "days [" in told


WHICH = """\
troupe: 1
name: ads
title: Which ad wins?
personas: [{use: oscar, copies: 24}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: Which ad?, fields: {ad: {choice: [A, B, C]}}}
"""


def mostly_b(body: Body) -> str:
    chance = int(hashlib.sha256(json.dumps(body["messages"]).encode()).hexdigest(), 16) % 100
    return json.dumps({"item_1": "B" if chance < 75 else "A" if chance < 90 else "C"})


@pytest.mark.parametrize("compare", ["", "compare: [{measure: q.ad, by: options}]\n"])
def test_the_ad_that_wins_is_compared_with_the_second(tmp_path: Path, compare: str) -> None:
    with FakeProvider(answer=mostly_b) as fake:
        project = Project(tmp_path, fake.url, WHICH + compare)
        ended = project.run()
    assert ended.code == 0, ended.err
    rows = project.results["comparisons"]
    assert [one["levels"] for one in rows] == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert {(one["kind"], one["by"], one["interval"]) for one in rows} == {("options", "options", "Tango")}
    assert {one["family"] for one in rows} == {"main" if compare else "exploratory"}
    shares = project.results["summaries"][0]["shares"]
    second = sorted(shares, key=lambda share: share["share"])[1]["value"]
    said = f"These simulated people chose B more often than {second}: "
    assert " ".join(ended.err.split()).count(said) == 1
    assert ("nobody named this comparison" in ended.err) is not compare
    assert said in project.report.split("##")[0]
    assert "corrected for 3 tested comparisons" in project.report
    finished = project.troupe("compare", str(project.runs[-1]), "--measure", "q.ad", "--by", "options")
    assert said in " ".join(finished.out.split())


def test_another_estimand_and_a_test_by_name_stand_in_the_report(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("q.buys, by: price", "q.buys, by: price, at: {tone: calm}, estimand: odds, test: mcnemar")
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    [buys, *_] = project.results["comparisons"]
    assert (buys["estimand"], buys["interval"], buys["named_test"]) == ("odds ratio", "BCa", "McNemar's exact")
    assert 0 < buys["low"] < buys["estimate"] < buys["high"] < 1
    assert buys["named_p"] < 0.05
    assert "odds ratio 0.0" in project.report
    assert "In addition, uncorrected: McNemar's exact, p " in project.report


def test_interactions_moderators_slopes_and_named_contrasts_stand_in_the_report(tmp_path: Path) -> None:
    wanted = """\
compare:
  - {measure: q.buys, by: [price, tone], interaction: true}
  - {measure: q.buys, by: price, moderator: {person: age}}
  - {measure: q.buys, by: price, moderator: {person: age, bands: [45]}}
  - {measure: q.buys, by: {person: age}, test: spearman}
  - {measure: q.buys, by: price, contrasts: {dear or cheap: [-1, 1]}}
"""
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.split("compare:", maxsplit=1)[0] + wanted)
        ended = project.run()
    assert ended.code == 0, ended.err
    rows = project.results["comparisons"]
    assert [one["kind"] for one in rows] == ["interaction", "moderator", "moderator", "slope", "contrast"]
    assert [one["also_by"] for one in rows] == ["tone", "age", "age", "", ""]
    assert rows[3]["named_test"] == "Spearman's rank correlation"
    assert rows[4]["estimate"] < 0
    told = " ".join(project.report.split("## Comparisons")[1].split("\n## ")[0].split())
    assert "buys, price (399 to 559), between tone calm and loud: " in told
    assert "the contrast dear or cheap of price 399 and 559 (weights -1 and 1) is -" in told
    assert " for each unit of age " in told
