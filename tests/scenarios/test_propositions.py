"""Claims judged at the end of a trial: what the judge reads, and what a user gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from claims import Script, is_claim, text_of, verdicts
from projects import EXPERIMENT, Project
from provider import FakeProvider

HIDDEN = "hidden_proposition"


def with_propositions(*lines: str, expect: str = "") -> str:
    written = "\n".join(f"  - {line}" for line in lines)
    return f"{EXPERIMENT}propositions:\n{written}\n" + (f'expect: ["{expect}"]\n' if expect else "")


def played(
    tmp_path: Path, experiment: str, script: Script | None = None, *, code: int = 0
) -> tuple[Project, FakeProvider]:
    with FakeProvider(answer=verdicts(script or {})) as fake:
        project = Project(tmp_path, fake.url, experiment)
        ended = project.run()
    assert ended.code == code, ended.err
    return project, fake


def of_query(project: Project, name: str) -> list[dict[str, object]]:
    return [row for row in project.results["rows"] if row["query"] == name]


def test_a_score_comes_with_its_reasons_and_decides_an_expectation(tmp_path: Path) -> None:
    line = f'{{name: {HIDDEN}, claim: "{{{{ person.name }}}} keeps to tea", of: each person, score: true}}'
    script = {
        "Lisa Carter keeps to tea": {"score": "7", "confidence": "0.75"},
        "Oscar Brandt keeps to tea": {"score": "4", "justification": "He wavers."},
    }
    project, fake = played(tmp_path, with_propositions(line, expect=f"{HIDDEN}.mean() >= 6"), script, code=1)
    values = {(row["person"], row["field"]): row["value"] for row in of_query(project, HIDDEN)}
    assert values["lisa", "score"] == 7
    assert values["lisa", "confidence"] == 0.75
    assert values["oscar", "score"] == 4
    assert values["oscar", "justification"] == "He wavers."
    [observed] = project.results["expectations"][0]["observed"]
    assert (observed["what"], observed["value"], observed["low"]) == (f"{HIDDEN}.mean()", 5.5, None)
    for words in ("He wavers.", "a judge scored how far this claim holds", "5.5 on average"):
        assert words in project.report
    assert not any(HIDDEN in text_of(body) or "hidden proposition" in text_of(body) for body in fake.requests)


def test_a_claim_is_true_false_or_without_evidence_which_is_nobodys_best_score(tmp_path: Path) -> None:
    lines = (
        "{name: agreed, claim: They agreed on a drink}",
        "{name: shouted, claim: Somebody shouted}",
        "{name: rich, claim: They are all rich, score: true}",
    )
    script = {"agreed on": {"holds": "yes"}, "shouted": {"holds": "no"}, "rich": {"score": "no evidence"}}
    project, _ = played(tmp_path, with_propositions(*lines), script)
    holds = {name: of_query(project, name)[0] for name in ("agreed", "shouted", "rich")}
    assert (holds["agreed"]["value"], holds["shouted"]["value"]) == (True, False)
    assert (holds["rich"]["outcome"], holds["rich"]["value"]) == ("not_stated", None)
    assert "**rich**: not stated" in project.report


def test_the_persona_is_evidence_where_the_claim_is_about_it_and_nowhere_else(tmp_path: Path) -> None:
    lines = (
        "{use: persona_adherence, score: true}",
        "{name: bare, use: persona_adherence, include_personas: false, of: lisa}",
        "{use: convergence}",
        '{use: task_completion, task: "Brew a pot for {{ replicate }} table"}',
    )
    _, fake = played(tmp_path, with_propositions(*lines))
    asked = [text_of(body) for body in fake.requests if is_claim(body)]
    assert len(asked) == 2 + 1 + 1 + 1
    assert sum("<persona>" in text for text in asked) == 2
    assert all(text.count("<persona>") <= 1 for text in asked)
    assert sum("Brew a pot for 1 table" in text for text in asked) == 1
    assert all("Tea or coffee?" in text for text in asked)


def test_samples_keep_every_judgement(tmp_path: Path) -> None:
    project, fake = played(tmp_path, with_propositions("{use: divergence, samples: 3, score: true}"))
    assert sum(is_claim(body) for body in fake.requests) == 3
    assert [row["sample"] for row in of_query(project, "divergence") if row["field"] == "score"] == [0, 1, 2]


def test_a_judge_without_a_verdict_is_a_problem_that_the_report_tells(tmp_path: Path) -> None:
    project, _ = played(tmp_path, with_propositions("{name: odd, claim: It was odd}"), {"It was odd": "mumble"})
    assert {row["outcome"] for row in of_query(project, "odd")} == {"failed"}
    assert [problem["query"] for problem in project.results["problems"]] == ["odd"]


def test_a_long_transcript_is_judged_in_pieces_and_nothing_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinytroupe_cli.models.windows.MAX_REMOTE", 300)
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, with_propositions("{name: kind, claim: They are kind}"))
        ended = project.run()
    assert ended.code == 0, ended.err
    pieces = [text_of(body) for body in fake.requests if "Don't judge the claim" in text_of(body)]
    assert len(pieces) > 1, ended.err
    spoken = [event["text"] for log in project.events().values() for event in log if event.get("action") == "TALK"]
    assert spoken
    for words in spoken:
        assert any(words in piece for piece in pieces)
    [last] = [text_of(body) for body in fake.requests if is_claim(body)]
    assert f"in {len(pieces)} pieces" in last
    assert "[piece 1]" in last
    assert f"[piece {len(pieces)}]" in last


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("{claim: They are kind}", "E360", "needs a name"),
        ("{name: kind, claim: Kind, use: fluency}", "E361", "both `claim` and `use`"),
        ("{name: kind}", "E361", "the claim is missing"),
        ("{use: task_completion}", "E362", "the task is missing"),
        ("{use: fluency, task: Win}", "E362", "only task_completion has a task"),
        ("{name: drink, use: fluency}", "E330", "the name 'drink' is already in use"),
        ("{use: fluencee}", "E107", "fluency"),
        ("{name: x, claim: '{{ person.name }} is kind'}", "E310", "this text is not for one particular person"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, line: str, code: str, words: str) -> None:
    ended = Project(tmp_path, "", with_propositions(line)).troupe("check", "x.yaml")
    assert ended.code == 2
    assert code in ended.out + ended.err
    assert words in ended.out + ended.err
    assert "x.yaml:15:" in ended.out + ended.err


def test_the_estimate_counts_every_judgement(tmp_path: Path) -> None:
    lines = ("{use: persona_adherence, samples: 2}", "{use: divergence}")
    shown = Project(tmp_path, "", with_propositions(*lines)).troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert re.search(r"total +13-", shown.out), shown.out  # 6 turns, 2 interviews, 2 x 2 + 1 verdicts
