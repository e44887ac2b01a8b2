"""troupe plan: previews what a run would do, ask and cost."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from rich.text import Text

from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.model_offers import offer_lines
from tinytroupe_cli.cli.options import (
    AllowAddress,
    AllowPath,
    ExperimentArgument,
    Json,
    MaxCost,
    ModelOption,
    Replicates,
    Seed,
    Set,
    parse_overrides,
    permissions,
)
from tinytroupe_cli.cli.terminal import err, out, print_json, printable
from tinytroupe_cli.cli.waiting import waiting


def plan(
    file: ExperimentArgument,
    sets: Set = None,
    *,
    trial: Annotated[str, typer.Option("--trial", metavar="ID", help="Show one trial in full.")] = "",
    model: ModelOption = None,
    seed: Seed = None,
    replicates: Replicates = None,
    max_cost: MaxCost = None,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Choose the default model without contacting the model hub.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Preview a run: participants, stimuli, questions and cost. Runs nothing."""
    from tinytroupe_cli.api.estimating import describe, describe_trial, estimate_plan
    from tinytroupe_cli.api.multiverse_runs import branch_lines
    from tinytroupe_cli.api.planning import RunToContinue, compile_file, find_trial

    flags: dict[str, Any] = {"model.people": model, "seed": seed, "replicates": replicates, "run.max_cost": max_cost}
    flags |= permissions(allow_path, allow_address)
    overrides, going_on = parse_overrides(sets), RunToContinue(is_finished_too=offline)
    with waiting("planning", is_quiet=as_json):
        compiled = compile_file(
            file, overrides=overrides, flags=flags, env=os.environ, is_offline=offline, going_on=going_on
        )
        estimate = None if as_json or trial else estimate_plan(compiled.plan)
    if compiled.warnings:
        draw_diagnostics(err(), compiled.warnings)
        err().print()
    chosen = find_trial(compiled.plan, trial) if trial else None
    if as_json:
        print_json((chosen or compiled.plan).model_dump(mode="json"))
    elif chosen:
        _print(describe_trial(chosen))
    elif estimate:
        _print(describe(compiled.plan, estimate))
        _print("".join(f"\n{line}" for line in branch_lines(compiled)) + "\n" * bool(compiled.branches))
        if lines := offer_lines([compiled]):
            _print("\n" + "".join(f"{line}\n" for line in lines))


def _print(text: str) -> None:
    out().print(Text(printable(text)), end="")
