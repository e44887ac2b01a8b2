"""`troupe` alone says what to do next, from the state of the folder, in at most six lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from projects import EXPERIMENT, MODEL, Project
from provider import FakeProvider

from tinytroupe_cli.api.template_files import TEMPLATES


@pytest.fixture(autouse=True)
def no_local_model(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Begin with no model on this machine, but with the package that runs one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("no-models")))
    monkeypatch.setattr("tinytroupe_cli.api.folder_state.version_of", lambda name: f"{name} 1.0")


def shown(project: Project) -> list[str]:
    """What `troupe` prints; always short."""
    ended = project.troupe()
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert len(lines) <= 6
    assert lines[-1] == "All commands: troupe --help"
    return lines


def test_without_an_experiment_it_names_init_and_its_templates(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "x.yaml").unlink()
    first, *commands = shown(project)
    assert first == "There is no experiment in this folder. Start a project:"
    assert commands[0].strip().startswith("troupe init NAME --template interview")
    assert all(name in commands[0] for name in TEMPLATES)


def test_with_an_experiment_and_a_model_it_names_plan_and_run(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1", EXPERIMENT + f"model: {MODEL}\n")
    first, plan, run, _ = shown(project)
    assert first == "1 experiment, no runs yet."
    assert plan.strip().startswith("troupe plan x.yaml ")
    assert run.strip().startswith("troupe run x.yaml ")


def test_without_a_model_it_names_a_download_and_a_key(tmp_path: Path) -> None:
    first, pull, key, _ = shown(Project(tmp_path))
    assert first == "1 experiment, no runs yet. qwen2.5-coder-1.5b is not on this machine yet."
    assert re.match(r"  troupe model pull qwen2.5-coder-1.5b +download it \(1.1 GB\)", pull)
    assert key.strip().startswith("export OPENAI_API_KEY=…; troupe run x.yaml --model openai/")


def test_with_a_key_it_names_its_model_and_not_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", "sk-recognise-me")
    lines = shown(Project(tmp_path))
    assert lines[1].strip().startswith("troupe run x.yaml --model mistral/mistral-small-latest ")
    assert "recognise" not in "\n".join(lines)
    assert "export" not in "\n".join(lines)


def test_without_the_package_for_local_models_it_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinytroupe_cli.api.folder_state.version_of", lambda _: "")
    assert "pip install 'tinytroupe-cli[local]'" in shown(Project(tmp_path))[1]


def test_a_chosen_model_without_its_key_is_told_which_key(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT + "model: mistral/mistral-small-latest\n")
    first, hint, _ = shown(project)
    assert "MISTRAL_API_KEY is not set" in first
    assert "export MISTRAL_API_KEY=…" in hint


def test_an_experiment_with_errors_is_to_be_checked(tmp_path: Path) -> None:
    first, check, _ = shown(Project(tmp_path, experiment="troupe: 1\nnaem: x\n"))
    assert first == "x.yaml has errors."
    assert check.strip().startswith("troupe check x.yaml ")


def test_after_a_run_it_names_report_and_show_of_the_newest(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        assert project.run().code == 0
    first, *commands, _ = shown(project)
    run = project.runs[-1].relative_to(tmp_path.resolve()).as_posix()
    assert first == "The newest run, tea, is finished."
    assert [line.strip().split("  ")[0] for line in commands] == [
        f"troupe report {run}", f"troupe show {run}", "troupe runs",
    ]  # fmt: skip
    for line in commands:
        assert project.troupe(*line.strip().split("  ")[0].split()[1:]).code == 0


def test_an_unfinished_run_is_to_be_continued(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + "limits: {calls: 2}\n")
        assert project.run().code == 5
    first, again, *_ = shown(project)
    assert first == "The newest run, tea, is unfinished."
    assert again.strip().startswith("troupe run x.yaml ")


def test_many_experiments_are_counted_and_the_quickstart_comes_first(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:1/v1")
    project.write("config.ini", f"[model]\npeople = {MODEL}\napi_base = http://127.0.0.1:1/v1\n")
    project.write("experiments/a.yaml", EXPERIMENT)
    project.write("experiments/quickstart.yaml", EXPERIMENT)
    project.write("personas/lisa.yaml", "name: Lisa\n")
    first, plan, *_ = shown(project)
    assert first == "3 experiments, no runs yet."
    assert "troupe plan experiments/quickstart.yaml" in plan


def test_a_wrong_config_is_told_with_its_line(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("config.ini", "[model]\npepole = x\n")
    ended = project.troupe()
    assert ended.code == 2
    assert "config.ini:2" in ended.err


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_still_lists_every_command(option: str, tmp_path: Path) -> None:
    from tinytroupe_cli.cli.app import COMMANDS

    ended = Project(tmp_path).troupe(option)
    assert ended.code == 0
    assert all(name in ended.out for name in COMMANDS)
    assert "Usage: troupe [OPTIONS] COMMAND [ARGS]..." in ended.out
