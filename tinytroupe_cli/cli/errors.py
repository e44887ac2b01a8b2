"""Turns exceptions into messages on stderr and exit codes; the only place that does."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from tinytroupe_cli.cli.diagnostics import as_json, draw_diagnostics
from tinytroupe_cli.cli.terminal import err, print_json, print_json_line, printable
from tinytroupe_cli.core.errors import (
    EnvironmentProblem,
    LimitReached,
    ModelError,
    NothingToDo,
    SpecError,
    TroupeError,
)
from tinytroupe_cli.core.files import is_disk_error
from tinytroupe_cli.core.secrets import Secrets

PASSED, EXPECTATION_FAILED, USAGE, BUG, PROVIDER, LIMIT, NOTHING_TO_DO, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
_MORE_ROOM = "free some space or grant access, or choose another folder with --results"


def with_exit_codes(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a command so that whatever it raises becomes a message and an exit code."""

    @functools.wraps(function)
    def command(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except typer.Abort:
            raise
        except typer.Exit as stop:
            code = stop.exit_code
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone
            code = PASSED
        except KeyboardInterrupt:
            code = INTERRUPTED
        except TroupeError as error:
            print_error(error)
            code = exit_code(error)
            _print_error(error, configured_code(code))
        except Exception as error:  # noqa: BLE001 - the edge: whatever is left is a bug of ours
            code = _tell_unexpected(error)
            _print_error(error, configured_code(code))
        raise typer.Exit(configured_code(code))

    return command


def configured_code(code: int) -> int:
    """Return the exit code that `[ci]` in config.ini sets for an outcome."""
    if code == PASSED:
        return code
    from tinytroupe_cli.api.settings import configured_exit_code

    return configured_exit_code(code, Path.cwd())


def exit_code(error: TroupeError) -> int:
    """Return the exit code of an expected failure."""
    match error:
        case NothingToDo():
            return NOTHING_TO_DO
        case LimitReached():
            return LIMIT
        case ModelError() | EnvironmentProblem():
            return PROVIDER
        case _:
            return USAGE


def _print_error(error: Exception, code: int) -> None:
    """Print the error as JSON for a program that asked for it, as well as in words on stderr."""
    asked = {"--json", "--json-lines"}.intersection(sys.argv[1:])
    if not asked:
        return
    hide = Secrets(os.environ).hide
    found: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": hide(error.message if isinstance(error, TroupeError) else str(error)),
        "hint": hide(error.hint) if isinstance(error, TroupeError) else "",
    }
    if isinstance(error, SpecError):
        found["diagnostics"] = [as_json(finding) for finding in error.diagnostics]
    printed = print_json_line if "--json-lines" in asked else print_json
    printed({"error": found, "exit_code": code})


def print_error(error: TroupeError) -> None:
    """Print to stderr what went wrong and what to do next."""
    if isinstance(error, SpecError):
        draw_diagnostics(err(), error.diagnostics)
        errors = sum(finding.is_error for finding in error.diagnostics)
        codes = sorted({finding.code for finding in error.diagnostics})
        words = "1 error" if errors == 1 else f"{errors} errors"
        err().print(f"\n{words}; for an explanation: troupe explain {codes[0]}", markup=False)
        return
    hide = Secrets(os.environ).hide
    err().print(Text.assemble(("error: ", "bold red"), printable(hide(error.message))))
    if error.hint:
        err().print(Text.assemble(("hint: ", "bold"), printable(hide(error.hint))))


def _tell_unexpected(error: Exception) -> int:
    """Return what the machine would not do, or that it is a bug of ours; return the exit code."""
    if isinstance(error, OSError) and is_disk_error(error):
        print_error(EnvironmentProblem(f"{error.strerror}: {error.filename or 'while writing'}", hint=_MORE_ROOM))
        return PROVIDER
    hide = Secrets(os.environ).hide
    first = Text.assemble(("bug: ", "bold red"), printable(hide(f"{type(error).__name__}: {error}")))
    err().print(first)
    text = hide("".join(traceback.format_exception(error)))
    try:
        written = f"are in {_bug_report(text)}"
    except OSError:
        written = f"could not be written to a file:\n{printable(text)}"
    err().print(f"This is a bug in troupe; please report it. The details {written}", markup=False)
    return BUG


def _bug_report(text: str) -> str:
    """Write a bug report; return its path."""
    command = Secrets(os.environ).hide(" ".join(["troupe", *sys.argv[1:]]))
    with tempfile.NamedTemporaryFile(
        "w", prefix="troupe-bug-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
    ) as report:
        report.write(f"command: {command}\npython: {sys.version}\n\n{text}")
    return report.name
