"""`troupe` without a command: says what to do next in this folder, in at most six lines."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.terminal import out, printable
from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.core.number_format import count

if TYPE_CHECKING:
    from tinytroupe_cli.api.folder_state import FolderState, MissingModel, NewestRun

MAX_LINES = 6
_ANY_MODEL = "openai/gpt-5-mini"
_OWN_KEY = "export OPENAI_API_KEY=…"

Row = tuple[str, str]
"""A command, and what it does."""


def print_next_steps() -> None:
    """Print the state of the current folder, the commands that come next, and where the others are."""
    from tinytroupe_cli.api.folder_state import folder_state

    state = folder_state(Path.cwd(), os.environ, today=WallClock().date().date())
    rows = list(_rows(state))[: MAX_LINES - 2]
    width = max(len(command) for command, _ in rows)
    lines = [_headline(state), *(f"  {command:<{width}}   {what}" for command, what in rows)]
    for line in [*lines, "All commands: troupe --help"]:
        out().print(printable(line), markup=False)


def _headline(state: FolderState) -> str:
    if state.newest:
        return f"The newest run, {state.newest.name}, is {state.newest.state}."
    if not state.experiments:
        return "There is no experiment in this folder. Start a project:"
    if state.has_errors:
        return f"{state.first} has errors."
    missing = f" {state.missing.problem}." if state.missing else ""
    return f"{count(len(state.experiments), 'experiment')}, no runs yet.{missing}"


def _rows(state: FolderState) -> Iterator[Row]:
    if state.newest:
        yield from _after_a_run(state.newest, state)
    elif not state.experiments:
        from tinytroupe_cli.api.template_files import TEMPLATES

        yield f"troupe init NAME --template {TEMPLATES[0]}", f"or {', '.join(TEMPLATES[1:])}"
        yield "troupe init NAME", "with the quickstart: three short interviews about a meal kit"
    elif state.has_errors:
        yield f"troupe check {shlex.quote(state.first)}", "show every error, with its line"
    else:
        yield from _before_a_run(shlex.quote(state.first), state.missing)


def _after_a_run(run: NewestRun, state: FolderState) -> Iterator[Row]:
    folder = shlex.quote(run.folder)
    if run.state == "unfinished" and run.experiment:
        yield f"troupe run {shlex.quote(run.experiment)}", "resume it; no finished call is repeated"
    yield f"troupe report {folder}", "its answers"
    yield f"troupe show {folder}", "who said what"
    if state.has_errors:
        yield f"troupe check {shlex.quote(state.first)}", "it has errors"
    elif state.experiments:
        yield "troupe runs", "all runs"


def _before_a_run(file: str, missing: MissingModel | None) -> Iterator[Row]:
    if missing is None:
        yield f"troupe plan {file}", "show the people, calls and cost"
        yield f"troupe run {file}", "run it"
        return
    if missing.offers:
        yield from ((f"troupe run {file} {offer}", "an API key is set") for offer in missing.offers[:2])
    if missing.download:
        yield f"troupe model pull {missing.download}", f"download it ({missing.size})"
    else:
        yield missing.hint, "then run it"
    if missing.is_default and not missing.offers:
        yield f"{_OWN_KEY}; troupe run {file} --model {_ANY_MODEL}", "or use a provider's model"
