"""Preregistration: an experiment is locked, run, changed, and every change is named once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import MODEL, Project
from provider import Body, FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: price
factors:
  price: {low: {wordings: ["399 dollars", "just 399"]}, high: {wordings: ["559 dollars", "just 559"]}}
wordings: {as: fixed}
personas: [{use: oscar, copies: 12, vary: {age: {from: 20, to: 70}}}, ann]
world: {type: interviews}
documents: [notes.md]
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}?"
    fields: {buys: yes_no, ad: {choice: [A, B]}}
compare:
  - {measure: q.buys, by: price}
  - {measure: q.ad, by: price}
  - {measure: q.buys, by: {person: age, bands: [45]}}
inference: {families: {main: [q.buys], explore: rest}}
"""


def by_price(body: Body) -> str:
    schema, text = schema_of(body), str(body["messages"][-1]["content"])
    assert schema is not None
    if "item_1" not in schema["properties"]:
        return answer_for(body)
    chance = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100
    yes = chance < (90 if "399" in text else 20)
    found = {"item_1": "yes" if yes else "no", "item_2": "AB"[chance % 2]}
    return json.dumps({key: found[key] for key in schema["properties"]})


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with FakeProvider(answer=by_price) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.write("personas/ann.yaml", "name: Ann Moor\nage: 40\n")
        project.write("notes.md", "The shop opens at nine.")
        project.write("hypotheses.md", "More people buy at the lower price.\n")
        yield project


def lock(project: Project, *words: str) -> dict[str, Any]:
    ended = project.troupe("lock", "x.yaml", "--model", MODEL, "--json", *words)
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def change(project: Project, old: str, new: str) -> None:
    text = (project.folder / "x.yaml").read_text()
    assert old in text
    project.write("x.yaml", text.replace(old, new))


def evidence(results: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["evidence"] for one in results["comparisons"] if one["kind"] != "missing"}


def test_an_unchanged_experiment_is_confirmatory_in_its_main_family(project: Project) -> None:
    found = lock(project, "--hypotheses", "hypotheses.md")
    assert found["primary"] == ["q.buys by price"]
    again = lock(project, "--hypotheses", "hypotheses.md")
    assert (found["is_new"], again["is_new"], again["seal"]) == (True, False, found["seal"])
    ended = project.run("--locked")
    assert ended.code == 0, ended.err
    results = project.results
    assert results["deviations"] == []
    assert evidence(results) == {
        "q.buys by price": "confirmatory",
        "q.ad by price": "exploratory",
        "q.buys by person.age": "exploratory",
    }
    assert "Confirmatory: q.buys by price, locked on" in project.report
    methods = (project.runs[-1] / "methods.md").read_text()
    assert "More people buy at the lower price." in methods
    assert "Deviations: none." in methods


CHANGES = {
    "run.replicates": ("name: price", "name: price\nreplicates: 2"),
    "experiment.world": ("type: interviews", "type: interviews, place: A shop"),
    "experiment.extract": ("At {{ price }}?", "Now, at {{ price }}?"),
    "wordings.wordings": ("just 559", "only 559"),
    "people.personas": ("age: {from: 20", "age: {from: 21"),
    "analysis.alpha": ("inference: {", "inference: {alpha: 0.01, "),
    "comparisons.q.ad by price": ("q.ad, by: price", "q.ad, by: price, contrasts: control"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_named_once(project: Project, what: str) -> None:
    lock(project)
    change(project, *CHANGES[what])
    refused = project.run("--locked")
    assert refused.code == 2
    assert refused.err.count("E570 ") == 1, refused.err
    assert f"{what}:" in refused.err


def test_changed_files_and_models_are_named(project: Project) -> None:
    lock(project)
    project.write("notes.md", "The shop opens at ten.")
    project.write("personas/ann.yaml", "name: Ann Moor\nage: 41\n")
    refused = project.troupe("run", "x.yaml", "--model", "openai/gpt-4.1-mini", "--locked")
    assert "people.personas: " in refused.err
    assert "files.notes.md: " in refused.err or "files." in refused.err
    assert "models.people: openai/gpt-4o-mini" in " ".join(refused.err.split())
    assert "-> openai/gpt-4.1-mini" in " ".join(refused.err.split())


def test_a_run_that_differs_lists_what_and_when_and_is_exploratory(project: Project) -> None:
    lock(project)
    change(project, *CHANGES["analysis.alpha"])
    assert project.run().code == 0
    [one] = project.results["deviations"]
    assert one == {"what": "analysis.alpha", "locked": 0.05, "run": 0.01, "results_existed": False}
    assert set(evidence(project.results).values()) == {"exploratory"}
    assert "## Deviations from the lock" in project.report
    assert "before there were results of it" in project.report
    change(project, "alpha: 0.01", "alpha: 0.1")
    assert project.run().code == 0
    assert project.results["deviations"][0]["results_existed"] is True
    assert "when there were results of it already" in project.report
    methods = (project.runs[-1] / "methods.md").read_text()
    assert "analysis.alpha: 0.05 → 0.1, after results existed" in methods


def test_a_change_of_another_comparison_leaves_the_primary_one_confirmatory(project: Project) -> None:
    lock(project)
    change(project, *CHANGES["comparisons.q.ad by price"])
    assert project.run().code == 0
    assert evidence(project.results)["q.buys by price"] == "confirmatory"
    change(project, "  - {measure: q.buys, by: price}\n", "")
    assert project.run().code == 0
    assert set(evidence(project.results).values()) == {"exploratory"}


def test_without_a_lock_named_comparisons_are_declared_not_preregistered(project: Project) -> None:
    assert project.run().code == 0
    assert evidence(project.results) == {
        "q.buys by price": "declared",
        "q.ad by price": "declared",
        "q.buys by person.age": "exploratory",
    }
    assert "was not locked before the run: not preregistered" in project.report


def test_a_lock_made_after_the_answers_confirms_nothing(project: Project) -> None:
    assert project.run().code == 0
    change(project, *CHANGES["analysis.alpha"])  # the answers are the same
    assert lock(project)["same_answers_before"] is True
    assert project.run().code == 0
    assert set(evidence(project.results).values()) == {"exploratory"}
    assert "when these answers existed already" in project.report


def test_a_lock_is_not_overwritten_or_edited_unnoticed(project: Project) -> None:
    lock(project)
    change(project, *CHANGES["run.replicates"])
    refused = project.troupe("lock", "x.yaml", "--model", MODEL)
    assert refused.code == 2
    assert "changed: run.replicates" in " ".join(refused.err.split())
    assert lock(project, "--replace")["is_new"] is True
    file = project.folder / "x.lock.json"
    file.write_text(file.read_text().replace("q.buys by price", "q.ad by price"))
    edited = project.run()
    assert edited.code == 2
    assert "was edited after it was written" in " ".join(edited.err.split())


def test_locked_without_a_lock_is_refused(project: Project) -> None:
    refused = project.run("--locked")
    assert refused.code == 6
    assert "there is no lock 'x.lock.json'" in refused.err
