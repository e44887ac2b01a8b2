"""troupe branch: starts a new run from a step of another, with a change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.completions import RUN_PEOPLE
from tinytroupe_cli.cli.options import AllowAddress, AllowCode, Json, MaxCost, RunArgument, Yes, permissions


def branch(
    run: RunArgument,
    *,
    at: Annotated[int, typer.Option("--at", metavar="STEP", min=1, help="Apply the change at the start of this step.")],
    say: Annotated[str, typer.Option("--say", metavar="TEXT", help="Text to say at that step.")] = "",
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="NAME", help="Who hears it; default: everyone.", autocompletion=RUN_PEOPLE),
    ] = None,
    source: Annotated[str, typer.Option("--from", metavar="NAME", help="Who says it.")] = "the moderator",
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PERSON.FIELD=VALUE", help="Set a person's field, as in lisa.emotions=angry; repeatable."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use stored answers only; make no model calls.")] = False,
    max_cost: MaxCost = None,
    yes: Yes = False,
    allow_code: AllowCode = False,
    allow_address: AllowAddress = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")] = False,
    as_json: Json = False,
) -> None:
    """Start a new run from a step of another run, with a change. Earlier steps are not paid for again."""
    from tinytroupe_cli.api.branching import BranchRequest, prepare_branch
    from tinytroupe_cli.cli.consent import ask_for_cost
    from tinytroupe_cli.cli.run import run_one
    from tinytroupe_cli.cli.run_output import RunOutput

    wish = BranchRequest(at, say, source, tuple(to or ()), tuple(sets or ()))
    flags = {"run.max_cost": max_cost, **permissions(None, allow_address, allow_code=allow_code)}
    prepared = prepare_branch(run, wish, env=os.environ, project_dir=Path.cwd(), flags=flags, is_offline=offline)
    ask_for_cost([prepared], agreed=yes)
    run_one(prepared, RunOutput(quiet=quiet, as_json=as_json))
