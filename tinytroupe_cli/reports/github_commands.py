"""Judged suites for GitHub Actions: annotations at lines of the experiments, and a summary of the step in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.safe_text import safe_text
from tinytroupe_cli.reports.escaping import plain, table
from tinytroupe_cli.reports.judged_suites import CaseVerdict, JudgedCase, JudgedSuite

_TITLES: Final[dict[CaseVerdict, str]] = {
    "passed": "",
    "failed": "Expectation failed",
    "inconclusive": "Inconclusive expectation",
    "error": "Not judged",
}
_MARKS: Final[dict[CaseVerdict, str]] = {"passed": "✅", "failed": "❌", "inconclusive": "❔", "error": "⚠️"}
_COLUMNS: Final = ["experiment", "passed", "failed", "inconclusive", "errors", "answers", "cost", "time"]
Level = Literal["error", "warning"]


def annotation_commands(suites: Sequence[JudgedSuite]) -> Iterator[str]:
    """Yield a workflow command for each case that did not pass; `warning` if it fails nothing."""
    for suite in suites:
        for case in suite.cases:
            if case.verdict != "passed":
                level: Level = "error" if case.is_failure else "warning"
                message = f"{case.name}: {case.message}" if case.message else case.name
                yield _command(level, message, suite.file, (case.line, case.column), _TITLES[case.verdict])


def diagnostic_annotations(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield a workflow command for each error or warning in a file."""
    for found in diagnostics:
        message = f"{found.message}. {found.hint}" if found.hint else found.message
        level: Level = "error" if found.is_error else "warning"
        yield _command(level, message, found.span.source, (found.span.line, found.span.column), found.code)


def step_summary(suites: Sequence[JudgedSuite]) -> str:
    """Return the summary: a table of experiments, then the answer and the open cases of each."""
    rows = [_COLUMNS, *(_row(suite) for suite in suites)]
    parts = ["## Experiments", str(table(rows)), *(part for suite in suites for part in _details(suite))]
    return "\n\n".join(parts) + "\n"


def _row(suite: JudgedSuite) -> list[str]:
    counts = [suite.count(verdict) for verdict in ("passed", "failed", "inconclusive", "error")]
    cost = "unknown" if suite.usd is None else f"${suite.usd:.4f}"
    return [suite.name, *map(str, counts), f"{suite.stated} of {suite.planned}", cost, f"{suite.seconds:.0f} s"]


def _details(suite: JudgedSuite) -> Iterator[str]:
    open_cases = [case for case in suite.cases if case.verdict != "passed"]
    if not suite.answer and not open_cases:
        return
    yield f"### {plain(suite.name)}"
    if suite.answer:
        yield str(plain(suite.answer))
    if open_cases:
        yield "\n".join(_item(suite, case) for case in open_cases)


def _item(suite: JudgedSuite, case: JudgedCase) -> str:
    line = f", line {case.line}" if case.line else ""
    place = f" ({plain(suite.file)}{line})" if suite.file else ""
    message = f": {plain(case.message)}" if case.message else ""
    return f"- {_MARKS[case.verdict]} {plain(case.name)}{place}{message}"


def _command(level: Level, message: str, file: str, place: tuple[int, int], title: str) -> str:
    line, column = place
    properties = {"file": file} if file else {}
    if line:
        properties |= {"line": str(line), "col": str(max(column, 1))}
    listed = ",".join(f"{name}={_property(value)}" for name, value in {**properties, "title": title}.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a message, as the runner of GitHub Actions reads it."""
    return safe_text(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
