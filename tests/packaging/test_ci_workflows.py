"""The workflows that `troupe init --ci` writes: their own steps are run in a clean environment, end to end.

The environment has an empty home and a new virtual environment, in which the workflow's `pip install` installs this
checkout's wheel. What the wheel depends on comes from the environment of the tests, so that nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from junit_files import outcomes, read_junit
from projects import EXPERIMENT, MODEL, PRICES, Project
from provider import FakeProvider

CHECKOUT = Path(__file__).parents[2]
EXPECTED = "drink.cup.count() >= 1"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def environment(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A clean machine: the wheel can be installed, and what it depends on is there."""
    home = tmp_path_factory.mktemp("home")
    venv = home.parent / "clean"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=60)
    [site] = venv.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return {
        "PATH": f"{venv / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_DEPS": "1",
        "PIP_IGNORE_INSTALLED": "1",  # the tests' own installation of troupe is among the dependencies
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@dataclass(frozen=True)
class Machine:
    """A checkout of a project, and the environment of a runner."""

    project: Project
    env: dict[str, str]

    def run(self, script: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a step as the services do: bash stops at the first error."""
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.project.folder, env={**self.env, **more}, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip


def a_project(folder: Path, fake: FakeProvider, service: str) -> tuple[Project, dict[str, Any], str]:
    """Write a project with a workflow; return it with the workflow as data and as text."""
    project = Project(folder, fake.url)
    config = f"[model]\npeople = {MODEL}\napi_base = {fake.url}\n[run]\nformats = json, markdown\n"
    project.write("config.ini", config)
    (folder / "x.yaml").unlink()
    project.write("experiments/tea.yaml", f'{EXPERIMENT}{PRICES}expect: ["{EXPECTED}"]\n')
    made = project.troupe("init", "--ci", service, "--json")
    [written] = json.loads(made.out)["files"]
    text = (folder / written["file"]).read_text()
    return project, yaml.safe_load(text), text


def steps_for(workflow: dict[str, Any], event: str) -> list[dict[str, Any]]:
    """Return the `run:` steps of GitHub's workflow that an event runs, their conditions evaluated."""
    conditions = {
        None: True,
        "github.event_name != 'pull_request'": event != "pull_request",
        "github.event_name == 'pull_request'": event == "pull_request",
    }
    steps = [step for step in workflow["jobs"]["experiments"]["steps"] if "run" in step]
    return [step for step in steps if conditions[step.get("if")]]


def test_the_workflow_for_github_runs_in_a_clean_environment(tmp_path: Path, environment: dict[str, str]) -> None:
    with FakeProvider() as fake:
        project, workflow, text = a_project(tmp_path, fake, "github")
        env = {
            **environment,
            "XDG_CACHE_HOME": str(tmp_path / ".cache"),
            "GITHUB_WORKSPACE": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }
        machine = Machine(project, env)
        for step in steps_for(workflow, "push"):
            done = machine.run(step["run"], **dict.fromkeys(step.get("env", {}), "sk-test"))
            assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
        where = machine.run("python -c 'import tinytroupe_cli; print(tinytroupe_cli.__file__)'").stdout
        assert str(tmp_path.parent.parent) in where or "clean" in where
        paid = len(fake.requests)
        assert paid
        assert outcomes(read_junit((tmp_path / "results" / "troupe.xml").read_bytes()))[EXPECTED] == "passed"
        assert "| tea |" in (tmp_path / "summary.md").read_text()
        install, check, rerun = steps_for(workflow, "pull_request")
        again = machine.run(rerun["run"])
        assert again.returncode == 0, again.stderr
        assert len(fake.requests) == paid, "a pull request costs nothing"
        project.write("experiments/tea.yaml", (tmp_path / "experiments/tea.yaml").read_text().replace("coffee?", "x?"))
        changed = machine.run(rerun["run"])
        assert changed.returncode == 4
        assert len(fake.requests) == paid
    assert "--max-cost" in text
    assert re.search(r'"tinytroupe-cli==\d+\.\d+', text)
    assert (install["name"], check["name"]) == ("Install troupe", "Check the files")
    assert project.troupe("init", "--ci", "github").code == 0
    assert [path.name for path in (tmp_path / "experiments").iterdir()] == ["tea.yaml"], "nothing is added to a project"


def test_the_github_workflow_keeps_answers_and_reports(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        _, workflow, _ = a_project(tmp_path, fake, "github")
    job = workflow["jobs"]["experiments"]
    used = {step["uses"].partition("@")[0]: step for step in job["steps"] if "uses" in step}
    assert used.keys() == {
        "actions/checkout", "actions/setup-python", "actions/cache/restore", "actions/cache/save",
        "actions/upload-artifact",
    }  # fmt: skip
    restored, saved = used["actions/cache/restore"]["with"], used["actions/cache/save"]["with"]
    assert restored["path"] == saved["path"]
    assert restored["path"].split() == [".cache/troupe", "results"]
    assert restored["key"] == saved["key"]
    assert restored["key"].startswith(restored["restore-keys"])
    assert job["env"]["XDG_CACHE_HOME"] == "${{ github.workspace }}/.cache"
    assert all(
        step.get("if", "").startswith("always()") for name, step in used.items() if name.endswith(("save", "artifact"))
    )
    keyed = [step["name"] for step in job["steps"] if "secrets." in str(step)]
    assert keyed == ["Run with a limit"], "only the paid step sees the key"


def test_the_workflow_for_gitlab_runs_in_a_clean_environment(tmp_path: Path, environment: dict[str, str]) -> None:
    with FakeProvider() as fake:
        project, workflow, _ = a_project(tmp_path, fake, "gitlab")
        job = workflow["experiments"]
        offline, paid = (rule["variables"] for rule in job["rules"])
        cache = job["variables"]["XDG_CACHE_HOME"].replace("$CI_PROJECT_DIR", str(tmp_path))
        machine = Machine(project, {**environment, "XDG_CACHE_HOME": cache, "OPENAI_API_KEY": "sk-test"})
        script = "\n".join(job["script"])
        done = machine.run(script, **paid)
        assert done.returncode == 0, done.stdout + done.stderr
        asked = len(fake.requests)
        again = machine.run("\n".join(job["script"][1:]), **offline)
        assert again.returncode == 0, again.stderr
        assert len(fake.requests) == asked > 0
    read_junit((tmp_path / job["artifacts"]["reports"]["junit"]).read_bytes())
    assert job["cache"]["paths"] == [".cache/troupe", "results"]


def test_an_empty_folder_gets_a_project_with_its_workflow(tmp_path: Path) -> None:
    project = Project(tmp_path)
    made = project.troupe("init", "demo", "--ci", "github")
    assert made.code == 0
    assert (tmp_path / "demo" / ".github" / "workflows" / "troupe.yml").exists()
    assert (tmp_path / "demo" / "experiments" / "quickstart.yaml").exists()
    again = project.troupe("init", "demo", "--ci", "github")
    assert "is kept" in again.err
