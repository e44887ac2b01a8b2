"""troupe run: runs an experiment, shows its progress, and writes a results folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tinytroupe_cli.cli.ci_output import CiOutput, GitHub, InconclusiveOption, JUnit
from tinytroupe_cli.cli.completions import EXPERIMENTS, RUNS, words
from tinytroupe_cli.cli.consent import ask_for_code, ask_for_cost
from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.model_offers import get_models
from tinytroupe_cli.cli.named_experiments import NamedExperiments
from tinytroupe_cli.cli.options import (
    AllowAddress,
    AllowCode,
    AllowPath,
    Json,
    MaxCost,
    ModelOption,
    Offline,
    Replicates,
    ResultsFolder,
    Seed,
    Set,
    Yes,
    parse_overrides,
    permissions,
)
from tinytroupe_cli.cli.regressions import FailOnRegression, read_limits, regression_lines
from tinytroupe_cli.cli.run_output import RunOutput, ended_run, ignore_folder
from tinytroupe_cli.cli.terminal import err, out, print_json, print_json_line, printable, relative_path
from tinytroupe_cli.cli.viewer import beside
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Compiled
    from tinytroupe_cli.api.preparing import Prepared

UNKNOWN_ARGUMENTS = "E325"
"""The warning for a tool whose arguments are known only once its module is imported."""

Files = Annotated[
    list[Path],
    typer.Argument(
        help="Experiments or folders of experiments; they run one after another.", autocompletion=EXPERIMENTS
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        "--resume", metavar="RUN", help="Resume this run; fail if the experiment has changed.", autocompletion=RUNS
    ),
]
Concurrency = Annotated[int | None, typer.Option("--concurrency", min=1, help="Maximum number of concurrent calls.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and the estimated cost, then stop.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Ignore cached answers from earlier runs.")]
RetryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--retry",
        metavar="KIND",
        autocompletion=words("bad failed refused"),
        help="Repeat calls with this outcome: bad, failed or refused; separate several with commas.",
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only the report's path or, if a run fails, the reason.")
]
ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="I/N",
        help="Split the trials into N parts and run only part I; troupe merge joins the parts.",
    ),
]
IsLocked = Annotated[
    bool,
    typer.Option("--locked", help="Refuse to run if the experiment has changed since it was locked (see troupe lock)."),
]
JsonLinesOption = Annotated[
    bool,
    typer.Option(
        "--json-lines", help="Print each event as a line of JSON as it happens; the last line is the outcome."
    ),
]
IsViewed = Annotated[
    bool, typer.Option("--view", help="Show the run in a browser while it runs, then show its report.")
]


def run(
    files: Files,
    sets: Set = None,
    *,
    model: ModelOption = None,
    seed: Seed = None,
    replicates: Replicates = None,
    max_cost: MaxCost = None,
    results: ResultsFolder = None,
    resume: Resume = None,
    concurrency: Concurrency = None,
    dry_run: DryRun = False,
    offline: Offline = False,
    locked: IsLocked = False,
    no_cache: NoCache = False,
    retry: RetryOption = None,
    shard: ShardOption = None,
    junit: JUnit = None,
    github: GitHub = False,
    inconclusive: InconclusiveOption = None,
    allow_code: AllowCode = False,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    yes: Yes = False,
    fail_on_regression: FailOnRegression = None,
    view: IsViewed = False,
    quiet: Quiet = False,
    json_lines: JsonLinesOption = False,
    as_json: Json = False,
) -> None:
    """Run experiments and write their reports. Run the same command again to resume an interrupted run."""
    flags: dict[str, Any] = {"model.people": model, "seed": seed, "replicates": replicates, "run.max_cost": max_cost}
    flags |= {"run.results": results, "run.concurrency": concurrency, "cache.enabled": False if no_cache else None}
    flags |= permissions(allow_path, allow_address, allow_code=allow_code)
    experiments = NamedExperiments(files, parse_overrides(sets), flags, resume, retry or (), is_offline=offline)
    output = RunOutput(quiet, as_json, json_lines, ci=CiOutput(junit, github, inconclusive))
    with output.ci.watching():
        with waiting("reading experiments", is_quiet=quiet or output.is_for_programs):
            all_compiled = experiments.compiled()
        _refuse_changes(all_compiled if locked else ())
        _warn(all_compiled, is_quiet=quiet)
        if dry_run and view:
            raise RunError("--view shows a run, but --dry-run runs nothing", hint="leave one of them out")
        if dry_run:
            _describe(all_compiled, as_json=output.is_for_programs)
            return
        output = replace(output, limits=read_limits(fail_on_regression, Path.cwd(), shard))
        output.limits.require(all_compiled)
        experiments, all_compiled = _with_code(experiments, all_compiled)
        if not offline and get_models(all_compiled, agreed=yes, is_quiet=quiet):
            all_compiled = experiments.compiled()  # a plan tells its files' hashes, which are known now
        runs = _of_shard(experiments.prepared(all_compiled), shard)
        ask_for_cost(runs, agreed=yes)
        with beside(runs, is_wanted=view) as viewer:
            output = replace(output, on_folder=viewer.follow if viewer else ignore_folder)
            _play(runs, output, _budget(all_compiled, max_cost), all_compiled)


def _of_shard(runs: list[Prepared], written: str | None) -> list[Prepared]:
    """Return the runs with trials in a shard, limited to these; all runs if no shard is named."""
    from tinytroupe_cli.api.sharding import in_shard, read_shard

    shard = read_shard(written)
    return runs if shard is None else in_shard(runs, shard, Path.cwd())


def _play(runs: Sequence[Prepared], output: RunOutput, budget: float | None, all_compiled: Sequence[Compiled]) -> None:
    """Play one run or several, under one budget in USD; exits with the outcome."""
    from tinytroupe_cli.cli.batch import run_all

    if len(runs) == 1:
        run_one(runs[0], output)
    if runs:
        output.refuse_several()
    else:
        err().print("Nothing to do: other shards run all trials.", markup=False)
    if runs and not output.quiet and not output.as_json:
        _print_branches(all_compiled)
    raise typer.Exit(run_all(runs, output, max_cost=budget))


def _with_code(experiments: NamedExperiments, all_compiled: list[Compiled]) -> tuple[NamedExperiments, list[Compiled]]:
    """Ask whether code may run; then read from the functions themselves what their source does not tell."""
    ask_for_code(run for compiled in all_compiled for run in compiled.runs)
    if all(warning.code != UNKNOWN_ARGUMENTS for compiled in all_compiled for warning in compiled.warnings):
        return experiments, all_compiled
    allowed = replace(experiments, may_import=True)
    return allowed, allowed.compiled()


def _refuse_changes(all_compiled: Sequence[Compiled]) -> None:
    """Raise with everything in which an experiment differs from its lock."""
    from tinytroupe_cli.api.locking import refuse_changes

    for compiled in all_compiled:
        refuse_changes(compiled)


def _budget(all_compiled: Sequence[Compiled], max_cost: float | None) -> float | None:
    """Return the budget of all runs together: `--max-cost`, or the limit of the one experiment with a multiverse."""
    limits = [compiled.plan.limits.usd for compiled in all_compiled]
    return limits[0] if max_cost is None and len(all_compiled) == 1 else max_cost


def _print_branches(all_compiled: Sequence[Compiled]) -> None:
    """Print what the other runs of multiverses will need, and the total."""
    from tinytroupe_cli.api.multiverse_runs import branch_lines

    for compiled in all_compiled:
        for line in branch_lines(compiled):
            err().print(printable(line), markup=False)


def _warn(all_compiled: Sequence[Compiled], *, is_quiet: bool) -> None:
    warnings = [warning for compiled in all_compiled for warning in compiled.warnings]
    if warnings and not is_quiet:
        draw_diagnostics(err(), list(dict.fromkeys(warnings)))


def _describe(all_compiled: Sequence[Compiled], *, as_json: bool) -> None:
    from tinytroupe_cli.api.estimating import describe, estimate_plan

    described = [(compiled, estimate_plan(compiled.plan)) for compiled in all_compiled]
    if as_json:
        found = [
            {
                "experiment": str(compiled.path),
                "plan": compiled.plan.model_dump(mode="json"),
                "estimate": estimate.model_dump(mode="json"),
            }
            for compiled, estimate in described
        ]
        print_json(found[0] if len(found) == 1 else {"experiments": found})
        return
    from tinytroupe_cli.api.multiverse_runs import branch_lines

    for compiled, estimate in described:
        out().print(printable(describe(compiled.plan, estimate)), markup=False, end="")
        for line in branch_lines(compiled):
            out().print(printable(line), markup=False)


def run_one(prepared: Prepared, output: RunOutput) -> None:
    """Play a run and tell how it goes; exits with its outcome."""
    from tinytroupe_cli.cli.run_with_view import print_outcome, run_with_view

    outcome = run_with_view(prepared, quiet=output.quiet, json_lines=output.json_lines, on_folder=output.on_folder)
    ended = ended_run(prepared, outcome, output)
    if output.is_for_programs:  # words come after the last record: on a terminal both are read in one column
        print_json_line({"record": "run_finished", **ended.record()})
    print_outcome(outcome, quiet=output.quiet)
    for line in regression_lines(ended.checks, quiet=output.quiet, inconclusive=output.ci.inconclusive):
        err().print(printable(line), markup=False)
    if not output.is_for_programs:
        _print_place(outcome.main_report, quiet=output.quiet)
    output.ci.write([ended])
    raise typer.Exit(ended.code)


def _print_place(report: Path, *, quiet: bool) -> None:
    """Print the report's path to stdout; on a terminal, label it."""
    if out().is_terminal and not quiet:
        err().print("  The report:", markup=False)
    out().print(printable(relative_path(report)), markup=False)
