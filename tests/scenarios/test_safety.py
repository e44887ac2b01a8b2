"""Notices that people are given: off unless asked for, and then in every prompt of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from projects import EXPERIMENT, Project
from provider import FakeProvider
from scripts import asked, by, script

HURT, RECITE = "could hurt real people", "recite texts that belong to others"


def told(fake: FakeProvider) -> set[tuple[bool, bool]]:
    """Return which notices stood in the people's prompts."""
    systems: list[Any] = [body["messages"][0]["content"] for body in fake.requests]
    return {(HURT in text, RECITE in text) for text in systems}


@pytest.mark.parametrize(
    ("written", "settings", "wanted"),
    [
        ("", "", (False, False)),
        ("safety: [harmful_content]\n", "", (True, False)),
        ("safety: [harmful_content, copyright]\n", "", (True, True)),
        ("", "[safety]\ncopyright = yes\n", (False, True)),
        ("safety: []\n", "[safety]\ncopyright = yes\n", (False, False)),
    ],
    ids=["off", "one", "both", "by config.ini", "taken back by the experiment"],
)
def test_people_are_told_what_was_asked_for(tmp_path: Path, written: str, settings: str, wanted: Any) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + written)
        project.write("config.ini", (tmp_path / "config.ini").read_text() + settings)
        ended = project.run()
    assert ended.code == 0, ended.err
    assert told(fake) == {wanted}


def test_an_unknown_notice_is_a_spec_error_that_names_the_known_ones(tmp_path: Path) -> None:
    ended = Project(tmp_path, "", EXPERIMENT + "safety: [harmfull]\n").troupe("check", "x.yaml")
    assert ended.code == 2
    assert "harmful_content" in ended.out + ended.err


def test_a_model_that_declines_in_a_persons_words_is_told_and_they_do_not_go_on_with_it(tmp_path: Path) -> None:
    phrase = "I'm sorry, but I can't help with that."
    text = EXPERIMENT.replace("{type: room", "{type: interviews")
    with FakeProvider(answer=script(by("Lisa Carter", 1, words=phrase))) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run("--concurrency", "1")
    assert ended.code == 0, ended.err
    turns = asked(fake, "Lisa Carter")
    assert len(turns) > 1
    assert phrase not in str([body["messages"] for body in turns])
    told_of = [problem for problem in project.results["problems"] if problem["person"] == "lisa"]
    assert {(problem["kind"], problem["text"]) for problem in told_of} == {("refused", phrase)}
    assert phrase in project.report.replace("\\", "")
