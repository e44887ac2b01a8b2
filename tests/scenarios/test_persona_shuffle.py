"""Personas shuffled: do answers follow the persona, or the name and the seed?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Finished, Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: tea
factors: {price: [2, 3]}
personas: [{use: oscar, copies: 16, vary: {age: {from: 20, to: 80}}}]
world: {type: interviews}
persona_shuffle: true
extract:
  - {name: q, of: each person, how: interview, question: "Tea at {{ price }}?", fields: {mood: {scale: [1, 9]}}}
"""
BY_AGE = re.compile(r"Age: (\d+)")


def by_age(body: Body) -> int:
    found = BY_AGE.search(body["messages"][0]["content"])
    assert found is not None
    return int(found.group(1))


def by_seed(body: Body) -> int:
    return int(body["seed"])


def played(
    folder: Path, of: Callable[[Body], int], experiment: str = EXPERIMENT
) -> tuple[Project, list[str], Finished]:
    def answer(body: Body) -> str:
        schema = schema_of(body)
        assert schema is not None
        return json.dumps({key: str(1 + of(body) % 9) for key in schema["properties"]})

    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project, [body["messages"][0]["content"] for body in fake.requests], ended


def test_a_model_that_reads_the_persona_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    (tmp_path / "reads").mkdir()
    (tmp_path / "draws").mkdir()
    reads, prompts, ended = played(tmp_path / "reads", by_age)
    draws, _, _ = played(tmp_path / "draws", by_seed)
    [follows] = reads.results["persona_shuffle"]
    [ignores] = draws.results["persona_shuffle"]
    assert (follows["verdict"], ignores["verdict"]) == ("persona", "seat")
    assert follows["persona"] == pytest.approx(1)
    assert ignores["seat"] == pytest.approx(1)
    assert follows["people"] == 16
    assert "## Shuffled personas" in reads.report
    assert "mood: with another's persona, answers follow the persona, not the person" in " ".join(ended.err.split())
    [usage] = reads.results["accounts"]["baselines"]
    assert (usage["baseline"], usage["calls"]) == ("persona_shuffle", 32)
    ages = {text.split("Name: ")[1].split("\n")[0]: set[str]() for text in prompts}
    for text in prompts:
        ages[text.split("Name: ")[1].split("\n")[0]].update(BY_AGE.findall(text))
    assert len(ages) == 16  # everybody keeps their name
    assert sum(len(own) == 2 for own in ages.values()) >= 12  # and has another's age (some are of one age)


def test_the_shuffle_changes_no_row_of_the_experiment(tmp_path: Path) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    shuffled, _, _ = played(tmp_path / "with", by_age)
    plain, _, _ = played(tmp_path / "without", by_age, EXPERIMENT.replace("persona_shuffle: true\n", ""))
    for key in ("rows", "summaries", "comparisons", "variance", "trials"):
        assert shuffled.results[key] == plain.results[key]
    assert "persona_shuffle" not in plain.results


def test_replicates_that_are_copies_are_said_to_tell_nothing(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("world:", "replicates: 2\nworld:").replace("copies: 16", "copies: 8")
    project, _, _ = played(tmp_path, by_age, experiment)
    assert project.results["persona_shuffle"][0]["is_deterministic"]
    assert "persona and chance can't be told apart" in project.report


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("type: interviews", "type: room"), "answers of people who hear each other can't be told apart by persona"),
        (("copies: 16", "copies: 5"), "there are too few people to shuffle personas: 5"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    ended = Project(tmp_path, experiment=EXPERIMENT.replace(*change)).troupe("check", "x.yaml")
    assert ended.code == 2
    assert "E527" in ended.err
    assert message in " ".join(ended.err.split())
