"""What a model makes of a run once its trials are over: categories of answers, and a story."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import FILTERED_SILENTLY, Body, FakeProvider, answer_for, schema_of

from tinytroupe_cli.models import windows

ASKED = """\
troupe: 1
name: tea
seed: 3
personas: [lisa, oscar, amara]
factors: {price: [3, 5]}
world: {type: interviews, steps: 1}
stimuli:
  - say: "Tea, or coffee, at {{ price }}?"
extract:
  - name: drink
    how: interview
    question: "What will you drink, and why?"
    fields: {cup: {choice: [tea, coffee]}, why: text, worries: {list: text}}
"""
UNASKED = (
    ASKED.split("extract:", maxsplit=1)[0].replace("factors: {price: [3, 5]}\n", "").replace(", at {{ price }}", "")
)
SORTING = "normalize: [{measure: drink.why, categories: 3, as: drink.reason}]\n"
WHY = {"Lisa": "It is cheap & good.", "Oscar": "IT COSTS  little", "Amara": "Because of the moon."}
PLACES = {"It is cheap & good.": "Price", "IT COSTS little": "Price"}


class Script:
    """Answers as these people would; the judge sorts by a table."""

    def __init__(self, categories: tuple[str, ...] = ("Price", "Taste")) -> None:
        self.categories = categories
        self.prompts: list[str] = []

    def __call__(self, body: Body) -> str:
        schema = schema_of(body)
        prompt = str(body["messages"][-1]["content"])
        keys = list(schema["properties"]) if schema else []
        if schema is None or keys == ["categories"] or keys[0] == "text_1":
            self.prompts.append(prompt)
        if keys == ["categories"]:
            return json.dumps({"categories": [*self.categories, "price", ""]})
        if keys and keys[0] == "text_1":
            texts = [prompt.split(f"<{key}>\n")[1].split(f"\n</{key}>", maxsplit=1)[0] for key in keys]
            return json.dumps({key: PLACES.get(text, "none of these") for key, text in zip(keys, texts, strict=True)})
        asked = {name: key for key, name in re.findall(r"(\w+) \((why|worries)\)", prompt)}
        if asked:
            who = next(name for name in WHY if name in str(body["messages"][0]["content"]))
            own = {asked["why"]: WHY[who], asked["worries"]: [WHY[who], "It is cheap & good."]}
            return json.dumps({**json.loads(answer_for(body)), **own})
        return answer_for(body)


def run(folder: Path, more: str, script: Script | None = None, *words: str) -> tuple[Project, FakeProvider, int]:
    with FakeProvider(answer=script or Script()) as fake:
        project = Project(folder, fake.url, ASKED + more)
        ended = project.run(*words)
    assert ended.code in {0, 1, 5}, ended.err
    return project, fake, ended.code


def values(project: Project, field: str) -> dict[str, Any]:
    return {row["person"]: row["value"] for row in project.results["rows"] if row["field"] == field}


def sorting_calls(fake: FakeProvider) -> int:
    return sum("text_1" in str(schema_of(body)) or "categories" in str(schema_of(body)) for body in fake.requests)


def test_answers_in_words_become_categories_and_what_fits_none_is_shown_as_such(tmp_path: Path) -> None:
    project, fake, _ = run(tmp_path, SORTING)
    assert values(project, "reason") == {"lisa": "Price", "oscar": "Price", "amara": "not mapped"}
    assert values(project, "why")["amara"] == WHY["Amara"]
    assert sorting_calls(fake) == 2
    [made] = project.results["categories"]
    assert made["categories"] == ["Price", "Taste"]
    assert {one["text"]: one["category"] for one in made["texts"]} == {**PLACES, WHY["Amara"]: None}
    table = project.report.split("### drink: reason")[1]
    assert "Price" in table
    assert "not mapped" in table
    assert "1 of them fits no category" in project.report


def test_shares_of_categories_are_told_by_condition_and_can_be_expected(tmp_path: Path) -> None:
    expected = (
        "expect: [\"drink.reason.share('price') >= 0.6\", \"drink.reason.at(price=3).count('not mapped') == 1\"]\n"
    )
    project, _, code = run(tmp_path, SORTING + expected)
    assert code == 0
    assert [one["outcome"] for one in project.results["expectations"]] == ["held", "held"]
    conditions = {s["condition"] for s in project.results["summaries"] if s["field"] == "reason"}
    assert len(conditions) == 3


def test_a_category_nobody_proposed_can_not_be_expected(tmp_path: Path) -> None:
    project, _, code = run(tmp_path, SORTING + "expect: [\"drink.reason.share('cost') >= 0\"]\n")
    assert code == 1
    [expected] = project.results["expectations"]
    assert expected["outcome"] == "not_evaluable"
    assert "'reason' has no 'cost'; it has Price, Taste, not mapped" in expected["reason"]


def test_given_categories_are_not_proposed_and_lists_keep_each_category_once(tmp_path: Path) -> None:
    given = "normalize: [{measure: drink.worries, categories: [Price, Taste]}]\n"
    project, fake, _ = run(tmp_path, given)
    assert values(project, "worries_category") == {
        "lisa": ["Price"],
        "oscar": ["Price"],
        "amara": ["not mapped", "Price"],
    }
    assert not any("categories" in (schema_of(body) or {"properties": {}})["properties"] for body in fake.requests)


def test_a_report_made_anew_asks_nobody_and_says_the_same(tmp_path: Path) -> None:
    project, _, _ = run(tmp_path, SORTING + "report: {story: {words: 100}}\n")
    before = project.report
    (project.runs[-1] / "details.md").unlink()
    assert project.troupe("report").code == 0  # the provider is gone
    assert project.report == before


def test_a_limit_during_sorting_keeps_the_answers_and_the_same_command_pays_for_nothing_twice(tmp_path: Path) -> None:
    with FakeProvider(answer=Script()) as fake:
        project = Project(tmp_path, fake.url, ASKED + SORTING + "limits: {calls: 13}\n")
        ended = project.run("--no-cache")
        assert ended.code == 5, ended.err
        assert {row["outcome"] for row in project.results["rows"] if row["field"] == "reason"} == {"unasked"}
        asked = len(fake.requests)
        project.write("x.yaml", ASKED + SORTING + "limits: {calls: 50}\n")
        ended = project.run("--no-cache")
        assert ended.code == 0, ended.err
        assert len(project.runs) == 1
        assert len(fake.requests) == asked + 1
    assert values(project, "reason")["lisa"] == "Price"


def test_a_judge_that_declines_to_sort_is_in_the_report(tmp_path: Path) -> None:
    with FakeProvider(answer=Script()) as fake:
        project = Project(tmp_path, fake.url, ASKED + SORTING)
        script = fake._answer

        def declining(body: Body) -> str:
            if len(fake.requests) == 12:
                fake.faults.append(FILTERED_SILENTLY)
            return script(body)

        fake._answer = declining
        ended = project.run("--concurrency", "1")
    assert ended.code == 0, ended.err
    assert {row["outcome"] for row in project.results["rows"] if row["field"] == "reason"} == {"failed"}
    assert any(problem["kind"] == "refused" for problem in project.results["problems"])


def test_sorting_is_counted_in_the_estimate_and_told_apart_in_the_accounts(tmp_path: Path) -> None:
    project, _, _ = run(tmp_path, SORTING)
    found = {one["what"]: one["calls"] for one in project.results["accounts"]["purposes"]}
    assert found["normalize"] == 2
    assert found["interview"] == 6
    told = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "14" in told.out


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{measure: drink.cup, categories: 3}", "'drink.cup' has no free-text answers"),
        ("{measure: drink.wy, categories: 3}", "did you mean 'drink.why'?"),
        ("{measure: drink.why, categories: 3, as: drink.cup}", "there is already a 'drink.cup'"),
        ("{measure: drink.why, categories: 3, as: other.cup}", "'as' must name a field in the query 'drink'"),
        ("{measure: drink.why, categories: 1}", "expects 2 to 30 categories, got 1"),
        ("{measure: drink.why, categories: [a, A]}", "categories must be different names"),
    ],
)
def test_what_cant_be_sorted_is_said_before_anything_runs(tmp_path: Path, written: str, told: str) -> None:
    ended = Project(tmp_path, "", f"{ASKED}normalize: [{written}]\n").troupe("check", "x.yaml")
    assert ended.code == 2
    assert told in ended.err


def test_a_story_is_written_from_what_happened_and_stands_in_report_and_results(tmp_path: Path) -> None:
    script = Script()
    project, fake, _ = run(tmp_path, 'report: {story: {words: 100, style: "as a fable & \\"dry\\""}}\n', script)
    assert [story["condition"] for story in project.results["stories"]] == ["3", "5"]
    told = [prompt for prompt in script.prompts if "<happened>" in prompt]
    assert len(told) == 2
    for prompt, price in zip(sorted(told, key=lambda one: "at 5" in one), (3, 5), strict=True):
        assert f"Tea, or coffee, at {price}?" in prompt
        assert 'as a fable & "dry"' in prompt
        assert "Lisa Carter" in prompt
    assert project.results["stories"][0]["text"] in project.report.replace("\\", "")
    assert "## What happened, as a story" in project.report
    assert sum(schema_of(body) is None for body in fake.requests) == 2


def told_at_length(folder: Path, words: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], str]:
    """Return all that the author was asked, in order, and the story."""
    monkeypatch.setattr(windows, "MAX_REMOTE", 1_500)
    script = Script()
    with FakeProvider(answer=script) as fake:
        text = f"{UNASKED.replace('steps: 1', 'steps: 6')}report: {{story: {{words: {words}}}}}\n"
        project = Project(folder, fake.url, text)
        assert project.run().code == 0
    [story] = project.results["stories"]
    return script.prompts, story["text"]


def test_a_long_log_is_told_from_beginning_to_end_each_part_going_on_from_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts, story = told_at_length(tmp_path, 600, monkeypatch)
    parts = story.split("\n\n")
    assert len(parts) == len(prompts) > 2
    assert "Begin the story" in prompts[0]
    assert "Tea, or coffee?" in prompts[0]
    assert all(part in later for part, later in zip(parts, prompts[1:], strict=False))
    assert [("Bring it to where" in prompt) for prompt in prompts] == [False] * (len(prompts) - 1) + [True]


def test_a_short_story_of_a_long_log_is_told_from_notes_on_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts, _ = told_at_length(tmp_path, 70, monkeypatch)
    noted = [prompt for prompt in prompts if "Write nothing but the notes" in prompt]
    told = [prompt for prompt in prompts if "Write nothing but the story" in prompt]
    assert len(noted) > 2
    assert any("09:50" in prompt for prompt in noted)  # the last step
    assert len(told) == 1


def test_a_story_that_goes_in_circles_tells_each_paragraph_once_and_no_answers_are_looked_for(tmp_path: Path) -> None:
    def circling(body: Body) -> str:
        circle = "She waited for a call.\n\nIt came, and she was glad.\n \nShe waited, for a call!\n\nAnd it was night."
        return circle if schema_of(body) is None else answer_for(body)

    with FakeProvider(answer=circling) as fake:
        project = Project(tmp_path, fake.url, f"{UNASKED}report: {{story: {{words: 100}}}}\n")
        assert project.run().code == 0
    [story] = project.results["stories"]
    assert story["text"] == "She waited for a call.\n\nIt came, and she was glad.\n\nAnd it was night."
    assert "## Answers" not in project.report
    assert "## Every answer" not in project.report
    assert "Nothing went wrong: 3 of 3 turns are usable." in project.report
