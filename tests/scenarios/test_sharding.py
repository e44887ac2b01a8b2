"""A command divided among machines: shards run other trials each, and merged they are the run one machine makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from junit_files import outcomes, read_junit
from projects import EXPERIMENT, MODEL, Project
from provider import FakeProvider

DESIGN = EXPERIMENT.replace("stimuli:", "factors: {mood: [calm, loud]}\nreplicates: 3\nstimuli:").replace(
    "Tea or coffee?", "Tea or coffee, ${{ mood }}?"
)
WITH_EXPECTATIONS = f'{DESIGN}expect: ["drink.cup.count() > 3", "drink.cup.count() > 12"]\n'
JUICE = EXPERIMENT.replace("name: tea", "name: juice")
SORTED = f"{JUICE}normalize: [{{measure: drink.why, categories: 2, as: drink.reason}}]\n".replace("juice", "sorted")
MULTIVERSE = """\
troupe: 1
name: liking
seed: 3
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 6}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "How do you like it at {{ price }}?"
    fields: {likes: {scale: [1, 5]}}
compare: [{measure: q.likes, by: price}]
multiverse: {seed: [3, 4]}
"""
TIMING = ("run", "started", "ended", "command")
"""What differs between a merged run and a run of one machine, beside the seconds."""


def comparable(path: Path) -> str:
    """Return results.json without times and places, as text: key order counts."""
    results: dict[str, Any] = json.loads(path.read_text())
    for key in TIMING:
        results["provenance"].pop(key, None)
    results["accounts"].pop("seconds", None)
    return json.dumps(results, indent=1)


def results_in(folder: Path) -> dict[str, Path]:
    return {path.parent.parent.name: path for path in folder.glob("*/2*/results.json")}


def run_shards(project: Project, *files: str, of: int = 2) -> list[int]:
    return [
        project.troupe(
            "run", *files, "--model", MODEL, "--no-cache", "--shard", f"{number}/{of}", "--results", f"part{number}"
        ).code
        for number in range(1, of + 1)
    ]


def test_shards_merged_are_the_run_of_one_machine(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, WITH_EXPECTATIONS)
        project.write("y.yaml", JUICE)
        project.write("z.yaml", SORTED)
        files = ("x.yaml", "y.yaml", "z.yaml")
        whole = project.troupe("run", *files, "--model", MODEL, "--no-cache", "--results", "whole")
        asked_whole = len(fake.requests)
        assert run_shards(project, *files) == [0, 0], "shards leave expectations to the merge"
        assert len(fake.requests) == 2 * asked_whole
        merged = project.troupe("merge", "part1", "part2", "-o", "merged", "--junit", "out.xml")
        assert len(fake.requests) == 2 * asked_whole
    assert whole.code == merged.code == 1, merged.err
    found, expected = results_in(tmp_path / "merged"), results_in(tmp_path / "whole")
    assert found.keys() == expected.keys() == {"tea", "juice", "sorted"}
    for name, path in expected.items():
        assert comparable(found[name]) == comparable(path)
        logs, merged_logs = project.logs(path.parent), project.logs(found[name].parent)
        assert logs == merged_logs
    root = read_junit((tmp_path / "out.xml").read_bytes())
    assert outcomes(root)["drink.cup.count() > 3"] == "passed"
    assert outcomes(root)["drink.cup.count() > 12"] == "failure"
    again = project.troupe("report", "merged/tea")
    assert again.code == 0, again.err


def test_each_trial_is_in_one_shard_and_what_is_sorted_afterwards_is_whole(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        project.write("z.yaml", SORTED)
        run_shards(project, "x.yaml", "z.yaml", of=3)
    played: dict[str, list[str]] = {}
    for part in ("part1", "part2", "part3"):
        for log in (tmp_path / part).glob("*/2*/trials/*/events.jsonl"):
            played.setdefault(f"{log.parents[3].name}/{log.parent.name}", []).append(part)
    assert len(played) == 7
    assert all(len(parts) == 1 for parts in played.values())
    assert {part for [part] in played.values()} == {"part1", "part2", "part3"}
    assert len([trial for trial in played if trial.startswith("sorted/")]) == 1


def test_the_runs_of_a_multiverse_stay_together(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, MULTIVERSE)
        project.write("y.yaml", JUICE)
        assert run_shards(project, "x.yaml", "y.yaml") == [0, 0]
    assert len(list((tmp_path / "part1").glob("liking/2*"))) == 2
    assert not list((tmp_path / "part2").glob("liking/2*"))
    merged = project.troupe("merge", "part1", "part2", "-o", "merged")
    assert merged.code == 0, merged.err
    found = [
        json.loads(path.read_text())["multiverse"] for path in (tmp_path / "merged").glob("liking/2*/results.json")
    ]
    assert sorted(multiverse["missing"] for multiverse in found) == [0, 1]


def test_a_missing_shard_is_an_error_that_says_so(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        run_shards(project, "x.yaml")
    ended = project.troupe("merge", "part2", "-o", "merged", "--json")
    found = json.loads(ended.out)
    assert ended.code == found["exit_code"] == 4
    assert "3 of 6 trials are missing" in found["runs"][0]["problem"]


def test_the_same_command_without_a_shard_runs_the_rest(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        assert project.run("--shard", "1/2").code == 0
        asked = len(fake.requests)
        ended = project.run()
        assert len(fake.requests) < 2.5 * asked
    assert ended.code == 0, ended.err
    assert len(project.runs) == 1
    assert project.results["provenance"]["status"] == "finished"


def test_more_shards_than_trials_leave_some_with_nothing_to_do(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        ended = project.run("--shard", "2/2")
        assert not fake.requests
    assert ended.code == 0, ended.err
    assert "other shards run all trials" in ended.err


def test_runs_that_contradict_each_other_are_not_merged(tmp_path: Path) -> None:
    cups = ["tea"]
    with FakeProvider(answer=lambda _body: json.dumps({"words": "Mine.", "cup": cups[0], "why": "taste"})) as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        project.write("y.yaml", JUICE)
        project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL, "--results", "one", "--no-cache")
        cups[0] = "coffee"
        project.run("--results", "two", "--no-cache")
    ended = project.troupe("merge", "one", "two", "-o", "merged")
    assert ended.code == 2
    assert "with other answers" in " ".join(ended.err.split())
    assert not (tmp_path / "merged").exists(), "the other experiment is not merged either"


def test_runs_are_not_merged_over_others(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        project.run("--results", "one")
    assert project.troupe("merge", "one", "one", "-o", "same").code == 0
    ended = project.troupe("merge", "one", "one", "-o", "same")
    assert ended.code == 2
    assert "already exists" in ended.err


def test_shards_with_other_people_or_of_another_version_are_not_merged(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        assert run_shards(project, "x.yaml") == [0, 0]
    (one,), (two,) = (results_in(tmp_path / part).values() for part in ("part1", "part2"))
    manifest = two.parent / "manifest.json"
    written = manifest.read_text()
    manifest.write_text(json.dumps({**json.loads(written), "versions": {"troupe": "0.0.1"}}))
    refused = project.troupe("merge", "part1", "part2", "-o", "merged")
    assert refused.code == 2
    assert "were run by different versions of troupe: 0.0.1, " in refused.err
    manifest.write_text(written)
    for number, path in enumerate((one, two)):
        path.with_name("people.json").write_text(f'[{{"name": "Person {number}"}}]')
    refused = project.troupe("merge", "part1", "part2", "-o", "merged")
    assert refused.code == 2
    assert "people.json' differ: these are different runs" in " ".join(refused.err.split())
    assert not (tmp_path / "merged").exists()


def test_a_damaged_shard_is_named_and_not_left_out(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, DESIGN)
        run_shards(project, "x.yaml")
    [manifest] = (tmp_path / "part2").glob("tea/2*/manifest.json")
    manifest.write_text("{")
    ended = project.troupe("merge", "part1", "part2", "-o", "merged")
    assert ended.code == 2
    assert "manifest.json" in ended.err
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_a_shard_is_two_numbers(tmp_path: Path, shard: str) -> None:
    ended = Project(tmp_path, "http://127.0.0.1:9/v1").run("--shard", shard)
    assert ended.code == 2
    assert "--shard expects I/N" in ended.err
