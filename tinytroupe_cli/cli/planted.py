"""troupe calibrate --planted: a simulated difference next to the one that people are known to show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tinytroupe_cli.cli.terminal import out, print_json, print_text
from tinytroupe_cli.core.number_format import number

if TYPE_CHECKING:
    from tinytroupe_cli.api.planted_effects import PlantedEffect
    from tinytroupe_cli.api.preparing import Prepared


def prepare_planted(file: Path, overrides: Mapping[str, str], flags: Mapping[str, Any], *, offline: bool) -> Prepared:
    """Prepare the run whose difference is measured."""
    from tinytroupe_cli.api.planted_effects import planted_run

    return planted_run(file, env=os.environ, overrides=overrides, flags=flags, is_offline=offline)


def show_planted(prepared: Prepared, asked: tuple[str, str, str], *, quiet: bool, dry: bool, as_json: bool) -> None:
    """Run the experiment and print the ratio; `asked`: effect, measure and factor. `dry`: print the cost instead."""
    from tinytroupe_cli.api.planted_effects import planted_effect
    from tinytroupe_cli.api.run_preview import run_preview_lines
    from tinytroupe_cli.cli.outcome import outcome_code
    from tinytroupe_cli.cli.run_with_view import print_outcome, run_with_view

    if dry and as_json:
        print_json({"estimate": prepared.estimate.model_dump(mode="json")})
        return
    if dry:
        for line in run_preview_lines(prepared):
            print_text(out(), line)
        return
    outcome = run_with_view(prepared, quiet=quiet)
    if outcome.limit or outcome.bugs:
        print_outcome(outcome, quiet=quiet)
        raise typer.Exit(outcome_code(outcome))
    found = planted_effect(prepared.plan, outcome.folder, *asked)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_text(out(), _sentence(found))


def _sentence(found: PlantedEffect) -> str:
    name = found.measure if found.option is None else f"{found.measure} ({found.option})"
    levels = f"{found.by} {found.levels[0]} and {found.by} {found.levels[1]}"
    if found.ratio is None or found.simulated is None:
        return f"No difference of {name} between {levels}: {found.why_not}."
    factor, unit = (100, " points") if found.scale == "share" else (1, "")
    interval = "" if found.low is None or found.high is None else f" [{number(found.low)}, {number(found.high)}]"
    return (
        f"{name} between {levels}: people differ by {number(factor * found.people)}{unit}, these simulated people by "
        f"{number(factor * found.simulated)}{unit}: {number(found.ratio)} times as much{interval}."
    )
