"""troupe runs: lists runs and how they ended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.cards import draw_table
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import out, print_json


def runs(
    where: Annotated[Path, typer.Argument(help="A folder of runs.")] = Path("results"), *, as_json: Json = False
) -> None:
    """List runs, newest last."""
    from tinytroupe_cli.api.history import list_runs

    entries = list_runs(where)
    if as_json:
        print_json({"runs": [entry.model_dump(mode="json") for entry in entries]})
        return
    rows = [
        (entry.name, entry.started[:19].replace("T", " "), entry.status, entry.trials, entry.cost, entry.path)
        for entry in entries
    ]
    draw_table(out(), ("NAME", "BEGUN", "STATUS", "TRIALS", "COST", "FOLDER"), rows)
