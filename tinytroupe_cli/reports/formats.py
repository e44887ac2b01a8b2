"""What results can be written as: one row a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.reports.data_formats import DATA_FORMATS, data_files
from tinytroupe_cli.reports.html_report import html
from tinytroupe_cli.reports.markdown import details
from tinytroupe_cli.reports.methods import methods
from tinytroupe_cli.reports.plain_summary import text
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog
from tinytroupe_cli.reports.short_report import main_chart, markdown, printed_markdown
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
    printed: Render | None = None
    """Renders it for a terminal, where that differs from its file."""


FORMATS: dict[ReportFormat, Format] = {
    "json": Format("results.json", of_results(json)),
    "markdown": Format(
        "report.md",
        of_results(markdown),
        (("report.png", of_results(main_chart)),),
        printed=of_results(printed_markdown),
    ),
    "details": Format("details.md", of_results(details)),
    "methods": Format("methods.md", of_results(methods)),
    "text": Format("report.txt", of_results(text)),
    "html": Format("report.html", html, is_printed=False),
}
for _name in DATA_FORMATS:
    (_file, _render), *_more = ((file, of_results(make)) for file, make in data_files(_name))
    FORMATS[_name] = Format(_file, _render, tuple(_more), is_printed=False)

SHORT_NAMES = {"md": "markdown", "txt": "text", "excel": "xlsx", "spss": "sav", "stata": "dta"}


def format_named(name: str) -> Format:
    """Return a format; raises `RunError` where there is none of that name."""
    return FORMATS[format_name(name)]


def format_name(name: str) -> ReportFormat:
    """Return the name of a format, also by its short name; raises `RunError` where there is none."""
    for known in FORMATS:
        if known == SHORT_NAMES.get(name, name):
            return known
    raise RunError(f"no report format '{name}'", hint=did_you_mean(name, FORMATS, label="formats"))


def files_of(results: Results, name: str, log: RunLog = NO_LOG) -> dict[str, bytes]:
    """Return path -> content of every file of a format; raises `RunError` where there is none of that name.

    A further file without content is left out: there is nothing for it.
    """
    wanted = format_named(name)
    more = {file: content for file, make in wanted.more if (content := make(results, log))}
    return {wanted.file: wanted.render(results, log), **more}


def render(results: Results, name: str, log: RunLog = NO_LOG) -> bytes:
    """Return results in a format by name, for a terminal; raises `RunError` where there is none of that name."""
    wanted = format_named(name)
    return (wanted.printed or wanted.render)(results, log)
