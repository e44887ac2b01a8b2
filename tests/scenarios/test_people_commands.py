"""troupe persona and troupe fragment, as a user meets them."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import Result
from provider import FILTERED_SILENTLY, FakeProvider
from snapshots import assert_snapshot
from typer.testing import CliRunner

from tinytroupe_cli.api.authors import resolve_author
from tinytroupe_cli.cli import fragment, persona
from tinytroupe_cli.core.errors import BadOutput, EnvironmentProblem, NothingToDo, RunError, SpecError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.minds.author import ASKED
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.search_path import starters_folder

NASTY = "name: '[red]Ann[/red] \U0001f600:smile:'\nstyle: \"[bold]loud[/bold] \\e[31m \\u202e\"\n"
COMMAND = [sys.executable, "-c", "from tinytroupe_cli.cli.persona import app; app()"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project of a user with an empty home."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "config.ini").write_text("")
    monkeypatch.chdir(folder)
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    return folder


def troupe_persona(*arguments: str) -> Result:
    return CliRunner().invoke(persona.app, arguments)


def troupe_fragment(*arguments: str) -> Result:
    return CliRunner().invoke(fragment.app, arguments)


def at_a_terminal(*arguments: str, columns: int = 80, keys: str = "") -> str:
    """Run `troupe persona …` at a terminal of its own and return all that it shows."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    outside = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    environment = {**outside, "TERM": "xterm", "NO_COLOR": "1"}
    process = subprocess.Popen([*COMMAND, *arguments], stdin=inner, stdout=inner, stderr=inner, env=environment)
    os.close(inner)
    os.write(outer, keys.encode())
    shown = b""
    while True:
        try:
            piece = os.read(outer, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(outer)
    process.wait()
    return shown.decode().replace("\r\n", "\n")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_everyone_within_reach_is_listed_one_on_a_line(project: Path):
    write(project / "personas" / "lisa.yaml", "name: Another Lisa\noccupation: {title: Baker}\n")
    result = troupe_persona("list")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].split() == ["NAME", "PERSON", "AGE", "WORK", "FILE"]
    (lisa,) = (line for line in lines if line.startswith("lisa "))
    assert lisa.split("  ")[1:] != []
    assert "Another Lisa" in lisa
    assert lisa.endswith("personas/lisa.yaml")
    assert any(line.startswith("oscar ") for line in lines)


def test_the_list_is_data_too(project: Path):
    write(project / "personas" / "ann.yaml", "# Ann bakes.\nname: Ann\nage: 30\noccupation: {title: Baker}\n")
    listed = {entry["name"]: entry for entry in json.loads(troupe_persona("list", "--json").stdout)["people"]}
    assert listed["ann"] == {
        "name": "ann",
        "person": "Ann",
        "age": 30,
        "work": "Baker",
        "file": "personas/ann.yaml",
        "summary": "Ann bakes.",
    }


def test_a_broken_file_does_not_hide_the_others(project: Path):
    write(project / "personas" / "bad.yaml", "name: [\n")
    result = troupe_persona("list")
    assert result.exit_code == 0
    assert "(can't be read)" in result.stdout
    assert "troupe persona check personas/bad.yaml" in result.stderr
    assert "Oscar Brandt" in result.stdout


def test_a_card_is_readable_without_colour_on_narrow_and_wide_terminals(project: Path):
    file = starters_folder() / "personas" / "walter.yaml"
    write(project / "personas" / "walter.yaml", file.read_text())
    narrow = at_a_terminal("show", "walter", columns=44)
    wide = at_a_terminal("show", "walter", columns=200)
    assert all(len(line) <= 44 for line in without_styles(narrow).splitlines())
    assert_snapshot(without_styles(narrow) + "\n" + without_styles(wide), "personas/card.txt")
    assert "\x1b[3" not in narrow


def without_styles(text: str) -> str:
    for style in ("\x1b[0m", "\x1b[1m", "\x1b[2m"):
        text = text.replace(style, "")
    return text


def test_a_card_in_a_pipe_is_plain_lines(project: Path):
    write(project / "personas" / "ann.yaml", "name: Ann\nage: 30\nstyle: brief\n")
    result = troupe_persona("show", "ann")
    assert result.stdout == "Ann\nAge: 30\nStyle: brief\n"
    assert result.stderr == "personas/ann.yaml\n"


