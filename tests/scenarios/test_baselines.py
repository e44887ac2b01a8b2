"""Baselines, from the experiment's file to the verdict: what would have been found without the simulation?"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Finished, Project
from provider import Body, FakeProvider, schema_of

EVERY = "single_prompt, no_persona, demographics, random, majority"
EXPERIMENT = """\
troupe: 1
name: price
title: Does the price matter?
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
baseline: [BASELINES]
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}?"
    fields: {buys: yes_no, fair: {scale: [1, 5]}, pays: {number: {min: 0, max: 900}}}
"""
BARE = EXPERIMENT.replace("baseline: [BASELINES]\n", "")
HUMAN = "\ncompare: [{measure: q.fair, with: people.csv, column: fair}]\n"


def chance(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def filled(body: Body, number: int, yes: bool, forecast: Callable[[int], float] = lambda _: 50) -> str:
    """Fill in an answer's shape."""
    schema = schema_of(body)
    assert schema is not None
    found: dict[str, object] = {}
    for key, one in schema["properties"].items():
        options = [option for option in one.get("enum", []) if option != "not stated"]
        if key.startswith("answer_"):
            found[key] = forecast(len(schema["properties"]))
        elif "yes" in options:
            found[key] = "yes" if yes else "no"
        elif options:
            found[key] = options[number % len(options)]
        else:
            found[key] = number % 900
    return json.dumps(found)


def by_persona(body: Body) -> str:
    """People answer by their age, others say no; a forecast is even."""
    text = json.dumps(body["messages"])
    number = chance(text + str(body.get("seed")))
    return filled(body, number, "described below" in text and number % 4 > 0, lambda count: 100 / count)


def asked(fake: FakeProvider) -> list[str]:
    return [json.dumps(body["messages"], ensure_ascii=False) for body in fake.requests]


def result(project: Project, baseline: str, measure: str) -> dict[str, object]:
    [found] = [one for one in project.results["baselines"] if (one["baseline"], one["measure"]) == (baseline, measure)]
    return found


def played(folder: Path, experiment: str, answer: Callable[[Body], str]) -> tuple[Project, FakeProvider, Finished]:
    folder.mkdir(exist_ok=True)
    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project, fake, ended


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, FakeProvider, Finished]:
    folder = tmp_path_factory.mktemp("every")
    experiment = EXPERIMENT.replace("BASELINES", EVERY) + HUMAN
    (folder / "people.csv").write_text("fair\n" + "\n".join(str(1 + row % 5) for row in range(60)))
    return played(folder, experiment, by_persona)


def test_each_baseline_is_asked_its_own_way(every: tuple[Project, FakeProvider, Finished]) -> None:
    texts = asked(every[1])
    with_persona = [text for text in texts if "Conscientiousness" in text]
    on_one_line = [text for text in texts if "(age: " in text]
    forecasts = [text for text in texts if "8 people take part in a study" in text]
    nameless = [text for text in texts if "You are Participant" in text or "asks you, Participant" in text]
    assert (len(with_persona), len(on_one_line), len(nameless)) == (16, 16, 16)
    assert len(forecasts) == 2 * 2  # two measures have a few answers, in two conditions
    assert not any("described below" in text or "Hayes" in text for text in nameless)
    assert len(set(nameless)) == 2 * 2  # two conditions, two directions of the scale: else only seeds differ
    assert len({body["seed"] for body, text in zip(every[1].requests, texts, strict=True) if text in nameless}) == 8
    assert all("gender: male: 8" in text and "occupation, title: Architect: 8" in text for text in forecasts)


def test_a_baseline_changes_no_call_and_no_figure_of_the_simulation(
    tmp_path: Path, every: tuple[Project, FakeProvider, Finished]
) -> None:
    bare, fake, _ = played(tmp_path / "bare", BARE, by_persona)
    sent = {(json.dumps(body["messages"]), body["seed"]) for body in fake.requests}
    assert sent <= {(json.dumps(body["messages"]), body["seed"]) for body in every[1].requests}
    for key in ("rows", "summaries", "comparisons", "participants", "trials", "orders", "queries"):
        assert every[0].results[key] == bare.results[key]


