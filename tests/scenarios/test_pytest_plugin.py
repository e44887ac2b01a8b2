"""The pytest plugin: experiments are collected, their expectations are items, and tests can run experiments."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from crowds import CALLS, CROWD, half_tea
from projects import EXPERIMENT, MODEL, Project
from provider import FakeProvider

from tinytroupe_cli.reports.judged_suites import RUN_CASE

pytest_plugins = ["pytester"]

NAME = "tinytroupe_cli.pytest_plugin"
IS_INSTALLED = any(point.value == NAME for point in entry_points(group="pytest11"))
PLUGIN = () if IS_INSTALLED else ("-p", NAME)
"""A checkout that was installed before there was a plugin does not load it by itself."""
EXPECTED = f"""{CROWD}expect:
  - "drink.cup.count() == 12"
  - "drink.cup.count() > 12"
  - "drink.cup.share('tea') > THRESHOLD"
"""
TEST = """
def test_tea(troupe_run):
    run = troupe_run("x.yaml", seed=7)
    assert run.results.seed == 7
    assert run.expectations == {}
    assert run.report.exists()
    run.check()


def test_broken(troupe_run):
    troupe_run("broken.yaml").check()
"""
SHADY = """\
import pathlib
pathlib.Path('was-imported').write_text('x')

def look_up(word: str) -> str:
    'Look a word up.'
    return word
"""


def test_each_expectation_is_an_item(pytester: pytest.Pytester) -> None:
    with half_tea() as fake:
        project = Project(pytester.path, fake.url, EXPERIMENT)
        project.write("tea.experiment.yaml", EXPECTED.replace("THRESHOLD", "0.001"))
        found = pytester.runpytest_subprocess(*PLUGIN, "-v", "-rs", "--troupe-model", MODEL)
        asked = len(fake.requests)
    found.assert_outcomes(passed=3, failed=1)
    found.stdout.fnmatch_lines([
        f"tea.experiment.yaml::{RUN_CASE} PASSED*",
        "tea.experiment.yaml::drink.cup.count() == 12 PASSED*",
        "tea.experiment.yaml::drink.cup.count() > 12 FAILED*",
        f"*tea.experiment.yaml:{project.line_of('count() > 12', 'tea.experiment.yaml')}: drink.cup.count() > 12",
        "does not hold: drink.cup.count() is 12",
    ])  # fmt: skip
    assert "pytest_plugin.py" not in found.stdout.str()
    assert "Traceback" not in found.stdout.str()
    assert asked == CALLS, "the experiment is run once for all its items"


def test_inconclusive_is_skipped_or_fails_as_asked_and_offline_asks_nothing(pytester: pytest.Pytester) -> None:
    with half_tea() as fake:
        project = Project(pytester.path, fake.url, EXPERIMENT)
        cast = EXPECTED.replace("THRESHOLD", "0.45").replace('  - "drink.cup.count() > 12"\n', "")
        project.write("tea.experiment.yaml", cast)
        first = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL, "--troupe-inconclusive", "pass")
        asked = len(fake.requests)
        second = pytester.runpytest_subprocess(
            *PLUGIN, "--troupe-model", MODEL, "--troupe-inconclusive", "fail", "--troupe-offline"
        )
        assert len(fake.requests) == asked
    assert project.results["expectations"][1]["outcome"] == "inconclusive"
    first.assert_outcomes(passed=2, skipped=1)
    second.assert_outcomes(passed=2, failed=1)


def test_a_test_runs_an_experiment_and_looks_at_its_results(pytester: pytest.Pytester) -> None:
    with FakeProvider() as fake:
        project = Project(pytester.path, fake.url, EXPERIMENT)
        project.write("broken.yaml", f'{EXPERIMENT}expect: ["drink.cup.count() > 1000"]\n')
        pytester.makepyfile(TEST)
        found = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL)
    found.assert_outcomes(passed=1, failed=1)
    found.stdout.fnmatch_lines(["drink.cup.count() > 1000: does not hold: drink.cup.count() is *"])


def test_a_dear_experiment_needs_a_limit_and_ends_at_it(pytester: pytest.Pytester) -> None:
    dear = f"{EXPERIMENT}prices: {{{MODEL}: {{input: 9000, output: 9000}}}}\n"
    with FakeProvider() as fake:
        project = Project(pytester.path, fake.url, EXPERIMENT)
        project.write("tea.experiment.yaml", dear)
        refused = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL)
        assert not fake.requests
        limited = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL, "--troupe-max-cost", "0.000001")
        paid = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL, "--troupe-max-cost", "5000")
    refused.assert_outcomes(failed=1)
    refused.stdout.fnmatch_lines(["This run could cost $*", "set a limit: --troupe-max-cost USD*"])
    limited.assert_outcomes(failed=1)
    limited.stdout.fnmatch_lines(["*a limit was reached: *"])
    paid.assert_outcomes(passed=1)


def test_code_that_an_experiment_names_is_run_only_if_the_user_allows_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(pytester.path / "own"))
    with FakeProvider() as fake:
        project = Project(pytester.path, fake.url, EXPERIMENT)
        project.write("tea.experiment.yaml", f"{EXPERIMENT}tools: ['shady_shop:look_up']\n")
        project.write("shady_shop.py", SHADY)
        refused = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL)
        assert not (pytester.path / "was-imported").exists()
        assert not fake.requests
        project.write("own/troupe/config.ini", f"[trust]\nallow_code = {pytester.path}\n")
        allowed = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL)
    refused.assert_outcomes(failed=1)
    refused.stdout.fnmatch_lines(["*runs code with your permissions: *shady_shop*"])
    allowed.assert_outcomes(passed=1)
    assert (pytester.path / "was-imported").exists()


def test_an_error_in_an_experiment_names_its_line(pytester: pytest.Pytester) -> None:
    project = Project(pytester.path, "http://127.0.0.1:9/v1")
    project.write("tea.experiment.yaml", EXPERIMENT + "nope: 1\n")
    found = pytester.runpytest_subprocess(*PLUGIN, "--troupe-model", MODEL)
    line = project.line_of("nope", "tea.experiment.yaml")
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines([f"*tea.experiment.yaml:{line}:1  E*nope*"])


def test_without_experiments_nothing_of_troupe_is_imported(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(
        "import sys\n\n\ndef test_x():\n"
        "    heavy = {'pydantic', 'jinja2', 'litellm', 'numpy', 'yaml', 'rich', 'typer'} & sys.modules.keys()\n"
        "    assert not heavy\n"
        f"    ours = {{name for name in sys.modules if name.startswith('tinytroupe_cli')}}\n"
        f"    assert ours == {{'tinytroupe_cli', '{NAME}'}}\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *PLUGIN]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
