"""`troupe init NAME --template KIND` writes a project that checks, runs and reports what the template promises."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from projects import FORMATS, MODEL, Project
from provider import FakeProvider
from stated_answers import stated

from tinytroupe_cli.api.project import init_project
from tinytroupe_cli.api.template_files import TEMPLATES
from tinytroupe_cli.cli.project import TemplateName
from tinytroupe_cli.core.errors import RunError

MOST_CALLS = 40
"""Of a template's run: quick on one's own machine, and cheap elsewhere."""


def made(tmp_path: Path, template: str, url: str = "") -> Project:
    """A project in `demo/` as `troupe init` writes it, but with the fake provider's address."""
    outside = Project(tmp_path)
    ended = outside.troupe("init", "demo", "--template", template)
    assert ended.code == 0, ended.err
    project = copy.copy(outside)
    project.folder = tmp_path / "demo"
    project.write("config.ini", f"[model]\napi_base = {url}\n[cache]\nfolder = {tmp_path / 'cache'}\n{FORMATS}")
    return project


def run(tmp_path: Path, template: str) -> tuple[Project, int]:
    with FakeProvider(answer=stated) as fake:
        project = made(tmp_path, template, fake.url)
        ended = project.troupe("run", "experiments/", "--model", MODEL)
    assert ended.code == 0, ended.out + ended.err
    return project, len(fake.requests)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_no_finding_and_brings_its_people(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = made(tmp_path, template)
    monkeypatch.setattr("tinytroupe_cli.personas.library.starters_folder", lambda: tmp_path / "nothing")
    ended = project.troupe("check", "experiments/", "--json")
    assert ended.code == 0, ended.out
    assert json.loads(ended.out)["findings"] == []
    [experiment] = (project.folder / "experiments").glob("*.yaml")
    first, second, *_ = experiment.read_text(encoding="utf-8").splitlines()
    assert "experiment.schema.json" in first
    assert second.startswith("# "), "it begins with what it is for"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_runs_to_its_end_with_its_expectations_met(template: str, tmp_path: Path) -> None:
    project, calls = run(tmp_path, template)
    assert project.results["status"] == "finished"
    assert calls <= MOST_CALLS
    assert project.results["expectations"]
    assert project.results["rows"]


def test_the_price_template_asks_for_a_ladder(tmp_path: Path) -> None:
    project, _ = run(tmp_path, "price")
    assert "revenue" in project.report


def test_the_test_of_two_versions_compares_people_with_themselves_and_has_a_control(tmp_path: Path) -> None:
    project, _ = run(tmp_path, "ab-test")
    assert {row["condition"] for row in project.results["rows"]} == {"trial", "guarantee"}
    assert "**Control:** No change could be shown" in project.report


def test_the_focus_group_is_asked_in_private_before_and_after(tmp_path: Path) -> None:
    project, _ = run(tmp_path, "focus-group")
    assert project.results["polls"]


def test_the_chatbot_is_played_by_the_model_of_the_run(tmp_path: Path) -> None:
    project, _ = run(tmp_path, "chatbot-test")
    [events] = project.events().values()
    replies = [event for event in events if event["kind"] == "answered"]
    assert replies
    assert all(event["is_ok"] for event in replies)


def test_the_survey_asks_the_people_of_the_table(tmp_path: Path) -> None:
    project, _ = run(tmp_path, "survey")
    names = {person["name"] for person in project.results["participants"]}
    assert "Mira Falk" in names
    assert len(names) == 8


def test_an_unknown_template_is_a_usage_error_with_the_list(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("init", "demo", "--template", "advert")
    assert ended.code == 2
    shown = " ".join(ended.err.replace("│", " ").split())
    assert all(name in shown for name in TEMPLATES)
    assert not (tmp_path / "demo").exists()
    with pytest.raises(RunError, match="there is no template 'ad-tset'") as error:
        list(init_project(tmp_path / "demo", template="ad-tset"))
    assert "ad-test" in error.value.hint


def test_every_template_can_be_named_and_is_in_the_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    folder = Path(init_project.__code__.co_filename).parent / "project_templates"
    assert {path.name for path in folder.iterdir()} == set(TEMPLATES) == set(TemplateName)
    shown = Project(tmp_path).troupe("init", "--help").out
    assert all(name in shown for name in TEMPLATES)


def test_a_template_keeps_files_and_adds_to_a_project(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.troupe("init").code == 0
    project.write("personas/lisa.yaml", "name: Mine\n")
    ended = project.troupe("init", "--template", "price", "--ci", "github", "--json")
    files = {Path(row["file"]).as_posix(): row["is_new"] for row in json.loads(ended.out)["files"]}
    assert files["experiments/price.yaml"]
    assert files[".github/workflows/troupe.yml"]
    assert not files["personas/lisa.yaml"]
    assert (tmp_path / "personas" / "lisa.yaml").read_text() == "name: Mine\n"
    assert (tmp_path / "experiments" / "quickstart.yaml").exists()


def test_init_says_which_experiment_comes_next(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("init", "demo", "--template", "focus-group")
    assert ended.out.splitlines()[-1].strip() == "troupe run experiments/focus_group.yaml"
