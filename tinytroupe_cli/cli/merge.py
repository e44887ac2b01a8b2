"""troupe merge: joins the runs of shards, and judges their expectations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.ci_output import CiOutput, GitHub, InconclusiveOption, JUnit
from tinytroupe_cli.cli.ended_runs import EndedRun, print_ended
from tinytroupe_cli.cli.errors import PROVIDER
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.outcome import outcome_code
from tinytroupe_cli.cli.waiting import waiting

if TYPE_CHECKING:
    from tinytroupe_cli.api.merging import MergedRun

Sources = Annotated[
    list[Path], typer.Argument(metavar="RESULTS", help="The results folders of all shards, or folders of runs.")
]
MergedFolder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The results folder to write to.")]


def merge(
    sources: Sources,
    *,
    output: MergedFolder,
    junit: JUnit = None,
    github: GitHub = False,
    inconclusive: InconclusiveOption = None,
    as_json: Json = False,
) -> None:
    """Join the runs of shards (troupe run --shard) and write their reports. Makes no model calls."""
    from tinytroupe_cli.api.merging import merge_runs

    ci = CiOutput(junit, github, inconclusive)
    with ci.watching():
        with waiting("joining the shards", is_quiet=as_json):
            merged = merge_runs(sources, output)
        ended = [_ended(run, ci) for run in merged]
        ci.write(ended)
        raise typer.Exit(print_ended(ended, as_json=as_json))


def _ended(run: MergedRun, ci: CiOutput) -> EndedRun:
    is_incomplete = bool(run.problem) and run.outcome.limit is None
    code = PROVIDER if is_incomplete else outcome_code(run.outcome, ci.inconclusive)
    path, plan = Path(run.experiment), run.plan
    return EndedRun(plan.name, path, run.text, plan.expect, code, run.outcome, run.problem)
