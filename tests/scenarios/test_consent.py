"""An experiment is data: its code runs only if it was allowed, and reading it runs nothing."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from bots import talking
from projects import MODEL, Project
from provider import Body, FakeProvider
from terminals import answered

PEOPLE = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\nstimuli: [{say: Hello}]\n"
SHADY = """\
import pathlib
pathlib.Path('was-imported').write_text('x')

def look_up(word: str) -> str:
    'Look a word up.'
    return word

def reply(message):
    return message
"""
KINDS = {
    "tool": 'tools: ["shady:look_up"]\n',
    "own tool": 'personas: [{use: lisa, tools: ["shady:look_up"]}]\n',
    "function": 'systems: [{name: bot, python: "shady:reply"}]\n',
    "command": 'systems: [{name: bot, command: [python, "-c", "import shady"]}]\n',
    "start": 'systems: [{name: bot, http: {url: "http://127.0.0.1:{{ port }}/"}, start: [python, shady.py]}]\n',
}


def project(folder: Path, text: str, url: str = "") -> Project:
    made = Project(folder, url, text)
    made.write("shady.py", SHADY)
    return made


def shady(kind: str) -> str:
    text = KINDS[kind]
    return (PEOPLE.replace("personas: [lisa]\n", "") if "personas" in text else PEOPLE) + text


@pytest.fixture(autouse=True)
def forgotten_modules() -> None:
    sys.modules.pop("shady", None)


@pytest.mark.parametrize("kind", KINDS)
def test_reading_an_experiment_runs_nothing(tmp_path: Path, kind: str) -> None:
    here = project(tmp_path, shady(kind))
    for command in (
        ["check", "x.yaml"],
        ["plan", "x.yaml", "--model", MODEL],
        ["run", "x.yaml", "--model", MODEL, "--dry-run"],
        ["lock", "x.yaml", "--model", MODEL],
    ):
        ended = here.troupe(*command)
        assert ended.code == 0, ended.err
        assert not (tmp_path / "was-imported").exists(), command
    assert "shady" not in sys.modules


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_terminal_code_is_refused_and_the_flag_named(tmp_path: Path, kind: str) -> None:
    with FakeProvider() as fake:
        here = project(tmp_path, shady(kind), fake.url)
        ended = here.run("--yes")
    assert ended.code == 2
    assert "--allow-code" in ended.err
    assert "shady" in ended.err  # says what would run
    assert not (tmp_path / "was-imported").exists()
    assert not fake.requests
    assert not here.runs


def test_with_the_flag_it_runs(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = project(tmp_path, shady("tool"), fake.url)
        ended = here.run("--allow-code")
    assert ended.code == 0, ended.err
    assert (tmp_path / "was-imported").exists()


def test_the_users_own_settings_allow_code_in_a_folder_and_the_projects_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeProvider() as fake:
        here = project(tmp_path / "work" / "ad", shady("function"), fake.url)
        config = (here.folder / "config.ini").read_text()
        here.write("config.ini", config + "[trust]\nallow_code = yes\n")
        ended = here.run()
        assert ended.code == 2
        assert f"config.ini:{len(config.splitlines()) + 2}" in ended.err
        assert "E113" in ended.err
        here.write("config.ini", config)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
        (tmp_path / "own/troupe").mkdir(parents=True)
        own = tmp_path / "own/troupe/config.ini"
        own.write_text(f"[trust]\nallow_code = {tmp_path / 'elsewhere'}\n")
        assert here.run().code == 2
        own.write_text(f"[trust]\nallow_code = {tmp_path / 'elsewhere'}, {tmp_path / 'work'}\n")
        ended = here.run()
    assert ended.code == 0, ended.err


def test_on_a_terminal_it_asks_once_for_exactly_these_files(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = project(tmp_path, shady("tool"), fake.url)
        here.write("shady.py", "import inner\n" + SHADY)
        here.write("inner.py", "")
        code, shown = answered(here, "n\n")
        assert code == 2
        assert "look_up" in shown
        assert str(tmp_path / "inner.py") in shown
        assert not here.runs
        code, shown = answered(here, "y\n")
        assert code == 0, shown
        remembered = next(Path(os.environ["XDG_STATE_HOME"]).rglob("allowed_code.json"))
        assert remembered.stat().st_mode & 0o777 == 0o600
        assert here.run().code == 0  # no terminal: it was agreed to
        here.write("inner.py", "x = 1\n")
        assert here.run().code == 2
        code, shown = answered(here, "y\n", env={"CI": "true"})
    assert code == 2  # a CI job's terminal answers nothing


def test_a_branch_of_somebody_elses_run_asks_too(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = project(tmp_path, shady("function"), fake.url)
        assert here.run("--allow-code").code == 0
        branch = ["branch", str(here.runs[0]), "--at", "1", "--say", "Once more"]
        refused = here.troupe(*branch)
        assert refused.code == 2
        assert "--allow-code" in refused.err
        assert here.troupe(*branch, "--allow-code").code == 0


def to_the_bot(body: Body) -> str:
    return str(talking("bot")(body))


def test_a_program_is_given_no_key_of_a_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-4711")
    monkeypatch.setenv("SHOP_CITY", "Porto")
    monkeypatch.setenv("PYTHONSTARTUP", "planted-too")
    system = (
        'systems: [{name: bot, command: [python, "-c", "import os; print(sorted(os.environ))"], env: [SHOP_CITY]}]\n'
    )

    with FakeProvider(answer=to_the_bot) as fake:
        here = project(tmp_path, PEOPLE + system, fake.url)
        assert here.run("--allow-code").code == 0
    [log] = here.logs().values()
    [reply] = [event["text"] for line in log.splitlines() if (event := json.loads(line))["kind"] == "answered"]
    assert {"PATH", "HOME", "SHOP_CITY"} <= set(json.loads(reply.replace("'", '"')))
    assert "OPENAI_API_KEY" not in reply
    assert "PYTHONSTARTUP" not in reply


def test_a_variable_for_a_program_that_is_not_set_is_an_error_at_its_line(tmp_path: Path) -> None:
    here = project(tmp_path, PEOPLE + "systems:\n  - name: bot\n    command: [python]\n    env: [NO_SUCH_VARIABLE]\n")
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "x.yaml:9:11" in ended.err
    assert "NO_SUCH_VARIABLE" in ended.err


UNREADABLE = """\
from typing import Callable
from shop_types import Size

def order(size: Size) -> str:
    return size
"""


def test_what_a_tools_source_does_not_tell_is_said_and_read_by_the_run(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = project(tmp_path, PEOPLE + 'tools: ["shop_by_size:order"]\n', fake.url)
        here.write("shop_by_size.py", UNREADABLE)
        here.write("shop_types.py", 'from typing import Literal\nSize = Literal["small", "large"]\n')
        checked = here.troupe("check", "x.yaml")
        assert checked.code == 0
        assert "E325" in checked.err
        assert here.run("--allow-code").code == 0
    plan = json.loads((here.runs[0] / "plan.json").read_text())
    [tool] = plan["trials"][0]["people"][0]["tools"]
    assert tool["form"]["properties"] == {"size": {"type": "string", "enum": ["small", "large"]}}
