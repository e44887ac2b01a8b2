"""troupe baseline: makes a run the one that later runs of its experiment are compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.completions import RUNS_AND_EXPERIMENTS
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import err, out, print_json, printable, relative_path
from tinytroupe_cli.cli.waiting import waiting

app = typer.Typer(no_args_is_help=True, help="Store a run to compare later runs with.")


@app.callback()
def baseline() -> None:
    """Store a run to compare later runs with."""


@app.command("set")
def set_baseline(
    run: Annotated[
        Path,
        typer.Argument(
            help="A run's folder. results/ or results/NAME means the newest run in it; an experiment file means that "
            "experiment's newest run.",
            autocompletion=RUNS_AND_EXPERIMENTS,
        ),
    ] = Path("results"),
    *,
    as_json: Json = False,
) -> None:
    """Make a finished run the baseline of its experiment. Commit the file to compare runs on other machines."""
    from tinytroupe_cli.api.reference_runs import set_reference

    with waiting("reading the run", is_quiet=as_json):
        file, reference = set_reference(run, Path.cwd())
    if as_json:
        print_json(
            {"file": str(file), "name": reference.name, "run": reference.run, "measures": list(reference.fields)}
        )
        return
    err().print(printable(f"{reference.run} is now the baseline of {reference.name}."), markup=False)
    out().print(printable(relative_path(file)), markup=False)
