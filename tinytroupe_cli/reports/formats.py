"""What results can be written as: an open table of ours."""

from __future__ import annotations

from collections.abc import Callable

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.reports.markdown import markdown
from tinytroupe_cli.reports.measures import measures_csv
from tinytroupe_cli.reports.results import Results

Render = Callable[[Results], bytes]


def json(results: Results) -> bytes:
    """Write results.json."""
    return results.model_dump_json(indent=2).encode() + b"\n"


FORMATS: dict[str, tuple[str, Render]] = {
    "json": ("results.json", json),
    "markdown": ("report.md", markdown),
    "csv": ("data/measures.csv", measures_csv),
}
"""Name -> the file it is written to, and how."""


def render(results: Results, name: str) -> bytes:
    """Write results in a format by name; raises `RunError` for one there isn't."""
    if name not in FORMATS:
        raise RunError(f"no report format '{name}'", hint=did_you_mean(name, FORMATS, label="formats"))
    return FORMATS[name][1](results)
