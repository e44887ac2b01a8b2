"""Every experiment of the gallery passes `check` and runs to its end; those of this page do what they say."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from projects import MODEL, Project
from provider import FakeProvider

CHECKOUT = Path(__file__).parents[2]
GALLERY = sorted(path.name for path in (CHECKOUT / "experiments").glob("*.yaml"))
BESIDE = ("experiments", "personas", "fragments", "populations", "documents")


def gallery(folder: Path, url: str) -> Project:
    """A project with a copy of the gallery, and all it names."""
    project = Project(folder, url)
    for name in BESIDE:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, folder / name)
    return project


def played(folder: Path, name: str) -> tuple[Project, int]:
    with FakeProvider() as fake:
        project = gallery(folder, fake.url)
        ended = project.troupe("run", f"experiments/{name}.yaml", "--model", MODEL, "--yes", "--allow-code")
    assert ended.code in {0, 1}, ended.err  # 1: the fake's answers hold no expectation
    return project, len(fake.requests)


@pytest.mark.parametrize("name", GALLERY)
def test_an_experiment_passes_check_and_says_what_it_shows(name: str, tmp_path: Path) -> None:
    ended = gallery(tmp_path, "").troupe("check", f"experiments/{name}")
    assert ended.code == 0, ended.err
    text = (CHECKOUT / "experiments" / name).read_text(encoding="utf-8")
    assert re.match(r"# \w[^\n]{20,}", text), "it opens with a comment on what it shows"


@pytest.mark.parametrize("name", GALLERY)
def test_an_experiment_runs_to_its_end(name: str, tmp_path: Path) -> None:
    project, _ = played(tmp_path, name.removesuffix(".yaml"))
    assert project.results["status"] == "finished"
    assert {trial["status"] for trial in project.results["trials"]} == {"finished"}


def test_synthetic_chat_data_leaves_rows_for_a_trainer(tmp_path: Path) -> None:
    project, calls = played(tmp_path, "synthetic_chat_data")
    assert calls <= 16
    data = project.runs[-1] / "data"
    [row] = [json.loads(line) for line in (data / "chats.jsonl").read_text().splitlines()]
    roles = [message["role"] for message in row["messages"]]
    assert roles[:3] == ["system", "user", "assistant"]
    assert roles[-1] == "assistant"
    assert (data / "messages.csv").read_text().startswith("step,who,to,message")
    assert (data / "first_word_of_money.csv").exists()


def test_a_long_story_is_told_at_the_end(tmp_path: Path) -> None:
    project, calls = played(tmp_path, "long_story")
    assert calls <= 20
    assert len(project.results["stories"]) == 1
    assert "## What happened, as a story" in project.report


def test_the_apartments_ad_is_taken_from_what_the_group_said(tmp_path: Path) -> None:
    project, calls = played(tmp_path, "apartment_ad")
    assert calls <= 16
    assert any(row["field"] == "ad" and row["outcome"] == "stated" for row in project.results["rows"])
    assert (project.runs[-1] / "data" / "proposals.csv").exists()