def test_what_the_results_say(every: tuple[Project, FakeProvider, Finished]) -> None:
    project, _, ended = every
    alone = result(project, "no_persona", "q.buys")
    assert alone["shares"] == [0, 1]
    assert alone["verdict"] == "differ"
    assert alone["n"] == [8, 1]  # all lives are alike
    drawn = result(project, "random", "q.fair")
    assert drawn["shares"] == pytest.approx([0.2] * 5)
    most = result(project, "majority", "q.buys")
    assert most["shares"] in ([1, 0], [0, 1])
    assert result(project, "single_prompt", "q.fair")["shares"] == pytest.approx([0.2] * 5)
    assert "a few possible answers" in str(result(project, "single_prompt", "q.pays")["why_not"])
    for one in project.results["baselines"]:
        if one["distance"] is not None:
            assert 0 <= one["low"] <= one["distance"] <= one["high"] <= 1
    assert [one["baseline"] for one in project.results["baselines"][::3]] == EVERY.split(", ")
    assert "## Baselines" in project.report
    assert "buys: differs from the same experiment without personas: " in project.report
    assert "Baseline no_persona: the same answers in" in " ".join(ended.err.split())


def test_measures_that_no_baseline_is_compared_by_are_named(tmp_path: Path) -> None:
    more = "pays: {number: {min: 0, max: 900}}, order: {rank: [price, size]}, why: text}"
    text = EXPERIMENT.replace("BASELINES", "random").replace("pays: {number: {min: 0, max: 900}}}", more)
    with FakeProvider(answer=lambda body: filled(body, 1, yes=True)) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    assert list(project.results["without_baselines"]) == ["q.order"]
    assert "Not compared: q.order (a rank has no distribution over a few answers)." in " ".join(project.report.split())


def test_calls_and_cost_are_counted_apart(every: tuple[Project, FakeProvider, Finished]) -> None:
    usage = {one["baseline"]: one for one in every[0].results["accounts"]["baselines"]}
    assert {kind: one["calls"] for kind, one in usage.items()} == {
        "single_prompt": 4,
        "no_persona": 16,
        "demographics": 16,
        "random": 0,
        "majority": 0,
    }
    assert usage["no_persona"]["calls_ratio"] == 1
    shown = every[0].troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "Baselines\n  single_prompt  one call per measure" in shown.out
    assert "are for the baseline demographics" in shown.out


def test_human_answers_are_held_against_the_baselines_too(every: tuple[Project, FakeProvider, Finished]) -> None:
    [card] = every[0].results["fidelity"]
    figures = {one["name"]: one for one in card["figures"]}
    distances = figures["kolmogorov_smirnov"]
    assert set(distances["baselines"]) == {"demographics", "no_persona", "single_prompt"}
    assert distances["baselines"]["single_prompt"] == pytest.approx(0)
    [people] = result(every[0], "no_persona", "q.fair")["people"]  # pyright: ignore[reportGeneralTypeIssues] - a list
    assert people["simulated"] == distances["value"]
    assert people["skill"] == pytest.approx(1 - distances["value"] / distances["baselines"]["no_persona"])
    assert "| no persona | single prompt |" in every[0].report


