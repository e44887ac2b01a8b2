"""troupe lock: writes down what was decided before a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.options import (
    AllowAddress,
    AllowPath,
    ExperimentArgument,
    Json,
    ModelOption,
    Replicates,
    Seed,
    Set,
    parse_overrides,
    permissions,
)
from tinytroupe_cli.cli.terminal import err, out, print_json, print_text, printable, relative_path
from tinytroupe_cli.cli.waiting import waiting

if TYPE_CHECKING:
    from tinytroupe_cli.api.locking import Locked


def lock(
    file: ExperimentArgument,
    sets: Set = None,
    *,
    hypotheses: Annotated[
        Path | None, typer.Option("--hypotheses", metavar="FILE", help="A text file of hypotheses, kept in the lock.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the lock if the experiment has changed since.")
    ] = False,
    model: ModelOption = None,
    seed: Seed = None,
    replicates: Replicates = None,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    as_json: Json = False,
) -> None:
    """Lock an experiment before running it: write its hashes, models and analysis to NAME.lock.json beside it.

    A run of the locked experiment reports its main comparisons as confirmatory
    and lists everything that has changed since the lock.
    `troupe run --locked` refuses to run a changed experiment.
    """
    from tinytroupe_cli.api.locking import lock_experiment

    with waiting("planning", is_quiet=as_json):
        locked = lock_experiment(
            file,
            env=os.environ,
            overrides=parse_overrides(sets),
            flags={
                "model.people": model,
                "seed": seed,
                "replicates": replicates,
                **permissions(allow_path, allow_address),
            },
            hypotheses=hypotheses,
            is_replacing=replace,
        )
    if as_json:
        print_json({"file": str(locked.path), "is_new": locked.is_new, **locked.lock.model_dump(mode="json")})
        return
    for line in _lines(locked):
        print_text(err(), line)
    out().print(printable(relative_path(locked.path)), markup=False)


def _lines(locked: Locked) -> list[str]:
    """Return what the user should know about a lock."""
    found = locked.lock
    lines = [f"{'Locked' if locked.is_new else 'Nothing has changed since it was locked'} on {found.locked}."]
    if found.primary:
        lines += ["Confirmatory, if nothing changes:", *(f"  {name}" for name in found.primary)]
    else:
        lines.append("No comparison is in the main family, so every comparison will be exploratory (see `compare`).")
    if found.same_answers_before:
        lines.append("A run already has these answers: no comparison of them can be confirmatory.")
    elif found.runs_before:
        runs = "1 run" if found.runs_before == 1 else f"{found.runs_before} runs"
        lines.append(f"{runs} of this experiment had answers before; the report will say so.")
    return lines
