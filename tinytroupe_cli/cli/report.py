"""troupe report: what a run found, rebuilt from its folder without asking any model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.text import Text

from tinytroupe_cli.cli.terminal import harmless, out, print_json


def report(
    run: Annotated[
        Path, typer.Argument(help="A run's folder; or results/NAME or results/ for the newest run in it.")
    ] = Path("results"),
    *,
    form: Annotated[
        Literal["json", "markdown"] | None, typer.Option("--format", help="Print it to stdout instead of writing it.")
    ] = None,
) -> None:
    """Rebuild a run's report and show it; costs nothing."""
    from tinytroupe_cli.api import reporting

    if form == "json":
        print_json(reporting.found(run).model_dump(mode="json"))
        return
    if form == "markdown":
        out().print(Text(harmless(reporting.rendered(run, form))), end="")
        return
    written = reporting.write_report(run)
    console = out()
    if console.is_terminal:
        from rich.markdown import Markdown

        console.soft_wrap = False
        console.print(Markdown(harmless(written.text)))
        console.print()
    console.print(Text(harmless(str(written.markdown))))