def test_the_answers_of_baselines_have_a_file_of_their_own(every: tuple[Project, FakeProvider, Finished]) -> None:
    project = every[0]
    assert project.troupe("report", str(project.runs[-1]), "--format", "csv").code == 0
    with (project.runs[-1] / "data" / "baselines.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (project.runs[-1] / "data" / "measures.csv").open(newline="") as file:
        assert "baseline" not in next(csv.reader(file))
    assert {row["baseline"] for row in rows} == set(EVERY.split(", "))
    drawn = [row for row in rows if (row["baseline"], row["field"], row["person"]) == ("random", "buys", "oscar-1")]
    assert len({row["value"] for row in drawn}) == 1  # the same number in both conditions
    assert "baseline_rows" not in project.results


def test_a_repeated_command_makes_no_call_and_the_same_report(every: tuple[Project, FakeProvider, Finished]) -> None:
    project = every[0]
    before = (project.runs[-1] / "results.json").read_bytes()
    assert project.troupe("report", str(project.runs[-1])).code == 0
    assert (project.runs[-1] / "results.json").read_bytes() == before


def test_a_forecast_that_does_not_add_up_is_asked_for_again_and_then_lost(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("BASELINES", "single_prompt").replace("copies: 8", "copies: 2")
    project, fake, _ = played(tmp_path, experiment, lambda body: filled(body, 1, yes=True, forecast=lambda _: 70))
    forecasts = [text for text in asked(fake) if "take part in a study" in text]
    assert sum("An earlier reply could not be used: the numbers make 140" in text for text in forecasts) == 2
    found = result(project, "single_prompt", "q.buys")
    assert found["distance"] is None
    assert found["why_not"] == "the model gave no distribution: the numbers make 140, not 100"


def test_people_in_a_room_keep_names_to_speak_to_each_other(tmp_path: Path) -> None:
    experiment = (
        EXPERIMENT.replace("BASELINES", "no_persona")
        .replace("type: interviews", "type: room, steps: 1")
        .replace("copies: 8", "copies: 3")
    )
    _, fake, _ = played(tmp_path, experiment, by_persona)
    texts = [text for text in asked(fake) if "described below" not in text]
    assert texts
    assert any("Within hearing: everyone, Participant 2, Participant 3" in text for text in texts)


def test_small_models_play_baselines_too(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("BASELINES", "no_persona, demographics").replace("copies: 8", "copies: 2")
    experiment += "model: {people: {use: openai/gpt-4o-mini, turns: script}}\n"
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, experiment)
        ended = project.troupe("run", "x.yaml")
    assert ended.code == 0, ended.err
    texts = asked(fake)
    assert any("One of them is Participant." in text for text in texts)
    assert any("One of them is Rolf Hayes:\\n\\nRolf Hayes (age: " in text for text in texts)
    assert {one["baseline"] for one in project.results["baselines"]} == {"no_persona", "demographics"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("BASELINES", "nobody"), "'baseline' has no option 'nobody'"),
        (("BASELINES", "random, random"), "`random` appears twice"),
        (("{buys: yes_no, fair: {scale: [1, 5]}, pays: {number: {min: 0, max: 900}}}", "{why: text}"), "no measure"),
        (("buys: yes_no, fair: {scale: [1, 5]}, ", ""), "single_prompt predicts shares of a few possible answers"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = EXPERIMENT.replace(*change).replace("BASELINES", EVERY)
    ended = Project(tmp_path, experiment=text).troupe("check", "x.yaml")
    assert ended.code == 2
    assert message in " ".join(ended.err.split())


@pytest.mark.truth
def test_a_model_that_never_reads_the_persona_is_found_out(tmp_path: Path) -> None:
    """End to end, on one draw: 60 people, five lives each, answers by the seed alone."""
    experiment = """\
troupe: 1
name: blind
replicates: 5
personas: [{use: oscar, copies: 60}]
world: {type: interviews}
baseline: no_persona
extract: [{name: q, of: each person, how: interview, question: "Tea?", fields: {tea: yes_no}}]
"""
    project, _, ended = played(
        tmp_path, experiment, lambda body: filled(body, 0, yes=chance(f"tea {body['seed']}") % 10 < 6)
    )
    assert result(project, "no_persona", "q.tea")["verdict"] == "adds_nothing"
    assert "tea: the personas add nothing here." in project.report
    assert "Baseline no_persona: the same answers in 1 of 1 measure" in " ".join(ended.err.split())