def test_a_card_is_data_too(project: Path):
    write(project / "personas" / "ann.yaml", "name: Ann é\nage: 30\n")
    assert json.loads(troupe_persona("show", "ann", "--json").stdout) == {
        "name": "ann",
        "file": "personas/ann.yaml",
        "persona": {"name": "Ann é", "age": 30},
    }


@pytest.mark.parametrize("columns", [44, 120])
@pytest.mark.parametrize("command", [("show", "ann"), ("list",)])
def test_text_from_a_file_is_no_markup_and_no_terminal_command(project: Path, command: tuple[str, ...], columns: int):
    write(project / "personas" / "ann.yaml", NASTY)
    shown = at_a_terminal(*command, columns=columns)
    assert "[red]Ann[/red]" in shown
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown


def test_somebody_unknown_is_told_who_there_is(project: Path):  # noqa: ARG001 - where it is run
    result = troupe_persona("show", "lissa")
    assert isinstance(result.exception, NothingToDo)
    assert "did you mean 'lisa'?" in result.exception.hint


def test_fragments_are_listed_and_shown(project: Path):
    write(project / "fragments" / "shy.yaml", "# Says little.\nbehaviors: {conversations: [Waits.]}\n")
    assert "shy                 Says little." in troupe_fragment("list").stdout
    assert troupe_fragment("show", "shy").stdout == "Says little.\nBehaviors:\n  Conversations: Waits.\n"
    assert json.loads(troupe_fragment("show", "shy", "--json").stdout)["fragment"] == {
        "behaviors": {"conversations": ["Waits."]}
    }
    names = [entry["name"] for entry in json.loads(troupe_fragment("list", "--json").stdout)["fragments"]]
    assert names == sorted(names)
    assert "picky_customer" in names


def test_files_folders_and_names_are_checked_together(project: Path):
    write(project / "personas" / "ann.yaml", "name: Ann\n")
    write(project / "fragments" / "shy.yaml", "beliefs: [x]\n")
    result = troupe_persona("check", "personas", "shy", "lisa", "personas/ann.yaml")
    assert (result.exit_code, result.stdout) == (0, "3 files without errors\n")


def test_a_warning_is_shown_and_the_file_is_still_in_order(project: Path):
    write(project / "ann.yaml", "name: Ann\noccuption: Baker\n")
    result = troupe_persona("check", "ann.yaml")
    assert (result.exit_code, result.stdout) == (0, "1 file without errors\n")
    assert "did you mean 'occupation'?" in result.stderr


def test_every_error_of_every_file_is_reported(project: Path):
    write(project / "personas" / "ann.yaml", "age: 3\n")
    write(project / "personas" / "bo.yaml", "name: 5\n")
    result = troupe_persona("check", "personas")
    assert isinstance(result.exception, SpecError)
    assert [found.span.source for found in result.exception.diagnostics] == ["personas/ann.yaml", "personas/bo.yaml"]
    as_data = troupe_persona("check", "personas", "--json")
    assert as_data.exit_code == 2
    assert [found["code"] for found in json.loads(as_data.stdout)["findings"]] == ["E204", "E204"]


def test_a_blank_person_can_be_edited_and_checked(project: Path):
    result = troupe_persona("new", "--blank", "--name", "Ann Lee")
    assert result.stdout == "personas/ann.yaml\n"
    assert "troupe persona show personas/ann.yaml" in result.stderr
    assert troupe_persona("check", "personas/ann.yaml").exit_code == 0
    assert Library(project, ()).load_persona(project / "personas" / "ann.yaml").name == "Ann Lee"


def test_nobody_is_overwritten_unless_forced(project: Path):
    path = write(project / "personas" / "ann.yaml", "name: Ann the First\n")
    refused = troupe_persona("new", "--blank", "--name", "Ann")
    assert isinstance(refused.exception, RunError)
    assert "--force" in refused.exception.hint
    assert path.read_text() == "name: Ann the First\n"
    assert troupe_persona("new", "--blank", "--name", "Ann", "--force").exit_code == 0
    assert "the First" not in path.read_text()


@pytest.mark.parametrize(
    ("out", "expected"),
    [("who.yaml", "who.yaml"), ("people/", "people/ann.yaml"), ("deep/er/who.yml", "deep/er/who.yml")],
)
def test_a_person_can_be_put_elsewhere(project: Path, out: str, expected: str):
    assert troupe_persona("new", "--blank", "--name", "Ann", "--out", out).stdout == f"{expected}\n"
    assert (project / expected).is_file()


