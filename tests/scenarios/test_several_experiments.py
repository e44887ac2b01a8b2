"""Several experiments in one command, quiet runs, and JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from projects import EXPERIMENT, MODEL, PRICES, Project
from provider import WRONG_KEY, FakeProvider, Fault, reply

JUICE = EXPERIMENT.replace("name: tea", "name: juice")
FALSE = "expect: [\"drink.cup.count('tea') > 1000\"]\n"


def test_files_and_folders_are_played_in_turn_with_one_table_at_the_end(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.write("more/juice.yaml", JUICE)
        project.write("more/notes.yaml", "just: notes\n")
        ended = project.troupe("run", "x.yaml", "more", "--model", MODEL)
    assert ended.code == 0, ended.err
    assert {path.parent.name for path in tmp_path.glob("results/*/2*")} == {"tea", "juice"}
    assert [line.split()[:2] for line in ended.out.splitlines()[1:]] == [["tea", "passed"], ["juice", "passed"]]


def test_a_folder_without_an_experiment_is_named_beside_others_too(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.write("notes/notes.yaml", "just: notes\n")
        ended = project.troupe("run", "x.yaml", "notes", "--model", MODEL)
    assert ended.code == 6
    assert "there is no experiment in 'notes'" in ended.err
    assert not fake.requests


def test_a_mistake_in_one_stops_all_before_anything_is_asked(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.write("y.yaml", "troupe: 1\nname: y\nnope: 1\n")
        ended = project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL)
    assert ended.code == 2
    assert "y.yaml:3" in ended.err
    assert not fake.requests


def test_the_worst_of_several_decides_the_exit_code_and_the_others_are_played(tmp_path: Path) -> None:
    with FakeProvider(faults=[reply("%%%")] * 60) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.write("y.yaml", JUICE)
        ended = project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL, "--json")
    found = json.loads(ended.out)
    assert ended.code == found["exit_code"] == 4
    assert [run["name"] for run in found["runs"]] == ["tea", "juice"]


def test_a_budget_holds_for_all_of_them(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + PRICES)
        project.write("y.yaml", JUICE + PRICES)
        first = project.troupe("run", "x.yaml", "--model", MODEL, "--no-cache")
        assert first.code == 0
        cost = project.results["usd"]
        ended = project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL, "--no-cache", "--max-cost", str(cost * 1.5))
    assert ended.code == 5
    spent = sum(json.loads(file.read_text())["usd"] for file in tmp_path.glob("results/*/2*/results.json")) - cost
    assert spent <= cost * 1.5


def test_what_a_run_that_broke_off_has_spent_is_gone_from_the_budget(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + PRICES)
        project.write("y.yaml", JUICE + PRICES)
        assert project.troupe("run", "x.yaml", "--model", MODEL, "--no-cache").code == 0
        cost = project.results["usd"]

    class Ending(FakeProvider):
        """Takes the key away once the people have had their turns."""

        def _fault(self) -> Fault | None:
            return WRONG_KEY if len(self.requests) == 7 else None

    with Ending() as fake:
        project = Project(tmp_path / "again", fake.url, EXPERIMENT + PRICES)
        project.write("y.yaml", JUICE + PRICES)
        ended = project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL, "--no-cache", "--max-cost", str(cost * 1.5))
    assert ended.code == 4
    manifests = [json.loads(file.read_text()) for file in (tmp_path / "again").glob("results/*/2*/manifest.json")]
    assert sorted(one["status"] for one in manifests) == ["limit", "stopped"]
    assert sum(one["usd"] for one in manifests) <= cost * 1.5


def test_a_folder_without_an_experiment_is_nothing_to_do(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9/v1")
    assert project.troupe("run", "personas").code in (2, 6)
    (tmp_path / "empty").mkdir()
    assert project.troupe("run", "empty").code == 6
    assert project.troupe("run", "x.yaml", "x.yaml", "--dry-run").code == 0


def test_resume_is_for_one_experiment(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9/v1")
    project.write("y.yaml", JUICE)
    ended = project.troupe("run", "x.yaml", "y.yaml", "--resume", "results/tea/1")
    assert ended.code == 2
    assert "--resume expects one experiment" in ended.err


def test_a_quiet_run_says_which_expectation_failed_and_what_was_seen(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        ended = Project(tmp_path, fake.url, EXPERIMENT + FALSE).run("-q")
    assert ended.code == 1
    assert "drink.cup.count('tea') > 1000" in ended.err
    assert "is " in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("run", "x.yaml", "--dry-run", "--json", "--model", MODEL),
        ("run", "x.yaml", "y.yaml", "--dry-run", "--json", "--model", MODEL),
        ("plan", "x.yaml", "--json"),
        ("check", "x.yaml", "--json"),
        ("persona", "list", "--json"),
        ("persona", "show", "lisa", "--json"),
        ("model", "list", "--json"),
        ("doctor", "--json"),
        ("explain", "E104", "--json"),
        ("run", "missing.yaml", "--json"),
        ("run", "wrong.yaml", "--json"),
        ("report", "nowhere", "--json"),
    ],
)
def test_json_is_one_document_and_nothing_else(tmp_path: Path, words: tuple[str, ...]) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9/v1")
    project.write("y.yaml", JUICE)
    project.write("wrong.yaml", "troupe: 1\nname: y\nnope: 1\n")
    ended = project.troupe(*words)
    found = json.loads(ended.out)
    assert found is not None
    if ended.code:
        assert found["error"]["message"]
        assert found["exit_code"] == ended.code
