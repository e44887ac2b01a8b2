"""The one boundary: exception -> words on stderr -> exit code."""

from __future__ import annotations

import errno
import functools
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

import typer
from rich.text import Text

from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.terminal import err, harmless
from tinytroupe_cli.core.errors import (
    EnvironmentProblem,
    LimitReached,
    ModelError,
    NothingToDo,
    SpecError,
    TroupeError,
)
from tinytroupe_cli.core.secrets import Secrets

PASSED, EXPECTATION_FAILED, USAGE, BUG, PROVIDER, LIMIT, NOTHING_TO_DO, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130

_OF_THE_MACHINE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG),
}
"""A full or locked disk, a file where a folder should be: the user's to mend, no bug of ours."""


def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a command so that whatever it raises becomes words and an exit code."""

    @functools.wraps(function)
    def command(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except (typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone
            raise typer.Exit(PASSED) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except TroupeError as error:
            tell(error)
            raise typer.Exit(exit_code(error)) from None
        except OSError as error:
            if error.errno not in _OF_THE_MACHINE:
                _tell_bug(error)
                raise typer.Exit(BUG) from None
            tell(EnvironmentProblem(f"{error.strerror}: {error.filename or 'while writing'}"))
            raise typer.Exit(PROVIDER) from None
        except Exception as error:  # noqa: BLE001 - the edge: whatever is left is a bug of ours
            _tell_bug(error)
            raise typer.Exit(BUG) from None

    return command


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


def tell(error: TroupeError) -> None:
    """Say on stderr what went wrong and what to do next."""
    if isinstance(error, SpecError):
        draw_diagnostics(err(), error.diagnostics)
        errors = sum(finding.is_error for finding in error.diagnostics)
        codes = sorted({finding.code for finding in error.diagnostics})
        words = "1 error" if errors == 1 else f"{errors} errors"
        err().print(f"\n{words}; `troupe explain {codes[0]}` tells more", markup=False)
        return
    hide = Secrets(os.environ).hide
    err().print(Text.assemble(("error: ", "bold red"), harmless(hide(error.message))))
    if error.hint:
        err().print(Text.assemble(("hint: ", "bold"), harmless(hide(error.hint))))


def _tell_bug(error: Exception) -> None:
    """Write a report that is ready to paste, and say where it is."""
    text = "".join(traceback.format_exception(error))
    command = " ".join(["troupe", *sys.argv[1:]])
    with tempfile.NamedTemporaryFile(
        "w", prefix="troupe-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        report.write(Secrets(os.environ).hide(f"command: {command}\npython: {sys.version}\n\n{text}"))
    first = Text.assemble(("bug: ", "bold red"), harmless(f"{type(error).__name__}: {error}"))
    err().print(first)
    err().print(
        f"This is our mistake, not yours. What happened is written in {report.name}; please report it.", markup=False
    )
