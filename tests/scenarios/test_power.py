"""`troupe power`: how many people, replicates and wordings a comparison needs, and what they cost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from projects import MODEL, PRICES, Finished, Project
from provider import Body, FakeProvider, schema_of

ONE = """\
troupe: 1
name: price
factors: {price: [399, 559], tone: [calm, loud]}
personas: [{use: oscar, copies: 16, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}, in a {{ tone }} ad?"
    fields: {buys: yes_no, ad: {choice: [A, B]}, why: text}
compare: [{measure: q.buys, by: price}]
"""


def answered(body: Body, chance: int) -> str:
    """Return an answer that chance decides: most buy at the lower price."""
    schema = schema_of(body)
    assert schema is not None
    found = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        yes = chance % 100 < (85 if "399" in json.dumps(body["messages"]) else 15)
        found[key] = ("yes" if yes else "no") if "yes" in options else options[0] if options else "So."
    return json.dumps(found)


def dear(body: Body) -> str:
    return answered(body, int(hashlib.sha256(json.dumps(body["messages"]).encode()).hexdigest(), 16))


def powers(project: Project, *words: str) -> Finished:
    return project.troupe("power", "x.yaml", "--model", MODEL, "--draws", "200", *words)


def test_designs_are_listed_with_their_power_and_cost_and_the_cheapest_is_recommended(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, PRICES + ONE)
        ended = powers(project, "--effect", "20points", "--people", "20,40,80", "--replicates", "1,3")
        assert not fake.requests
    assert ended.code == 0, ended.err
    said = " ".join(ended.out.split())
    assert "Power to find a difference of 20 points in q.buys between price 399 and price 559" in said
    assert "Cautious values are used for --icc, --share" in said
    assert "PEOPLE WORDINGS REPLICATES POWER DETECTABLE CALLS TOKENS COST MINUTES" in said
    assert "the cheapest of these designs with a power of at least 80%" in said
    assert "With one wording, the result holds for that wording only." in said


def test_the_figures_are_json_and_grow_with_people_and_cost(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", PRICES + ONE)
    found = json.loads(powers(project, "--json", "--effect", "15points", "--people", "20,80").out)
    few, many = found["designs"]
    assert few["power"] < many["power"]
    assert few["detectable"] > many["detectable"]
    assert many["calls"][1] >= 4 * few["calls"][1] - 8
    assert many["usd"][1] == pytest.approx(4 * few["usd"][1])
    assert (found["comparisons"], found["variance"]["source"]) == (1, "assumed")


def test_a_design_over_the_cost_limit_is_not_recommended(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", PRICES + ONE)
    said = powers(project, "--effect", "40points", "--usd", "0.0001").out
    assert "(over the limit)" in said
    assert "No design with a power of at least 80% is within the cost limit." in said


def test_people_add_nothing_where_the_error_is_between_wordings(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", ONE.replace("q.buys, by", "q.stars, by").replace(
        "buys: yes_no", "stars: {scale: [1, 5]}"
    ))  # fmt: skip
    said = " ".join(
        powers(project, "--people", "40,4000", "--wordings", "4", "--sd", "1", "--draws", "100").out.split()
    )
    assert "With 4 wordings, people beyond about" in said
    assert "the error is between wordings. Add wordings." in said


def test_a_design_that_can_not_be_tested_says_why(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", ONE)
    said = " ".join(powers(project, "--people", "4,10", "--wordings", "8").out.split())
    assert "4 people, 8 wordings, 1 replicate: no power, because there are fewer than 6 people at a level" in said
    assert "10 people, 8 wordings, 1 replicate: no power, because 8 wordings need 16 people at each level" in said


def test_a_between_design_counts_the_people_of_each_level(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", ONE + "design: {between: [price]}\n")
    said = " ".join(powers(project, "--people", "10,40").out.split())
    assert "each person is in one condition" in said
    assert "10 people, 1 wording, 1 replicate: no power, because there are fewer than 6 people at a level" in said


def test_weights_are_said_to_lower_the_power(tmp_path: Path) -> None:
    weights = "weights: {to: {person.age: {20-44: 0.5, 45-70: 0.5}}}\n"
    said = powers(Project(tmp_path, "http://127.0.0.1:1/v1", ONE + weights), "--people", "20").out
    assert "Weights are not simulated" in said


def test_without_bounds_an_effect_is_in_standard_deviations(tmp_path: Path) -> None:
    text = ONE.replace("q.buys, by", "q.pays, by").replace("buys: yes_no", "pays: number")
    said = " ".join(powers(Project(tmp_path, "http://127.0.0.1:1/v1", text), "--people", "20").out.split())
    assert "a difference of 0.5 standard deviations in q.pays" in said
    assert "Assumed: a correlation of 0.5" in said


def test_a_pilots_people_are_drawn_with_their_own_answers(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, ONE)
        assert project.run().code == 0
        calls, run = len(fake.requests), str(project.runs[-1])
        ended = powers(project, "--pilot", run, "--effect", "30points", "--people", "20,60", "--replicates", "1,2")
        assert len(fake.requests) == calls
    assert ended.code == 0, ended.err
    said = " ".join(ended.out.split())
    assert "People are drawn from the pilot" in said
    assert "(16 people)" in said
    assert "2 replicates: no power, because the pilot has one replicate" in said


def test_a_measure_without_variance_in_the_pilot_is_refused(tmp_path: Path) -> None:
    with FakeProvider(answer=lambda body: answered(body, 0)) as fake:
        project = Project(tmp_path, fake.url, ONE)
        assert project.run().code == 0
        ended = powers(project, "--pilot", str(project.runs[-1]))
    assert ended.code == 2
    assert "E530" in ended.err
    assert "every answer is the same" in ended.err


@pytest.mark.parametrize(
    ("words", "change", "message"),
    [
        (("--measure", "q.why"), ("", ""), "measures: q.ad, q.buys"),
        (("--by", "prise"), ("", ""), "factors: price, tone"),
        (("--people", "x"), ("", ""), "expects whole numbers"),
        (("--effect", "much"), ("", ""), "for example, 0.3, 5points or 0.5sd"),
        ((), ("world: {type: interviews}", "world: {type: room}"), "needs people who answer alone"),
    ],
)
def test_what_can_not_be_planned_for_is_said(
    tmp_path: Path, words: tuple[str, ...], change: tuple[str, str], message: str
) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", ONE.replace(*change))
    ended = powers(project, *words)
    assert ended.code == 2
    assert message in ended.err


def test_an_option_that_would_have_no_effect_is_refused(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", ONE)
    for words in (("--half-width", "5points"), ("--correlation", "0.4"), ("--pilot", "x", "--icc", "0.5")):
        ended = powers(project, *words)
        assert ended.code == 2
        assert "has no effect with" in ended.err
