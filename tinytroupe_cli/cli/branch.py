"""troupe branch: goes on from a step of a run with a change, as a run of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.options import Json


def branch(
    run: Annotated[Path, typer.Argument(help="A run's folder; or results/NAME or results/ for the newest run in it.")],
    *,
    at: Annotated[int, typer.Option("--at", metavar="STEP", min=1, help="The step at whose beginning it changes.")],
    say: Annotated[str, typer.Option("--say", metavar="TEXT", help="Something that is said at that step.")] = "",
    to: Annotated[list[str] | None, typer.Option("--to", metavar="NAME", help="To whom; default: everyone.")] = None,
    source: Annotated[str, typer.Option("--from", metavar="NAME", help="By whom.")] = "the moderator",
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PERSON.FIELD=VALUE", help="Set on a person: lisa.emotions=angry; repeatable."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no model: use stored answers only.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but the result.")] = False,
    as_json: Json = False,
) -> None:
    """Go on from a step of a run with a change, as a run of its own; what came before costs nothing."""
    from tinytroupe_cli.api.branching import BranchRequest, prepare_branch
    from tinytroupe_cli.cli.run import run_one

    wish = BranchRequest(at, say, source, tuple(to or ()), tuple(sets or ()))
    prepared = prepare_branch(run, wish, env=os.environ, project_dir=Path.cwd(), is_offline=offline)
    run_one(prepared, quiet=quiet, as_json=as_json)
