"""Several wordings of a question: from the experiment's file to the plan, the calls, the results and the report."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from projects import Project
from provider import Body, FakeProvider, schema_of

ROTATED = """\
troupe: 1
name: worded
seed: 4
title: Does the price matter?
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 12}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: {wordings: ["At {{ price }}, buy?", "For {{ price }}: would you?", "Yes at {{ price }}?",
                          "Is {{ price }} fine?", "Would {{ price }} do?"]}
    fields: {buys: yes_no}
compare: [{measure: q.buys, by: price}]
report: {formats: [json, details, csv]}
"""
BEFORE, AFTER = ROTATED[: ROTATED.index("question:")], ROTATED[ROTATED.index("\n    fields") :]
ONE = f'{BEFORE}question: "At {{{{ price }}}}, buy?"{AFTER}'


def dear(body: Body) -> str:
    """Yes at 399, no at 559; one person in one wording changes nothing of that."""
    schema = schema_of(body)
    assert schema is not None
    said = "yes" if "399" in json.dumps(body["messages"]) else "no"
    return json.dumps(
        {key: said if "yes" in one.get("enum", []) else _other(one) for key, one in schema["properties"].items()}
    )


def _other(one: Body) -> object:
    return {"array": [], "integer": 0, "number": 0}.get(one.get("type", ""), one.get("enum", ["fine"])[0])


def played(folder: Path, text: str) -> tuple[Project, int]:
    with FakeProvider(answer=dear) as fake:
        project = Project(folder, fake.url, text)
        ended = project.run()
        assert ended.code == 0, ended.err
        return project, len(fake.requests)


def test_rotated_wordings_cost_no_call_and_are_the_units_of_the_test(tmp_path: Path) -> None:
    project, calls = played(tmp_path / "rotated", ROTATED)
    _, calls_with_one = played(tmp_path / "one", ONE)
    assert calls == calls_with_one
    results = project.results
    met = {(row["person"], row["wording"]) for row in results["rows"]}
    assert len(met) == 12  # each person keeps one wording in both conditions
    assert set(Counter(wording for _, wording in met).values()) == {2, 3}
    [one] = results["comparisons"]
    assert (one["wordings"], one["wordings_are"], one["n"]) == (5, "random", [12, 12])
    assert one["test"] == "t over wordings"
    assert one["p"] < 0.1
    assert "12 people, 5 wordings" in project.report
    assert "in wordings of this kind and by this model" in project.report
    with (project.runs[-1] / "data/measures.csv").open() as file:
        assert {line["wording"] for line in csv.DictReader(file)} == {"1", "2", "3", "4", "5"}


def test_crossed_wordings_are_met_by_everyone(tmp_path: Path) -> None:
    project, calls = played(tmp_path / "crossed", ROTATED + "wordings: {cross: all}\n")
    assert calls == 12 * 2 * 5
    results = project.results
    assert {trial["wording"] for trial in results["trials"]} == {1, 2, 3, 4, 5}
    [one] = results["comparisons"]
    assert one["test"] == "quasi-F over people and wordings"
    assert one["n"] == [12, 12]


def test_fixed_wordings_are_about_these_words(tmp_path: Path) -> None:
    project, _ = played(tmp_path / "fixed", ROTATED + "wordings: {as: fixed}\n")
    [one] = project.results["comparisons"]
    assert (one["test"], one["wordings_are"]) == ("sign flips", "fixed")
    assert "12 people, 5 wordings, in these words" in project.report


@pytest.mark.parametrize("key", ["say", "think", "goal", "show", "social"])
def test_stimuli_and_levels_have_wordings_too(tmp_path: Path, key: str) -> None:
    level = "{calm: {wordings: [Be calm., Stay calm.]}, loud: {wordings: [Buy now!, Do it now!]}}"
    text = ROTATED.replace("price: [399, 559]", f"ad: {level}").replace("{{ price }}", "399").replace("price", "ad")
    text = text[: text.index("question:")] + 'question: "Buy?"' + text[text.index("\n    fields") :]
    text += f"stimuli: [{{{key}: {{wordings: ['The ad says: {{{{ ad }}}}', 'Read this: {{{{ ad }}}}']}}}}]\n"
    project = Project(tmp_path, experiment=text)
    plan = json.loads(project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini", "--json").out)
    told = {(trial["condition"], trial["wording"]): trial["stimuli"][0]["text"] for trial in plan["trials"]}
    assert told == {
        ("calm", 1): "The ad says: Be calm.",
        ("calm", 2): "Read this: Stay calm.",
        ("loud", 1): "The ad says: Buy now!",
        ("loud", 2): "Read this: Do it now!",
    }


def paraphrasing(body: Body) -> str:
    """Paraphrase as the judge, one of five badly at first; find all else in order; answer as people do."""
    schema = schema_of(body)
    assert schema is not None
    if "same_meaning" in schema["properties"]:
        return json.dumps(dict.fromkeys(schema["properties"], True))
    if "paraphrases" not in schema["properties"]:
        return dear(body)
    is_first = "These ways are taken" not in json.dumps(body["messages"])
    good = ["For {{ price }}?", "Yes at {{ price }}?", "{{ price }}, fine?"]
    return json.dumps({"paraphrases": [*good, "Buy it?"] if is_first else ["Is it worth {{ price }}?"]})


def test_wordings_written_by_the_judge_are_kept_and_used_again(tmp_path: Path) -> None:
    text = f"{ONE}wordings: 5\n"
    with FakeProvider(answer=paraphrasing) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
        assert ended.code == 0, ended.err
        assert len(fake.requests) == 12 * 2 + 2 + 4  # two lists, and a check of each paraphrase with its variables
        kept = project.runs[-1] / "wordings.yaml"
        [entry] = yaml.safe_load(kept.read_text())
        assert entry["wordings"] == [
            "At {{ price }}, buy?",
            "For {{ price }}?",
            "Yes at {{ price }}?",
            "{{ price }}, fine?",
            "Is it worth {{ price }}?",
        ]
        assert entry["dropped"] == ["Buy it?: its variables are not those of the text"]
        [query] = project.results["queries"]
        assert {one["text"] for one in query["questions"]} >= {"At 399, buy?", "Is it worth 559?"}
        assert project.results["comparisons"][0]["wordings"] == 5
        before = (project.runs[-1] / "results.json").read_bytes()
        assert project.troupe("report").code == 0
        assert (project.runs[-1] / "results.json").read_bytes() == before
        project.write("kept.yaml", kept.read_text())
        project.write("x.yaml", f"{ONE}wordings: {{from: kept.yaml}}\n")
        calls = len(fake.requests)
        assert project.run().code == 0
        assert len(fake.requests) == calls  # nothing is written again, and the questions are the same


def test_the_plan_counts_the_calls_that_write_wordings(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=f"{ONE}wordings: 5\n")
    planned = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    words = " ".join(planned.out.split())
    assert "5 wordings of 1 text; each person is given one, the same in all conditions" in words
    assert "to be written" in words
    assert "judge openai/gpt-4o-mini 5-6 " in words
