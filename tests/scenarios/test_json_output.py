"""`--json` on every command: one JSON object on stdout with the documented keys, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
import typer
from projects import EXPERIMENT, MODEL, Project
from provider import Body, FakeProvider, schema_of

from tinytroupe_cli.cli.app import COMMANDS, build

PAGE = Path(__file__).parents[2] / "docs" / "running.md"
WITHOUT = {"chat", "view"}
"""A conversation and a server: they have no answer to print at their end."""
FACTORS = EXPERIMENT.replace("personas:", "factors: {mood: [calm, loud]}\npersonas:").replace(
    "drink?", "drink when {{ mood }}?"
)
COPIES = FACTORS.replace("[lisa, oscar]", "[{use: oscar, copies: 8}]").replace("steps: 3", "steps: 1")
SURVEY = COPIES.replace("world: {type: room, place: A kitchen, steps: 1}", "world: {type: interviews}")
CALLS: dict[str, tuple[str, ...]] = {
    "init": ("init", "new"),
    "doctor": ("doctor",),
    "check": ("check", "x.yaml"),
    "plan": ("plan", "x.yaml"),
    "power": ("power", "s.yaml", "--measure", "drink.cup", "--effect", "30points", "--people", "20"),
    "lock": ("lock", "s.yaml", "--model", MODEL),
    "calibrate": ("calibrate", "s.yaml", "--model", MODEL, "--draws", "20"),
    "run": ("run", "x.yaml", "--model", MODEL),
    "merge": ("merge", "results/tea", "-o", "merged"),
    "repair": ("repair", "results/tea/latest"),
    "report": ("report",),
    "export": ("export",),
    "show": ("show",),
    "ask": ("ask", "results/tea", "lisa", "And now?"),
    "branch": ("branch", "results/tea", "--at", "2", "--say", "Hello"),
    "compare": ("compare", "x.yaml", "s.yaml"),
    "baseline set": ("baseline", "set", "x.yaml"),
    "runs": ("runs",),
    "persona new": ("persona", "new", "--blank"),
    "persona list": ("persona", "list"),
    "persona show": ("persona", "show", "lisa"),
    "persona check": ("persona", "check", "lisa"),
    "persona sample": ("persona", "sample", "canada", "--size", "2", "--dry-run"),
    "persona plan": ("persona", "plan", "town.json", "--model", MODEL),
    "persona validate": ("persona", "validate", "lisa", "--expect", "She is kind.", "--model", MODEL),
    "population profile": ("population", "profile", "results/tea", "--words"),
    "fragment list": ("fragment", "list"),
    "fragment show": ("fragment", "show", "picky_customer"),
    "enrich": ("enrich", "text.txt", "--model", MODEL),
    "restyle": ("restyle", "text.txt", "--style", "short", "--model", MODEL),
    "model list": ("model", "list", "--folder", "models"),
    "model pull": ("model", "pull", "smollm2-135m", "--from", "text.txt", "--folder", "models"),
    "model test": ("model", "test", "smollm2-135m", "--folder", "models"),
    "model remove": ("model", "remove", "smollm2-135m", "--folder", "models"),
    "model use": ("model", "use", MODEL),
    "explain": ("explain", "E104"),
    "schema": ("schema",),
}
ERRORS = {"persona plan", "model pull", "model test"}
"""Calls that may fail here; what they print then is an object too."""


def commands() -> dict[str, Any]:
    """Return every command of troupe by its words."""
    root = cast("Any", typer.main.get_command(build(list(COMMANDS))))
    found: dict[str, Any] = {}
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {part}": one for part, one in inner.items()} if inner else {name: command}
    return found


def documented() -> dict[str, set[str]]:
    """Return command -> the keys that docs/running.md lists for it."""
    table = re.findall(r"^\| `troupe ([^`]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {command: set(re.findall(r"`(\w+)`", keys)) for command, keys in table}


def answers(body: Body) -> str:
    schema = schema_of(body)
    if schema is None:
        return "A text."
    found: dict[str, Any] = {}
    for key, one in schema["properties"].items():
        kind = one.get("type")
        options = one.get("enum")
        found[key] = options[0] if options else [] if kind == "array" else 3 if kind in ("integer", "number") else "So."
    return json.dumps(found)


def test_every_command_has_json_and_its_keys_are_documented() -> None:
    known = commands()
    without = {name for name, command in known.items() if not any("--json" in p.opts for p in command.params)}
    assert without == WITHOUT
    assert set(known) - WITHOUT == set(CALLS) == set(documented())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with FakeProvider(answer=answers) as fake:
        made = Project(tmp_path_factory.mktemp("json"), fake.url)
        made.write("s.yaml", SURVEY.replace("name: tea", "name: survey"))
        made.write("text.txt", "A text about tea.")
        made.write("town.json", json.dumps({"population": {"size": 10, "gender": {"female": 50, "male": 50}}}))
        assert made.run().code == 0
        assert made.troupe("run", "s.yaml", "--model", MODEL).code in (0, 1)
        made.fake = fake  # type: ignore[attr-defined]
        yield made  # type: ignore[misc]


@pytest.mark.parametrize("command", list(CALLS))
def test_stdout_is_one_object_with_the_documented_keys(
    project: Project, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if command == "model use":
        monkeypatch.setenv("OPENAI_API_KEY", "sk-a-key-of-this-test")
    config = (project.folder / "config.ini").read_text()
    ended = project.troupe(*CALLS[command], "--json")
    project.write("config.ini", config)  # `model use` changes it
    found = json.loads(ended.out)
    assert isinstance(found, dict)
    if "error" in found:
        assert command in ERRORS, ended.err
        assert found["exit_code"] == ended.code
        assert found["error"]["message"]
        return
    keys = documented()[command]
    assert keys <= set(found), sorted(set(found) - keys)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "x.yaml", "s.yaml", "--model", MODEL),
        ("run", "x.yaml", "--model", MODEL, "--dry-run"),
        ("run", "x.yaml", "s.yaml", "--model", MODEL, "--dry-run"),
        ("calibrate", "s.yaml", "--model", MODEL, "--dry-run"),
        ("schema", "--write", "schema.json"),
        ("report", "results", "--format", "md"),
        ("report", "results", "--format", "csv"),
        ("check", "missing.yaml"),
        ("runs", "nowhere"),
    ],
)
def test_other_forms_print_one_object_too(project: Project, words: tuple[str, ...]) -> None:
    ended = project.troupe(*words, "--json")
    assert isinstance(json.loads(ended.out), dict), ended.err


def test_a_run_is_one_object_and_json_lines_are_its_events(project: Project) -> None:
    one = json.loads(project.run("--json", "--no-cache").out)
    assert (one["status"], one["exit_code"], one["name"]) == ("finished", 0, "tea")
    assert (project.folder / one["report"]).exists()
    lines = [json.loads(line) for line in project.run("--json-lines", "--no-cache").out.splitlines()]
    assert lines[0]["record"] == "run_started"
    assert lines[-1] | {"folder": "", "report": "", "calls": 0, "usd": 0} == one | {
        "folder": "",
        "report": "",
        "calls": 0,
        "usd": 0,
    }
    several = project.troupe("run", "x.yaml", "s.yaml", "--model", MODEL, "--json-lines")
    assert several.code == 2
    assert "--json-lines works with only one experiment" in several.err


def test_quiet_never_hides_why_a_command_failed(project: Project) -> None:
    for words in (("run", "missing.yaml"), ("run", "x.yaml", "--model", "openai/x", "--retry", "x")):
        assert project.troupe(*words, "-q").err.strip()
    branch = project.troupe("branch", "results/tea", "--at", "99", "--say", "x", "-q")
    assert branch.code == 2
    assert branch.err.strip()
