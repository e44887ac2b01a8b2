"""troupe calibrate: how often an instrument finds a difference where there is none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.completions import MEASURES, words
from tinytroupe_cli.cli.consent import ask_for_cost
from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import (
    AllowAddress,
    AllowCode,
    AllowPath,
    ExperimentArgument,
    Json,
    MaxCost,
    ModelOption,
    Offline,
    ResultsFolder,
    Seed,
    Set,
    Yes,
    parse_overrides,
    permissions,
)
from tinytroupe_cli.cli.planted import prepare_planted, show_planted
from tinytroupe_cli.cli.terminal import err, out, print_json, print_text, relative_path
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.calibrating import CalibrationKind, PreparedCalibration

KindOption = Annotated[
    str,
    typer.Option(
        "--kind",
        autocompletion=words("chance wording"),
        help="chance: the arms differ only by chance; wording: they also differ in wording.",
    ),
]
Pairs = Annotated[int, typer.Option("--draws", min=1, help="Number of pairs of arms; no answer is used in two pairs.")]
PlantedOption = Annotated[
    str,
    typer.Option(
        "--planted",
        metavar="EFFECT",
        help="A difference known from real people, such as 10points or -0.3. Runs the experiment and shows how many "
        "times as large the simulated difference is.",
    ),
]
PlantedMeasure = Annotated[
    str, typer.Option("--measure", help="With --planted: measure to compare.", autocompletion=MEASURES)
]
PlantedFactor = Annotated[str, typer.Option("--by", help="With --planted: factor to compare by.")]
EstimateOnly = Annotated[bool, typer.Option("--dry-run", help="Print calls, time and cost, then stop.")]
ResultOnly = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")]
KINDS: dict[str, CalibrationKind] = {"chance": "chance", "wording": "wording"}


def calibrate(
    file: ExperimentArgument,
    sets: Set = None,
    *,
    kind: KindOption = "chance",
    draws: Pairs = 40,
    planted: PlantedOption = "",
    measure: PlantedMeasure = "",
    by: PlantedFactor = "",
    model: ModelOption = None,
    seed: Seed = None,
    max_cost: MaxCost = None,
    allow_code: AllowCode = False,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    results: ResultsFolder = None,
    dry_run: EstimateOnly = False,
    offline: Offline = False,
    yes: Yes = False,
    quiet: ResultOnly = False,
    as_json: Json = False,
) -> None:
    """Show how often an experiment's measures differ between identical arms.

    The first condition is run many times, and pairs of arms are compared.
    The rate is stored, and reports with the same questions and model show it.
    Run the same command again to resume.
    """
    _check(kind, planted, measure or by)
    flags = {"model.people": model, "seed": seed, "run.max_cost": max_cost, "run.results": results}
    flags |= permissions(allow_path, allow_address, allow_code=allow_code)
    overrides = parse_overrides(sets)
    if planted:
        prepared = prepare_planted(file, overrides, flags, offline=offline)
        ask_for_cost(() if dry_run else (prepared,), agreed=yes)
        show_planted(prepared, (planted, measure, by), quiet=quiet, dry=dry_run, as_json=as_json)
        return
    from tinytroupe_cli.api.calibrating import calibration_run

    ready = calibration_run(
        file, KINDS[kind], draws, env=os.environ, overrides=overrides, flags=flags, is_offline=offline
    )
    if dry_run:
        _describe(ready, as_json=as_json)
    else:
        ask_for_cost([ready.prepared], agreed=yes)
        _run(ready, quiet=quiet, as_json=as_json)


def _check(kind: str, planted: str, chosen: str) -> None:
    """Raise `RunError` for options that don't fit; `chosen`: `--measure` or `--by`."""
    if kind not in KINDS:
        raise RunError(f"--kind expects chance or wording, got '{kind}'")
    if chosen and not planted:
        raise RunError("--measure and --by can only be used with --planted", hint="add --planted 10points")


def _run(ready: PreparedCalibration, *, quiet: bool, as_json: bool) -> None:
    """Run the arms and print how often they differ; exits with the run's outcome where that is no success."""
    from tinytroupe_cli.api.calibrating import calibrated, calibration_lines
    from tinytroupe_cli.cli.outcome import outcome_code
    from tinytroupe_cli.cli.run_with_view import print_outcome, run_with_view

    if not quiet:
        draw_diagnostics(err(), list(dict.fromkeys(ready.prepared.compiled.warnings)))
    outcome = run_with_view(ready.prepared, quiet=quiet)
    if code := outcome_code(outcome):
        print_outcome(outcome, quiet=quiet)
        raise typer.Exit(code)
    found = calibrated(ready, outcome)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for line in calibration_lines(found):
        print_text(out(), line)
    if not quiet:
        print_text(err(), f"Answers: {relative_path(outcome.folder)}")


def _describe(ready: PreparedCalibration, *, as_json: bool) -> None:
    """Print what the calibration would cost."""
    from tinytroupe_cli.api.run_preview import run_preview_lines

    estimate = ready.prepared.estimate
    if as_json:
        print_json(
            {
                "kind": ready.design.kind,
                "draws": ready.draws,
                "instrument": ready.instrument,
                "estimate": estimate.model_dump(mode="json"),
            }
        )
        return
    for line in (f"{ready.draws} pairs of arms ({ready.design.kind}).", *run_preview_lines(ready.prepared)):
        print_text(out(), line)
