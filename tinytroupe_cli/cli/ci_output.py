"""What a command writes for continuous integration: `--junit`, `--github`, `--inconclusive`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.terminal import err, printable
from tinytroupe_cli.core.errors import SpecError, TroupeError

if TYPE_CHECKING:
    from tinytroupe_cli.api.ci_reports import Inconclusive, JudgedSuite
    from tinytroupe_cli.cli.ended_runs import EndedRun


class InconclusiveRule(StrEnum):
    """What an inconclusive expectation counts as."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    FAIL = "fail"


JUnit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write the expectations as test cases to this file (JUnit XML)."),
]
GitHub = Annotated[
    bool,
    typer.Option("--github", help="Annotate the lines of expectations in GitHub Actions, and write a step summary."),
]
InconclusiveOption = Annotated[
    InconclusiveRule | None,
    typer.Option(
        "--inconclusive",
        help="Whether an expectation passes or fails if its threshold lies inside the confidence interval. Default: "
        "decide by the measured value.",
    ),
]


@dataclass
class CiOutput:
    """What is written of the runs of a command."""

    junit: Path | None = None
    github: bool = False
    rule: InconclusiveRule | None = None
    _token: str = ""
    """Ends a part of the output in which GitHub Actions reads no commands."""

    @property
    def inconclusive(self) -> Inconclusive | None:
        """Return what inconclusive expectations count as; None: the figure decides."""
        return None if self.rule is None else self.rule.value

    @contextmanager
    def watching(self) -> Generator[None, None, None]:
        """Write the error that stops the command; until then, what models say is no command to GitHub Actions."""
        if self.github:
            self._token = secrets.token_hex(16)
            err().print(f"::stop-commands::{self._token}", markup=False)
        try:
            yield
        except TroupeError as error:
            self._write_error(error)
            raise
        finally:
            self._resume()

    def write(self, ended: Sequence[EndedRun]) -> None:
        """Write the file, the annotations and the summary that were asked for."""
        if self.junit is None and not self.github:
            return
        from tinytroupe_cli.api.ci_reports import annotation_commands, append_step_summary, write_junit

        suites = [self._suite(run) for run in ended]
        if self.junit is not None:
            write_junit(self.junit, suites)
        if self.github:
            self._resume()
            _print_commands(list(annotation_commands(suites)))
            append_step_summary(suites, os.environ)

    def _suite(self, ended: EndedRun) -> JudgedSuite:
        from tinytroupe_cli.api.ci_reports import judged_suite

        return judged_suite(
            (ended.path, ended.text),
            ended.name,
            ended.expect,
            outcome=ended.outcome,
            problem=ended.problem,
            regressions=ended.checks,
            inconclusive=self.inconclusive,
        )

    def _resume(self) -> None:
        if self._token:
            err().print(f"::{self._token}::", markup=False)
            self._token = ""

    def _write_error(self, error: TroupeError) -> None:
        from tinytroupe_cli.api.ci_reports import (
            annotation_commands,
            append_step_summary,
            diagnostic_annotations,
            suites_of_error,
            write_junit,
        )

        suites = suites_of_error(error)
        if self.junit is not None:
            write_junit(self.junit, suites)
        if self.github:
            self._resume()
            is_of_files = isinstance(error, SpecError)
            _print_commands(
                list(diagnostic_annotations(error.diagnostics) if is_of_files else annotation_commands(suites))
            )
            append_step_summary(suites, os.environ)


def _print_commands(commands: Sequence[str]) -> None:
    for command in commands:
        err().print(printable(command), markup=False)