def test_from_below_a_project_people_go_to_its_folder(project: Path, monkeypatch: pytest.MonkeyPatch):
    (project / "study").mkdir()
    monkeypatch.chdir(project / "study")
    troupe_persona("new", "--blank", "--name", "Ann")
    assert (project / "personas" / "ann.yaml").is_file()


def test_without_a_terminal_and_a_sentence_it_says_what_is_missing(project: Path):  # noqa: ARG001
    result = troupe_persona("new")
    assert isinstance(result.exception, RunError)
    assert "no terminal" in result.exception.message
    assert isinstance(troupe_persona("new", "a baker", "--blank").exception, RunError)


def test_at_a_terminal_it_asks_and_enter_leaves_a_detail_out(project: Path):
    shown = at_a_terminal("new", keys="Ann Lee\nold\n40\n\n\nkind, late\n")
    person = Library(project, ()).load_persona(project / "personas" / "ann.yaml")
    assert "a whole number of years" in shown
    assert person.fields == {"name": "Ann Lee", "age": 40, "personality": {"traits": ["kind", "late"]}}


def test_pressing_enter_never_fills_in_another_persons_details(project: Path):
    at_a_terminal("new", keys="\n\nAnn\n" + "\n" * 4)
    [path] = (project / "personas").iterdir()
    assert Library(project, ()).load_persona(path).fields == {"name": "Ann"}
    assert path.read_text() == (
        "# Ann, as described by hand.\n# Edit freely: only `name` is required, and any other field may be added.\n"
        "name: Ann\n"
    )


def a_person(**changes: object) -> str:
    fields = {key: f"Some {key}." for key in ASKED} | {"name": "Inês Prata", "age": 71, "traits": "wry; tidy"}
    return json.dumps({**fields, **changes})


def test_a_sentence_becomes_a_person_through_the_real_stack(project: Path):
    with FakeProvider(answer=lambda _: a_person()) as fake:
        (project / "config.ini").write_text(f"[model]\nauthor = openai/fake\napi_base = {fake.url}\n")
        result = troupe_persona("new", "retired nurse in Porto who distrusts banks")
        again = troupe_persona("new", "retired nurse in Porto who distrusts banks")
    assert result.exception is None
    assert (result.stdout, again.stdout) == ("personas/ines.yaml\n", "personas/ines-prata.yaml\n")
    text = (project / "personas" / "ines.yaml").read_text()
    assert text.startswith("# Inês Prata: retired nurse in Porto who distrusts banks\n")
    assert read_yaml(text, "x").value["personality"]["traits"] == ["wry", "tidy"]
    assert len(fake.requests) == 2


def test_a_chosen_name_that_is_taken_costs_nothing(project: Path):
    write(project / "personas" / "ines.yaml", "name: Inês\n")
    with FakeProvider(answer=lambda _: a_person()) as fake:
        (project / "config.ini").write_text(f"[model]\nauthor = openai/fake\napi_base = {fake.url}\n")
        result = troupe_persona("new", "a nurse", "--name", "ines")
    assert isinstance(result.exception, RunError)
    assert fake.requests == []


def test_a_model_that_declines_writes_nothing(project: Path):
    with FakeProvider(faults=[FILTERED_SILENTLY]) as fake:
        (project / "config.ini").write_text(f"[model]\nauthor = openai/fake\napi_base = {fake.url}\n")
        result = troupe_persona("new", "somebody awful")
    assert isinstance(result.exception, BadOutput)
    assert "declined" in result.exception.message
    assert not (project / "personas").exists()


def test_without_a_provider_it_offers_the_model_on_this_machine(project: Path):
    with pytest.raises(EnvironmentProblem) as raised:
        resolve_author("", project, {})
    assert "must be downloaded once" in raised.value.message
    assert "troupe model pull" in raised.value.hint


def test_without_a_key_it_says_which_one(project: Path):
    with pytest.raises(EnvironmentProblem, match="OPENAI_API_KEY"):
        resolve_author("openai/gpt-5-mini", project, {})


LISTING = """
import sys
from tinytroupe_cli.cli.persona import app
try:
    app(["list"])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_listing_people_starts_fast_and_loads_no_model(project: Path):
    began = os.times()
    done = subprocess.run([sys.executable, "-c", LISTING], cwd=project, capture_output=True, text=True, check=True)
    ended = os.times()
    seconds = ended.children_user + ended.children_system - began.children_user - began.children_system
    assert "Oscar Brandt" in done.stdout
    assert not {"litellm", "jinja2", "jsonschema", "xllamacpp"} & set(done.stderr.split())
    assert seconds < 3  # of processor time: the tests share their machine
