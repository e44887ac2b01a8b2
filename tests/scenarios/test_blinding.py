"""Blinding: are people told that the version they meet was picked by the experiment?"""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project
from provider import FakeProvider

EXPERIMENT = """\
troupe: 1
name: price
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 8}]
world: {type: interviews}
blinding: unblinded
extract: [{name: q, of: each person, how: interview, question: "At {{ price }}?", fields: {buys: yes_no}}]
"""
EVERY_VERSION = "Everybody is given every version, each time as if it were the only one."
ASSIGNED = "Which version somebody is given was picked at random."


def played(folder: Path, experiment: str) -> tuple[Project, list[str]]:
    folder.mkdir(exist_ok=True)
    with FakeProvider() as fake:
        project = Project(folder, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project, [body["messages"][0]["content"] for body in fake.requests]


def test_people_are_told_what_is_true_of_their_design(tmp_path: Path) -> None:
    within, everyone = played(tmp_path / "within", EXPERIMENT)
    _, assigned = played(tmp_path / "between", EXPERIMENT + "design: between\n")
    _, blind = played(tmp_path / "blind", EXPERIMENT.replace("unblinded", "blind"))
    assert all(EVERY_VERSION in text and ASSIGNED not in text for text in everyone)
    assert all(ASSIGNED in text and EVERY_VERSION not in text for text in assigned)
    assert not any("study" in text for text in blind)
    assert within.results["unblinded"] == {"399": "every_version", "559": "every_version"}
    assert "People were told that everybody is given every version." in within.report


def test_both_is_a_factor_that_is_compared(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("unblinded", "both") + "compare: [{measure: q.buys, by: blinding}]\n"
    project, prompts = played(tmp_path, experiment)
    assert [condition["name"] for condition in project.results["conditions"]] == [
        "399-blind",
        "399-unblinded",
        "559-blind",
        "559-unblinded",
    ]
    assert sum(EVERY_VERSION in text for text in prompts) == len(prompts) / 2
    [compared] = [one for one in project.results["comparisons"] if one["kind"] == "pair"]
    assert (compared["by"], compared["levels"]) == ("blinding", ["blind", "unblinded"])
    assert set(project.results["unblinded"]) == {"399-unblinded", "559-unblinded"}
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "In unblinded conditions, people are told that everybody is given every version." in shown.out
    assert "calls are the same in several conditions" not in shown.out


def test_a_transcript_speaks_of_the_person_by_name(tmp_path: Path) -> None:
    script = EXPERIMENT + "model: {people: {use: openai/gpt-4o-mini, turns: script}}\n"
    with FakeProvider() as fake:
        ended = Project(tmp_path, fake.url, script.replace("copies: 8", "copies: 1")).troupe("run", "x.yaml")
    assert ended.code == 0, ended.err
    texts = [body["messages"][0]["content"] for body in fake.requests]
    assert any("Rolf Hayes takes part in a study, and knows this: it compares" in text for text in texts)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("factors: {price: [399, 559]}\n", ""),
            "blinding needs several versions of the experiment, but there is only one",
        ),
        (("{price: [399, 559]}\n", "{price: [399, 559], blinding: [a, b]}\n"), "`both` adds a factor with this name"),
        (
            ("factors: {price: [399, 559]}", "conditions: [{name: a, price: 1}, {name: b, price: 2}]"),
            "`both` adds a factor, which can't be combined with listed conditions",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = EXPERIMENT.replace(*change).replace("blinding: unblinded", "blinding: both")
    if "price" not in change[1]:
        text = text.replace("At {{ price }}?", "Well?")
    ended = Project(tmp_path, experiment=text).troupe("check", "x.yaml")
    assert ended.code == 2
    assert "E528" in ended.err
    assert message in " ".join(ended.err.split())
