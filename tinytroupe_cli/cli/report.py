"""troupe report: rebuilds a run's report from its folder, without model calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tinytroupe_cli.cli.completions import words
from tinytroupe_cli.cli.options import RunArgument
from tinytroupe_cli.cli.terminal import out, print_json, printable, relative_path
from tinytroupe_cli.cli.waiting import waiting

_BUILDING = "building the report"


def report(
    run: RunArgument = Path("results"),
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            autocompletion=words("json markdown details methods text html csv xlsx parquet sav dta"),
            help="Format of the report. Printed: json, markdown (md), details, methods, text. "
            "Written to the run's folder, and the path is printed: html, csv, xlsx, parquet, sav, dta.",
        ),
    ] = None,
) -> None:
    """Rebuild and show a run's report. Makes no model calls."""
    from tinytroupe_cli.api import reporting

    if form == "json" or (as_json and form is None):
        print_json(reporting.load_results(run).model_dump(mode="json"))
        return
    if as_json and form is not None:
        print_json(_as_json(run, form))
        return
    if form is not None and reporting.is_printed(form):
        with waiting(_BUILDING):
            text = reporting.render_report(run, form)
        out().print(Text(printable(text)), end="")
        return
    if form is not None:
        with waiting(_BUILDING):
            file = reporting.write_format(run, form)
        out().print(Text(printable(relative_path(file))))
        return
    with waiting(_BUILDING):
        written = reporting.write_report(run)
    console = out()
    if console.is_terminal:
        from rich.markdown import Markdown

        console.soft_wrap = False
        console.print(Markdown(printable(written.text)))
        console.print()
    console.print(Text(printable(str(written.markdown))))


def _as_json(run: Path, form: str) -> dict[str, str]:
    """Return a printed format as a text, or the file that another was written to."""
    from tinytroupe_cli.api import reporting

    if reporting.is_printed(form):
        return {"format": form, "text": reporting.render_report(run, form)}
    return {"format": form, "file": str(reporting.write_format(run, form))}
