"""Simulated answers held against human ones: from the experiment's file to the report, and on a finished run."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: soap
title: Would they buy the soap?
personas: [{use: oscar, copies: 40, vary: {gender: [female, male], age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "This soap?"
    fields: {intent: {likert: purchase_intent}, brand: {choice: [A, B, C, D]}, price: {number: {min: 0, max: 20}}}
compare:
  - {measure: q.intent, with: people.csv, column: intent, by: gender, map: {"no idea": null}}
  - {measure: q.brand, with: people.csv, column: brand, weight: w}
"""
INTENTS = (
    "definitely would not buy",
    "probably would not buy",
    "might or might not buy",
    "probably would buy",
    "definitely would buy",
)


TWINS = """\
personas: [{population: town}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "Mood?", fields: {mood: {scale: [1, 5]}}}
compare:
  - {measure: q.mood, with: people.csv, column: mood, key: id, retest: again}
"""
TOWN = """\
troupe-population: 1
name: town
rows: {file: people.csv, draw: in_order, columns: [id, about]}
"""
FACTOR = """\
factors: {price: [cheap, dear]}
extract:
  - {name: q, of: each person, how: interview, question: "This {{ price }} soap?", fields: {buys: yes_no}}
compare:
  - {measure: q.buys, with: people.csv, column: buys, by: price}
"""
PRICES = (("cheap", 7), ("dear", 3))
"""Price and how many people of ten buy."""


