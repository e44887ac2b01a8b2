"""What continuous integration reads of runs: JUnit XML, annotations and a step summary."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from tinytroupe_cli.analysis.regressions import RegressionCheck
from tinytroupe_cli.api.run_outcome import RunOutcome
from tinytroupe_cli.core.errors import EnvironmentProblem, SpecError, TroupeError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.reports.github_commands import annotation_commands, diagnostic_annotations, step_summary
from tinytroupe_cli.reports.judged_suites import (
    ExperimentSource,
    JudgedCase,
    JudgedSuite,
    suite_of_results,
    suite_without_results,
)
from tinytroupe_cli.reports.junit_xml import junit_xml
from tinytroupe_cli.reports.results import Inconclusive
from tinytroupe_cli.reports.shortfall import shortfall

__all__ = [
    "Inconclusive",
    "JudgedCase",
    "JudgedSuite",
    "annotation_commands",
    "append_step_summary",
    "diagnostic_annotations",
    "judged_suite",
    "suites_of_error",
    "write_junit",
]


def judged_suite(
    experiment: tuple[Path, str],
    name: str,
    expect: Sequence[str],
    *,
    outcome: RunOutcome | None,
    problem: str = "",
    regressions: Sequence[RegressionCheck] = (),
    inconclusive: Inconclusive | None = None,
) -> JudgedSuite:
    """Return the suite of a run of an experiment's file, which is given with its text.

    `problem` is why there is no outcome, or what is missing in it. A shard has no expectations.
    """
    path, text = experiment
    source = ExperimentSource(name, _from_workspace(path), tuple(expect), _places(text, str(path), expect))
    if outcome is None:
        return suite_without_results(source, problem)
    problem = problem or run_problem(outcome)
    suite = suite_of_results(source, outcome.results, problem, str(outcome.main_report), inconclusive)
    suite = suite.with_regressions(regressions, inconclusive)
    return suite.without_expectations() if outcome.shard else suite


def run_problem(outcome: RunOutcome) -> str:
    """Return in a sentence why a run is no success, apart from its expectations; empty if nothing is wrong."""
    if outcome.bugs:
        return f"{len(outcome.bugs)} of its trials ended by a bug in troupe"
    if outcome.limit is not None:
        return f"a limit was reached: {outcome.limit.message}"
    short = shortfall(outcome.results)
    return " ".join(short.says) if short is not None else ""


def suites_of_error(error: TroupeError) -> list[JudgedSuite]:
    """Return a suite for each file with errors; one for the command if the error is in no file."""
    if not isinstance(error, SpecError):
        message = f"{error.message}; {error.hint}" if error.hint else error.message
        case = JudgedCase("the command starts", "error", is_failure=True, message=message)
        return [JudgedSuite("troupe", "", (case,))]
    files: dict[str, list[JudgedCase]] = {}
    for found in error.diagnostics:
        if found.is_error:
            span, name = found.span, f"{found.code} in line {found.span.line}"
            case = JudgedCase(name, "error", is_failure=True, message=found.message, line=span.line, column=span.column)
            files.setdefault(span.source, []).append(case)
    return [JudgedSuite(Path(file).stem, file, tuple(cases)) for file, cases in files.items()]


def write_junit(path: Path, suites: Sequence[JudgedSuite]) -> None:
    """Write the file; raises `EnvironmentProblem` if it can't be written."""
    try:
        write_whole(path, junit_xml(suites))
    except OSError as error:
        raise EnvironmentProblem(f"'{path}' can't be written: {error.strerror or error}") from error


def append_step_summary(suites: Sequence[JudgedSuite], env: Mapping[str, str]) -> None:
    """Append the summary to the file that GitHub Actions names; nothing where it names none."""
    if file := env.get("GITHUB_STEP_SUMMARY"):
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(step_summary(suites))


def _places(text: str, source: str, expect: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return line and column of each expectation; where the command replaced the whole list, line 0."""
    document = read_yaml(text, source)
    written = document.value.get("expect")
    if not isinstance(written, list) or len(cast("list[JsonValue]", written)) != len(expect):
        return ((0, 0),) * len(expect)
    spans = [document.span(("expect", index)) for index in range(len(expect))]
    return tuple((span.line, span.column) for span in spans)


def _from_workspace(path: Path) -> str:
    """Return a path as annotations need it: relative to the workspace of GitHub Actions, if it is in there."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if workspace and path.resolve().is_relative_to(Path(workspace).resolve()):
        return path.resolve().relative_to(Path(workspace).resolve()).as_posix()
    return str(path)
