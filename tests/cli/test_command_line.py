from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from projects import Project

from tinytroupe_cli.cli.app import COMMANDS, build
from tinytroupe_cli.cli.errors import with_exit_codes
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import (
    BadOutput,
    EnvironmentProblem,
    Fatal,
    LimitReached,
    NothingToDo,
    RunError,
    SpecError,
    Transient,
    TroupeError,
)

HEAVY = ("litellm", "openai", "xllamacpp", "scipy", "altair", "networkx", "pandas", "numpy", "filelock")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SpecError([Diagnostic("E101", "not YAML", Span("x.yaml"))]), 2),
        (RunError("x"), 2),
        (TroupeError("x"), 2),
        (Fatal("x"), 4),
        (Transient("x"), 4),
        (BadOutput("x"), 4),
        (EnvironmentProblem("x"), 4),
        (LimitReached("x"), 5),
        (NothingToDo("x"), 6),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("x"), 3),
    ],
)
def test_every_kind_of_failure_has_its_exit_code(
    error: BaseException, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def fail() -> None:
        raise error

    with pytest.raises(typer.Exit) as stop:
        with_exit_codes(fail)()
    assert stop.value.exit_code == code


def test_a_bug_leaves_a_report_that_can_be_pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail() -> None:
        raise ZeroDivisionError("by nought")

    with pytest.raises(typer.Exit):
        with_exit_codes(fail)()
    [report] = tmp_path.glob("troupe-bug-*.txt")
    assert "by nought" in report.read_text()


def test_a_bug_report_has_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-4711")
    monkeypatch.setattr(sys, "argv", ["troupe", "run", "x.yaml", "--set", "vars.key=sk-planted-4711"])

    def fail() -> None:
        raise ZeroDivisionError("at sk-planted-4711")

    with pytest.raises(typer.Exit):
        with_exit_codes(fail)()
    [report] = tmp_path.glob("troupe-bug-*.txt")
    text = report.read_text()
    assert "command: troupe run x.yaml --set vars.key=[secret]" in text
    assert "ZeroDivisionError: at [secret]" in text
    assert "sk-planted" not in text + capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "x.yaml"], ["plan", "x.yaml"], ["run", "x.yaml", "--dry-run"], ["persona", "list"]]
)
def test_nothing_heavy_is_imported_before_a_run(tmp_path: Path, words: list[str]) -> None:
    Project(tmp_path)
    code = (
        "import sys\nfrom tinytroupe_cli.cli.app import main\n"
        f"try: main({words!r})\nexcept SystemExit as stop: assert not stop.code, stop.code\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\nassert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_command_is_where_the_table_says(tmp_path: Path) -> None:
    build(list(COMMANDS))
    shown = Project(tmp_path).troupe("--help").out
    assert all(name in shown for name in COMMANDS)


def test_a_misspelt_command_is_a_usage_error_with_a_suggestion(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("pln", "x.yaml")
    assert ended.code == 2
    assert "plan" in ended.err


def test_a_new_project_checks_and_overwrites_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.troupe("init", "demo").code == 0
    mine = tmp_path / "demo" / "personas" / "lisa.yaml"
    mine.write_text("name: Mine\n")
    again = project.troupe("init", "demo")
    assert again.code == 0
    assert mine.read_text() == "name: Mine\n"
    assert project.troupe("check", "demo").code == 0


def test_doctor_names_keys_but_never_shows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-recognise-me")
    ended = Project(tmp_path, "http://127.0.0.1:1/v1").troupe("doctor")
    assert ended.code == 0
    assert "OPENAI_API_KEY" in ended.out
    assert "recognise" not in ended.out
    assert "./config.ini:2" in ended.out
    assert "No telemetry" in ended.out


def test_colour_is_left_out_where_it_is_not_wanted(tmp_path: Path) -> None:
    Project(tmp_path, experiment="troupe: 1\nnaem: x\n")
    done = subprocess.run(
        [sys.executable, "-m", "tinytroupe_cli", "check", "x.yaml"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "x.yaml", "--inconclusive", "maybe"), "'--inconclusive': expected 'pass' or 'fail', got 'maybe'"),
        (("run", "x.yaml", "--seed", "abc"), "'--seed': expected a whole number, got 'abc'"),
        (("run", "x.yaml", "--max-cost", "much"), "'--max-cost': expected a number, got 'much'"),
        (("chek",), "No such command 'chek'. Did you mean 'check' or 'schema'?"),
    ],
)
def test_a_wrong_word_on_the_command_line_is_answered_in_plain_words(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ended = Project(tmp_path).troupe(*words)
    assert ended.code == 2
    assert said in " ".join(ended.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("word", "how"), [("resume", "--resume RUN"), ("continue", "--resume RUN"), ("retry", "--retry")]
)
def test_what_troupe_run_does_is_no_command_but_is_answered_with_it(tmp_path: Path, word: str, how: str) -> None:
    ended = Project(tmp_path).troupe(word, "results/tea")
    assert ended.code == 2
    said = " ".join(ended.err.replace("│", " ").split())
    assert f"No such command '{word}'. Use `troupe run`:" in said
    assert how in said


def test_a_file_in_the_place_of_a_command_is_answered_with_the_command_that_runs_it(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("ads/tea.yaml")
    assert ended.code == 2
    assert "To run this experiment: troupe run ads/tea.yaml" in " ".join(ended.err.replace("│", " ").split())