def chance(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def lukewarm(body: Body) -> str:
    """Everyone is in the middle of the scale, likes A or B, and pays 5 to 8."""
    schema = schema_of(body)
    assert schema is not None
    number = chance(json.dumps(body["messages"]))
    found = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        if "A" in options:
            found[key] = "AB"[number % 2]
        elif options:
            wanted = INTENTS[2 + number % 2]  # by its words: half of the people read the scale reversed
            found[key] = next(option for option in options if option.casefold() == wanted)
        else:
            found[key] = 5 + number % 4
    return json.dumps(found)


def people(count: int = 120) -> str:
    """Return human answers as CSV: all over the scale, and more for C than anybody simulated."""
    lines = ["id,gender,intent,brand,price,w"]
    for row in range(count):
        number = chance(str(row))
        intent = "no idea" if row % 20 == 0 else INTENTS[number % 5]
        gender, brand = ("female", "male")[row % 2], "ABCC"[number // 5 % 4]
        lines.append(f"p{row},{gender},{intent},{brand},{number % 20},{1 + row % 2}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path: Path):
    with FakeProvider(answer=lukewarm) as fake:
        made = Project(tmp_path, fake.url, EXPERIMENT)
        made.write("people.csv", people())
        made.fake = fake
        yield made


def test_a_measure_is_held_against_human_answers(project: Project) -> None:
    ended = project.run()
    assert ended.code == 0, ended.err
    intent, brand = project.results["fidelity"]
    assert (intent["n"], intent["missing"]) == ([40, 114], [0, 6])
    figures = {one["name"]: one for one in intent["figures"]}
    assert set(figures) >= {"total_variation", "kolmogorov_smirnov", "wasserstein", "jensen_shannon", "sd_ratio"}
    ks = figures["kolmogorov_smirnov"]
    assert 0 < ks["floor"] < ks["low"] < ks["value"] < ks["high"] < 1
    assert ks["ceiling"] < ks["at_ceiling_size"]
    assert {"beyond_ceiling", "spread_collapsed"} <= {one["verdict"] for one in intent["verdicts"]}
    assert [tuple(one["levels"]) for one in intent["contrasts"]] == [("female", "male")]
    assert brand["simulated"][2:] == [0, 0]
    assert brand["effective_n"] < 120
    assert intent["correlations"] == []
    report = project.report
    answered = next(line for line in report.splitlines() if line.startswith("**"))
    assert "of the simulated answers to intent would have to change" in answered
    assert "would have to change to match those of the people (people.csv, intent)" in report
    assert "Beyond the ceiling: simulated people are further from the people than two samples" in report
    assert "The spread is collapsed: simulated people differ from each other at most" in report
    assert "of the simulated answers to brand" in " ".join(ended.err.split())


def test_a_finished_run_is_held_against_people_without_a_call(project: Project) -> None:
    assert project.run().code == 0
    calls, run = len(project.fake.requests), str(project.runs[-1])
    said = project.troupe("compare", run, "--measure", "q.price", "--with", "people.csv", "--weight", "w")
    words = ("--measure", "q.intent", "--with", "people.csv", "--map", "no idea=", "--by", "person.gender", "--json")
    found = project.troupe("compare", run, *words)
    wrong = project.troupe("compare", run, "--measure", "q.intent", "--with", "people.csv")
    lost = project.troupe("compare", run, "--measure", "q.price", "--column", "price")
    assert len(project.fake.requests) == calls
    assert "On price, simulated people average" in said.out
    assert "Verdicts are about the Kolmogorov–Smirnov distance" in " ".join(said.out.split())  # noqa: RUF001 - a name
    assert json.loads(found.out)["fidelity"] == [
        project.results["fidelity"][0] | {"correlations": [], "correlation_gap": None}
    ]
    assert wrong.code == lost.code == 2
    assert "people.csv:2: 'no idea' is not an answer to 'intent'" in wrong.err
    assert "add --with FILE" in lost.err


def test_numbers_are_held_against_the_median_and_correlations_are_weighted(project: Project) -> None:
    weighted = EXPERIMENT.replace("by: gender", "weight: w").replace("brand, w", "price, w")
    weights = "weights: {to: {gender: {female: 0.9, male: 0.1}}}\nreport: {formats: [json, details, csv, methods]}\n"
    project.write("x.yaml", weighted.replace("q.brand", "q.price") + weights)
    ended = project.run()
    assert ended.code == 0, ended.err
    intent, _ = project.results["fidelity"]
    [found] = intent["correlations"]
    weight = {person["id"]: person["weight"] for person in project.results["participants"]}
    with (project.runs[-1] / "data" / "measures.csv").open() as file:
        said = {(row["person"], row["field"]): row["value"] for row in csv.DictReader(file)}
    simulated = [
        (1.0 + INTENTS.index(said[one, "intent"].casefold()), float(said[one, "price"]), weight[one]) for one in weight
    ]
    rows = [line.split(",") for line in people().splitlines()[1:]]
    human = [(1.0 + INTENTS.index(row[2]), float(row[4]), float(row[5])) for row in rows if row[2] in INTENTS]
    for name, side in (("simulated", simulated), ("human", human)):
        first, second, own = np.array(side).T
        covariance = np.cov(first, second, aweights=own)
        assert found[name] == pytest.approx(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))
        assert found[name] != pytest.approx(np.corrcoef(first, second)[0, 1])
    told = " ".join((project.runs[-1] / "details.md").read_text().split())
    assert "giving everyone the people's median" in told
    assert "majority the people's most common answer (for numbers, their median) from everybody" in told
    methods = (project.runs[-1] / "methods.md").read_text()
    assert "**E1 Validation with people**: 2 measures compared with human answers (people.csv)." in methods


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("people.csv, column: intent", "peeple.csv, column: intent"), "E560  no file 'peeple.csv'"),
        (("column: intent", "column: intend"), "E560  people.csv has no column 'intend'"),
        (("column: intend", "column: intent"), ""),
        ((', map: {"no idea": null}', ""), "E560  people.csv:2: 'no idea' is not an answer to 'intent'"),
        (('"no idea": null', '"no idea": perhaps'), "'perhaps' is not an answer to 'intent'"),
        (("weight: w", "weight: intent"), "people.csv:2: the weight 'no idea' is not a number of 0 or more"),
        (("weight: w", "key: gender"), "E561  people.csv: the key 'female' appears in more than one row"),
        (("weight: w", "key: id"), "E561  people.csv: none of its rows belongs to a simulated person"),
        (("by: gender", "by: price"), "E523  no factor and no field of people is called 'price'"),
        (("by: gender", "by: occupation.title"), "people.csv has no column 'title'"),
        (("weight: w", "contrasts: control"), "`contrasts` can't be used with human answers"),
        (
            ("with: people.csv, column: brand, weight: w", "weight: w"),
            "E523  `weight` can only be used with human answers",
        ),
        (("q.brand", "q.bland"), "E523  no measure 'q.bland'"),
    ],
)
def test_human_answers_that_cant_be_used_are_named_with_their_line(
    project: Project, change: tuple[str, str], message: str
) -> None:
    project.write("x.yaml", EXPERIMENT.replace(*change))
    checked = project.troupe("check", "x.yaml")
    assert checked.code == (2 if message else 0), checked.err
    assert message in checked.err


