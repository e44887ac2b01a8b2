"""troupe plan: what a run would do, ask and cost, before any of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.model_offers import offer_lines
from tinytroupe_cli.cli.options import Json, Set, parse_overrides
from tinytroupe_cli.cli.terminal import err, out, print_json, printable


def plan(
    file: Annotated[Path, typer.Argument(help="An experiment.")],
    sets: Set = None,
    *,
    trial: Annotated[str, typer.Option("--trial", metavar="ID", help="Show one trial, whole.")] = "",
    model: Annotated[str | None, typer.Option("--model", help="The model for all parts.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Instead of the experiment's.")] = None,
    replicates: Annotated[int | None, typer.Option("--replicates", min=1, help="Instead of the experiment's.")] = None,
    max_cost: Annotated[float | None, typer.Option("--max-cost", min=0, help="USD the run may cost.")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Choose the default model without asking the model hub.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show who takes part, what they meet, what is asked and what it will cost, without running anything."""
    from tinytroupe_cli.api.estimating import describe, describe_trial, estimate_plan
    from tinytroupe_cli.api.planning import RunToContinue, compile_file, find_trial

    flags = {"model.people": model, "seed": seed, "replicates": replicates, "run.max_cost": max_cost}
    compiled = compile_file(
        file,
        overrides=parse_overrides(sets),
        flags=flags,
        env=os.environ,
        is_offline=offline,
        going_on=RunToContinue(is_finished_too=offline),
    )
    if compiled.warnings:
        draw_diagnostics(err(), compiled.warnings)
        err().print()
    chosen = find_trial(compiled.plan, trial) if trial else None
    if as_json:
        print_json((chosen or compiled.plan).model_dump(mode="json"))
    elif chosen:
        _print(describe_trial(chosen))
    else:
        _print(describe(compiled.plan, estimate_plan(compiled.plan)))
        if lines := offer_lines([compiled]):
            _print("\n" + "".join(f"{line}\n" for line in lines))


def _print(text: str) -> None:
    out().print(Text(printable(text)), end="")
