"""Two runs compared, a run held against its baseline, and pipelines that fail on a regression."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from junit_files import outcomes, read_junit
from projects import MODEL, Finished, Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: ad
seed: 4
factors: {tone: [calm, loud]}
personas: [{use: oscar, copies: 20, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "How do you like our {{ tone }} ad?"
    fields: {buys: yes_no, liking: {scale: [1, 7]}, best: {choice: [sound, picture]}, why: text}
"""
BETTER = "How do you like our {{ tone }} ad, which is now better?"
WORSE = "How do you like our {{ tone }} ad, which is now worse?"
FIRST = "How do you like our {{ tone }} ad?"


def answers(body: Body) -> str:
    """Answer by person and wording: a worse ad is liked two points less on average, and bought by fewer."""
    properties = (schema_of(body) or {})["properties"]
    text = json.dumps(body["messages"])
    luck = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    liking = 4 + luck % 2 + ("better" in text) * (luck % 3) - ("worse" in text) * (1 + luck % 3)
    said = {
        "item_1": "yes" if liking > 3 else "no",
        "item_2": str(liking),
        "item_3": "sound",
        "item_4": f"Point {liking}",
    }
    return json.dumps({key: said[key] for key in properties})


class Two:
    """A project in which the experiment was run with two questions."""

    def __init__(self, folder: Path, url: str, *changes: tuple[str, str]) -> None:
        self.project = Project(folder, url, EXPERIMENT)
        assert self.project.run().code == 0
        text = EXPERIMENT
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        self.project.write("x.yaml", text)
        self.second = self.project.run()
        assert self.second.code == 0, self.second.err

    def compared(self, *words: str) -> Any:
        runs = [str(run) for run in self.project.runs]
        ended = self.project.troupe("compare", *runs, "--json", *words)
        return json.loads(ended.out)