def test_a_changed_file_is_another_plan_and_an_excel_file_is_read(project: Project) -> None:
    first = project.troupe("plan", "x.yaml", "--json", "--model", "openai/gpt-4o-mini").out
    project.write("people.csv", people().replace("p3,male", "p3,female"))
    assert project.troupe("plan", "x.yaml", "--json", "--model", "openai/gpt-4o-mini").out != first
    book = openpyxl.Workbook()
    for line in people().splitlines():
        book.active.append(line.split(","))
    book.save(project.folder / "people.xlsx")
    project.write("x.yaml", EXPERIMENT.replace("people.csv", "people.xlsx"))
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "q.intent  against people.xlsx, intent: 114 answers, by gender" in shown.out
    assert "q.brand  against people.xlsx, brand: 120 answers, weighted" in shown.out


def test_people_agree_with_their_twins_by_more_than_chance(tmp_path: Path) -> None:
    """Twins answer as their persons did four times out of five; the persons repeat themselves nine times out of ten."""
    own = {f"p{row}": chance(str(row)) % 5 + 1 for row in range(60)}

    def twin(body: Body) -> str:
        person = next(name for name in own if f"respondent {name}." in str(body["messages"]))
        is_right = chance(person + "right") % 5 > 0
        return json.dumps({"item_1": str(own[person] if is_right else own[person] % 5 + 1)})

    lines = ["id,about,mood,again"]
    for name, value in own.items():
        again = value if chance(name + "again") % 10 else value % 5 + 1
        lines.append(f"{name},respondent {name}.,{value},{again}")
    text = EXPERIMENT.split("personas:", maxsplit=1)[0] + TWINS
    with FakeProvider(answer=twin) as fake:
        project = Project(tmp_path, fake.url, text)
        project.write("people.csv", "\n".join(lines))
        project.write("populations/town.yaml", TOWN)
        ended = project.run()
    assert ended.code == 0, ended.err
    [card] = project.results["fidelity"]
    assert card["twins"] == 60
    found = {one["name"]: one for one in card["agreements"]}
    exact = found["exact_agreement"]
    assert exact["chance"] < exact["low"] < exact["value"] < exact["retest"] < 1
    assert exact["of_retest"] == pytest.approx(exact["value"] / exact["retest"])
    assert 0 < found["mean_absolute_error"]["value"] < found["mean_absolute_error"]["chance"]
    assert found["spearman"]["low"] > found["spearman"]["chance"] == 0
    assert "60 people have a simulated twin" in project.report


def test_with_few_people_there_are_figures_and_no_verdict(project: Project) -> None:
    project.write("people.csv", people(24))
    assert project.run().code == 0
    _, brand = project.results["fidelity"]
    assert brand["figures"][0]["value"] is not None
    assert brand["verdicts"] == []
    assert "No verdict: fewer than 30 people: figures, no verdict" in project.report


def test_levels_of_a_factor_are_compared_on_both_sides(tmp_path: Path) -> None:
    def answer(body: Body) -> str:
        is_yes = chance(str(body["messages"])) % 10 < (8 if "cheap" in str(body["messages"]) else 3)
        return json.dumps({"item_1": "yes" if is_yes else "no"})

    text = EXPERIMENT.split("extract:", maxsplit=1)[0] + FACTOR
    rows = [f"{price},{int(chance(price + str(row)) % 10 < share)}" for price, share in PRICES for row in range(80)]
    with FakeProvider(answer=answer) as fake:
        project = Project(tmp_path, fake.url, text)
        project.write("people.csv", "price,buys\n" + "\n".join(rows))
        ended = project.run()
    assert ended.code == 0, ended.err
    [contrast] = project.results["fidelity"][0]["contrasts"]
    assert contrast["levels"] == ["cheap", "dear"]
    assert contrast["same_sign"]
    assert contrast["low"] < contrast["human"] < contrast["high"] < 0
    assert contrast["ratio"] > 0
    assert project.results["comparisons"], "comparisons nobody wrote stay where only human answers are named"


def test_weights_of_simulated_people_reach_their_shares(project: Project) -> None:
    """All women choose A: with weights to 80 % of women, so do 80 % of the simulated answers."""

    def by_gender(body: Body) -> str:
        answer = json.loads(lukewarm(body))
        is_woman = '"female"' in json.dumps(body["messages"]) or "female" in str(body["messages"])
        return json.dumps(
            {key: ("A" if is_woman else "B") if value in ("A", "B") else value for key, value in answer.items()}
        )

    text = EXPERIMENT + "weights: {to: {gender: {female: 0.8, male: 0.2}}}\n"
    with FakeProvider(answer=by_gender) as fake:
        weighted = Project(project.folder, fake.url, text)
        assert weighted.run().code == 0
    _, brand = weighted.results["fidelity"]
    assert brand["simulated"][:2] == pytest.approx([0.8, 0.2])
