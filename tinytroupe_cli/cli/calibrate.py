"""troupe calibrate: how often an instrument finds a difference where there is none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import (
    AllowAddress,
    AllowCode,
    AllowPath,
    Json,
    MaxCost,
    Model,
    Seed,
    Set,
    Yes,
    parse_overrides,
    permissions,
)
from tinytroupe_cli.cli.terminal import err, out, print_json, print_text, relative_path
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.calibrating import CalibrationKind, PreparedCalibration

KINDS: dict[str, CalibrationKind] = {"chance": "chance", "wording": "wording"}


def calibrate(
    file: Annotated[Path, typer.Argument(help="An experiment file.")],
    sets: Set = None,
    *,
    kind: Annotated[
        str,
        typer.Option("--kind", help="chance: the arms differ only by chance; wording: only in a paraphrase."),
    ] = "chance",
    draws: Annotated[
        int, typer.Option("--draws", min=1, help="Number of pairs of arms; no answer is used in two pairs.")
    ] = 40,
    planted: Annotated[
        str,
        typer.Option(
            "--planted",
            metavar="EFFECT",
            help="The difference that people are known to show, as 10points or -0.3: run the experiment and show how "
            "many times as large its own is.",
        ),
    ] = "",
    measure: Annotated[str, typer.Option("--measure", help="With --planted: the measure.")] = "",
    by: Annotated[str, typer.Option("--by", help="With --planted: the factor.")] = "",
    model: Model = None,
    seed: Seed = None,
    max_cost: MaxCost = None,
    allow_code: AllowCode = False,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    results: Annotated[str | None, typer.Option("--results", metavar="DIR", help="Folder to write runs to.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print calls, time and cost, then stop.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use stored answers only; make no model calls.")] = False,
    yes: Yes = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the result only.")] = False,
    as_json: Json = False,
) -> None:
    """Show how often an experiment's measures differ between arms that are the same.

    The first condition is run many times, and each pair of arms is compared as a report compares conditions. The rate
    is kept, and reports of the same instrument and model quote it. Run the same command again to resume.
    """
    flags: dict[str, Any] = {
        "model.people": model,
        "seed": seed,
        "run.max_cost": max_cost,
        "run.results": results,
        **permissions(allow_path, allow_address, allow_code=allow_code),
    }
    overrides = parse_overrides(sets)
    if kind not in KINDS:
        raise RunError(f"--kind expects chance or wording, got '{kind}'")
    if planted:
        from tinytroupe_cli.cli.planted import show_planted

        show_planted(
            file,
            (planted, measure, by),
            overrides,
            flags,
            offline=offline,
            quiet=quiet,
            dry=dry_run,
            agreed=yes,
            as_json=as_json,
        )
        return
    if measure or by:
        raise RunError("--measure and --by choose the difference of --planted", hint="add --planted 10points")
    from tinytroupe_cli.api.calibrating import calibrated, calibration_lines, calibration_run

    ready = calibration_run(
        file, KINDS[kind], draws, env=os.environ, overrides=overrides, flags=flags, is_offline=offline
    )
    if dry_run:
        _describe(ready, as_json=as_json)
        return
    if not quiet:
        draw_diagnostics(err(), list(dict.fromkeys(ready.prepared.compiled.warnings)))
    from tinytroupe_cli.cli.consent import ask_for_cost
    from tinytroupe_cli.cli.outcome import outcome_code
    from tinytroupe_cli.cli.run_with_view import print_outcome, run_with_view

    ask_for_cost([ready.prepared], agreed=yes)
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
