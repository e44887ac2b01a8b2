"""What results can be written as: one row a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.reports.html_report import html, main_chart
from tinytroupe_cli.reports.markdown import markdown
from tinytroupe_cli.reports.measures_csv import baselines_csv, measures_csv
from tinytroupe_cli.reports.methods import methods
from tinytroupe_cli.reports.plain_summary import text
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog
from tinytroupe_cli.reports.wide_csv import wide_csv
from tinytroupe_cli.spec.running import ReportFormat

Render = Callable[[Results, RunLog], bytes]


def of_results(render: Callable[[Results], bytes]) -> Render:
    """Return a renderer that needs the results alone."""
    return lambda results, _log: render(results)


def json(results: Results) -> bytes:
    """Write results.json."""
    return results.model_dump_json(indent=2).encode() + b"\n"


NO_LOG = RunLog()


class Format(NamedTuple):
    """How results are written."""

    file: str
    """Path from the run's folder."""
    render: Render
    more: tuple[tuple[str, Render], ...] = ()
    """Further files, written with it."""
    is_printed: bool = True
    """`troupe report --format` prints it; data it writes to its file."""


FORMATS: dict[ReportFormat, Format] = {
    "json": Format("results.json", of_results(json)),
    "markdown": Format("report.md", of_results(markdown)),
    "methods": Format("methods.md", of_results(methods)),
    "text": Format("report.txt", of_results(text)),
    "csv": Format(
        "data/measures.csv",
        of_results(measures_csv),
        (("data/wide.csv", of_results(wide_csv)), ("data/baselines.csv", of_results(baselines_csv))),
        is_printed=False,
    ),
    "html": Format("report.html", html, (("report.png", of_results(main_chart)),), is_printed=False),
}


def format_named(name: str) -> Format:
    """Return a format; raises `RunError` where there is none of that name."""
    for known, found in FORMATS.items():
        if known == name:
            return found
    raise RunError(f"no report format '{name}'", hint=did_you_mean(name, FORMATS, label="formats"))


def files_of(results: Results, name: str, log: RunLog = NO_LOG) -> dict[str, bytes]:
    """Return path -> content of every file of a format; raises `RunError` where there is none of that name.

    A further file without content is left out: there is nothing for it.
    """
    wanted = format_named(name)
    more = {file: content for file, make in wanted.more if (content := make(results, log))}
    return {wanted.file: wanted.render(results, log), **more}


def render(results: Results, name: str, log: RunLog = NO_LOG) -> bytes:
    """Write results in a format by name; raises `RunError` where there is none of that name."""
    return format_named(name).render(results, log)