def measures(project: Project, run: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return the numbers of every person and condition, as the run's own CSV has them."""
    assert project.troupe("export", str(run)).code == 0
    found: dict[tuple[str, str], dict[str, str]] = {}
    with (run / "data" / "measures.csv").open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            found.setdefault((row["person"], row["condition"]), {})[row["field"]] = row["code"]
    return found


def pick(found: Any, measure: str, *, option: str | None = None, at: str = "") -> Any:
    at_level = {"condition": at} if at else {}
    return next(
        one
        for one in found["comparison"]["comparisons"]
        if (one["measure"], one["option"], one["at"], one["kind"]) == (measure, option, at_level, "pair")
    )


def test_the_same_people_are_compared_with_themselves(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        two = Two(tmp_path, fake.url, (FIRST, WORSE))
        calls = len(fake.requests)
        found = two.compared()
        page = two.project.troupe("compare", *map(str, two.project.runs), "-o", "out/c.md")
        assert len(fake.requests) == calls
    compared = found["comparison"]
    assert (compared["design"], compared["people"], compared["people_in_both"]) == ("paired", [20, 20], 20)
    liking = pick(found, "q.liking")
    before, after = (measures(two.project, run) for run in two.project.runs)
    gaps = [float(after[key]["liking"]) - float(before[key]["liking"]) for key in before]
    assert liking["estimate"] == pytest.approx(fmean(gaps))
    assert liking["low"] < -2 < liking["high"] < -1
    assert (liking["design"], liking["unit"], liking["n"]) == ("within", "person", [20, 20])
    calm = pick(found, "q.buys", at="calm")
    shares = [fmean(float(one["buys"]) for key, one in run.items() if key[1] == "calm") for run in (before, after)]
    assert calm["values"] == pytest.approx(shares)
    assert calm["low"] <= calm["estimate"] <= calm["high"] < 0
    assert [one["key"] for one in found["changed_keys"]] == ["extract.q.question"]
    assert compared["not_compared"] == {"q.why": "it is text, which has no figures to compare"}
    changed = [one for one in compared["changed_answers"] if one["measure"] == "q.liking"]
    assert len(changed) == sum(before[key]["liking"] != after[key]["liking"] for key in before)
    first = changed[0]
    assert first["after"] == float(after[first["person"], first["condition"]]["liking"])
    assert str(first["before"]) == before[first["person"], first["condition"]]["liking"]
    assert page.out == (tmp_path / "out/c.md").read_text()
    assert "paired: each person is compared with themselves" in page.out
    assert "extract.q.question" in page.out
    assert re.search(
        r"\| q\.liking \| 4\.\d+ \| [\d.]+ \| -[\d.]+ \| \[-[\d.]+, -[\d.]+\] \| &lt; 0\.001|\\< 0\.001", page.out
    )


def test_other_people_are_an_independent_comparison_and_the_page_says_so(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        two = Two(tmp_path, fake.url, ("seed: 4", "seed: 5"), (FIRST, BETTER))
        found = two.compared()
        page = two.project.troupe("compare", *map(str, two.project.runs)).out
    assert found["comparison"]["design"] == "independent"
    assert found["comparison"]["people_in_both"] < 10
    liking = pick(found, "q.liking")
    before, after = (measures(two.project, run) for run in two.project.runs)
    means = [fmean(float(one["liking"]) for one in run.values()) for run in (before, after)]
    assert liking["design"] == "between"
    assert liking["values"] == pytest.approx(means)
    assert {one["key"] for one in (*found["changed_keys"], *found["changed_settings"])} >= {
        "seed",
        "extract.q.question",
    }
    assert "between different people" in page


def test_what_cannot_be_compared_has_its_reason(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        two = Two(
            tmp_path,
            fake.url,
            ("choice: [sound, picture]", "choice: [sound, price]"),
            ("tone: [calm, loud]", "tone: [calm, soft]"),
            ("scale: [1, 7]", "scale: [1, 9]"),
        )
        found = two.compared()
        refused = two.project.troupe("compare", *map(str, two.project.runs), "--measure", "q.best")
        same = two.project.troupe("compare", str(two.project.runs[0]), str(two.project.runs[0]))
    assert found["comparison"]["not_compared"]["q.best"] == "its options differ"
    assert found["comparison"]["not_compared"]["q.liking"] == "its range differs"
    assert found["comparison"]["conditions"] == ["calm"]
    assert any("loud, soft" in note for note in found["comparison"]["notes"])
    assert refused.code == same.code == 2
    assert "its options differ" in refused.err


def test_two_experiments_files_stand_for_their_newest_runs(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.write("y.yaml", EXPERIMENT.replace("name: ad", "name: ad-b").replace(FIRST, BETTER))
        for name in ("x.yaml", "y.yaml"):
            assert project.troupe("run", name, "--model", MODEL).code == 0
        found = json.loads(project.troupe("compare", "x.yaml", "y.yaml", "--json").out)
    assert found["comparison"]["before"].startswith("ad/")
    assert found["comparison"]["after"].startswith("ad-b/")
    assert pick(found, "q.liking")["low"] > 0


def with_baseline(folder: Path, url: str) -> Project:
    project = Project(folder, url, EXPERIMENT)
    assert project.run().code == 0
    ended = project.troupe("baseline", "set", "x.yaml", "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["name"] == "ad"
    return project


def run_again(project: Project, question: str, *words: str) -> Finished:
    project.write("x.yaml", EXPERIMENT.replace(FIRST, question))
    return project.run(*words)


@pytest.mark.parametrize(
    ("question", "limit", "verdict", "said"),
    [
        (WORSE, "q.liking:-1", "regression", "regression: the difference is -"),
        (WORSE, "q.buys@calm:-10points", "regression", "q.buys@calm:-10points: regression"),
        (WORSE, "q.liking:-3", "none", "no regression"),
        (BETTER, "q.liking:-1", "none", "no regression"),
        (BETTER, "q.liking:+0.2", "regression", "regression: the difference is +"),
        (FIRST, "q.best=sound:-0.01", "inconclusive", "inconclusive"),
    ],
)
def test_a_pipeline_fails_if_the_whole_interval_is_beyond_the_limit(
    tmp_path: Path, question: str, limit: str, verdict: str, said: str
) -> None:
    with FakeProvider(answer=answers) as fake:
        project = with_baseline(tmp_path, fake.url)
        ended = run_again(project, question, "--fail-on-regression", limit)
        quiet = project.run("--fail-on-regression", limit, "-q")
        record = json.loads(project.run("--fail-on-regression", limit, "--json").out)
        held = project.troupe("compare", "x.yaml", "--fail-on-regression", limit)
    code = int(verdict == "regression")
    assert (ended.code, quiet.code, held.code, record["exit_code"]) == (code,) * 4
    assert record["regressions"][0]["verdict"] == verdict
    assert said in ended.err
    assert said in held.out
    assert ("regression" in quiet.err) == bool(code)


@pytest.mark.parametrize(("rule", "code"), [("pass", 0), ("fail", 1)])
def test_what_inconclusive_counts_as_is_true_of_regressions_too(tmp_path: Path, rule: str, code: int) -> None:
    limit = ["--fail-on-regression", "q.best=sound:-0.01", "--inconclusive", rule]
    with FakeProvider(answer=answers) as fake:
        project = with_baseline(tmp_path, fake.url)
        ended = run_again(project, FIRST, *limit, "-q", "--junit", "out.xml")
        project.write("y.yaml", EXPERIMENT.replace("name: ad", "name: other").replace("q\n", "other\n"))
        several = project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL, *limit, "-q")
    assert (ended.code, several.code) == (code, code), several.err
    assert ("inconclusive" in ended.err) == ("inconclusive" in several.err) == bool(code)
    outcome = outcomes(read_junit((tmp_path / "out.xml").read_bytes()))["no regression beyond q.best=sound:-0.01"]
    assert outcome == ("failure" if code else "skipped")


def test_the_baseline_needs_no_run_folder_and_gives_the_same_figures(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        project = with_baseline(tmp_path, fake.url)
        assert run_again(project, WORSE).code == 0
        first, second = project.runs
        by_runs = json.loads(project.troupe("compare", str(first), str(second), "--json").out)
        first.rename(tmp_path / "elsewhere")
        by_file = json.loads(project.troupe("compare", str(second), "--json").out)
    assert by_file["comparison"]["comparisons"] == by_runs["comparison"]["comparisons"]
    assert by_file["comparison"]["changed_answers"] == by_runs["comparison"]["changed_answers"]
    assert by_file["changed_keys"] == by_runs["changed_keys"]
    written = tmp_path / "baselines" / "ad.json"
    assert "Point" not in written.read_text()
    assert written.stat().st_size < 20_000
    figures = {(one["measure"], one["condition"]): one for one in json.loads(written.read_text())["figures"]}
    assert figures["q.liking", "calm"]["stated"] == 20


def not_set(project: Project) -> None:
    (project.folder / "baselines" / "ad.json").unlink()


def damaged(project: Project) -> None:
    (project.folder / "baselines" / "ad.json").write_text('{"baseline": 1, "experiment": {}}')


def newer(project: Project) -> None:
    (project.folder / "baselines" / "ad.json").write_text('{"baseline": 2}')


@pytest.mark.parametrize(
    ("spoil", "limit", "said"),
    [
        (not_set, "q.liking:-1", "has no baseline"),
        (damaged, "q.liking:-1", "can't be read"),
        (newer, "q.liking:-1", "another version"),
        (None, "q.likin:-1", "q.liking"),
        (None, "q.liking", "MEASURE:LIMIT"),
        (None, "q.liking:1", "MEASURE:LIMIT"),
    ],
)
def test_a_limit_that_cannot_be_checked_stops_the_run_before_it_costs_anything(
    tmp_path: Path, spoil: Callable[[Project], None] | None, limit: str, said: str
) -> None:
    with FakeProvider(answer=answers) as fake:
        project = with_baseline(tmp_path, fake.url)
        if spoil is not None:
            spoil(project)
        calls = len(fake.requests)
        ended = run_again(project, WORSE, "--fail-on-regression", limit)
        assert len(fake.requests) == calls
    assert ended.code == 2
    assert said in ended.err


def test_a_mapped_exit_code_is_that_of_a_regression_too(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        project = with_baseline(tmp_path, fake.url)
        project.write("config.ini", (tmp_path / "config.ini").read_text() + "[ci]\nexpectation_failed = 0\n")
        ended = run_again(project, WORSE, "--fail-on-regression", "q.liking:-1")
    assert ended.code == 0
    assert "regression: the difference is -" in ended.err


def test_one_run_and_no_baseline_says_what_to_name(tmp_path: Path) -> None:
    with FakeProvider(answer=answers) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        assert project.run().code == 0
    ended = project.troupe("compare")
    assert ended.code == 2
    assert "no baseline" in ended.err
    assert "--measure" in ended.err


def test_people_who_talked_are_compared_as_groups(tmp_path: Path) -> None:
    room = "world: {type: room, group_size: 4, steps: 1}\nstimuli: [{at: start, say: Hello}]"
    text = EXPERIMENT.replace("world: {type: interviews}", room)

    def talk(body: Body) -> str:
        properties = (schema_of(body) or {})["properties"]
        if "item_1" in properties:
            return answers(body)
        return json.dumps({key: "" if one.get("type") == "string" else None for key, one in properties.items()})

    with FakeProvider(answer=talk) as fake:
        project = Project(tmp_path, fake.url, text)
        first = project.run()
        project.write("x.yaml", text.replace(FIRST, WORSE))
        second = project.run()
        found = json.loads(project.troupe("compare", *map(str, project.runs), "--json").out)
    assert len(project.runs) == 2, (first.err, second.err)
    liking = pick(found, "q.liking")
    assert (liking["unit"], liking["n"]) == ("group", [5, 5])
    assert liking["estimate"] < -1
