"""troupe power: the power and cost of designs, before a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.cards import draw_table
from tinytroupe_cli.cli.options import AllowAddress, AllowPath, Json, ModelOption, Set, parse_overrides, permissions
from tinytroupe_cli.cli.power_words import HEADINGS, closing_lines, opening_lines, table_rows
from tinytroupe_cli.cli.terminal import out, print_json, print_text
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.power_analysis import PowerResult


PowerMeasureOption = Annotated[
    str, typer.Option("--measure", help="The measure; default: that of the first comparison.")
]
Factor = Annotated[str, typer.Option("--by", help="The factor; default: that of the first comparison.")]
EffectOption = Annotated[
    str,
    typer.Option(
        "--effect",
        help="The difference to be found: 5points, 0.3 in the measure's unit, or 0.3sd. "
        "Default: 10 points of a share, otherwise 0.5sd.",
    ),
]
Pilot = Annotated[
    Path | None, typer.Option("--pilot", metavar="RUN", help="A finished run whose people are resampled.")
]
People = Annotated[str, typer.Option("--people", metavar="N,N", help="Numbers of people to try.")]
WordingsOption = Annotated[str, typer.Option("--wordings", metavar="N,N", help="Numbers of wordings to try.")]
ReplicateCounts = Annotated[
    str, typer.Option("--replicates", metavar="N,N", help="Numbers of replicates to try; default: the experiment's.")
]
MaxUsd = Annotated[float | None, typer.Option("--usd", min=0, help="Maximum cost of the recommended design, in USD.")]
StandardDeviation = Annotated[float | None, typer.Option("--sd", min=1e-9, help="Standard deviation of an answer.")]
Correlation = Annotated[
    float | None,
    typer.Option(
        "--icc", min=0, max=0.999, help="Correlation between two answers of the same person in the same condition."
    ),
]
FirstShare = Annotated[
    float | None, typer.Option("--share", min=0.001, max=0.999, help="The share at the first level.")
]
DrawsOption = Annotated[int, typer.Option("--draws", min=100, help="Number of simulated runs of each design.")]


def power(
    file: Annotated[Path, typer.Argument(help="An experiment file.")],
    sets: Set = None,
    *,
    measure: PowerMeasureOption = "",
    by: Factor = "",
    effect: EffectOption = "",
    pilot: Pilot = None,
    people: People = "20,40,80",
    wordings: WordingsOption = "1",
    replicates: ReplicateCounts = "",
    usd: MaxUsd = None,
    sd: StandardDeviation = None,
    icc: Correlation = None,
    share: FirstShare = None,
    draws: DrawsOption = 1_000,
    model: ModelOption = None,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    as_json: Json = False,
) -> None:
    """Show how often a design would find an effect, and what it would cost. Makes no model calls.

    Each design is simulated many times and analyzed as in a report.
    Without --pilot, answers are simulated from --sd, --icc and --share.
    For those you don't give, cautious values are used and printed.
    """
    from tinytroupe_cli.api.power_analysis import PowerRequest, power_of_designs
    from tinytroupe_cli.api.power_assumptions import Stated

    request = PowerRequest(
        measure=measure,
        by=by,
        people=_numbers("--people", people),
        wordings=_numbers("--wordings", wordings),
        replicates=_numbers("--replicates", replicates) if replicates else (),
        stated=Stated(effect, sd, icc, share),
        pilot=pilot,
        usd=usd,
        draws=draws,
    )
    flags = {"model.people": model, **permissions(allow_path, allow_address)}
    found = power_of_designs(file, request, env=os.environ, overrides=parse_overrides(sets), flags=flags)
    _print(found, as_json=as_json)


def _print(found: PowerResult, *, as_json: bool) -> None:
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for line in opening_lines(found):
        print_text(out(), line)
    out().print()
    draw_table(out(), HEADINGS, list(table_rows(found)))
    out().print()
    for line in closing_lines(found):
        print_text(out(), line)


def _numbers(option: str, written: str) -> tuple[int, ...]:
    """Return the whole numbers of a list, sorted, each once; raises RunError for anything else."""
    try:
        found = tuple(sorted({int(part) for part in written.split(",") if part.strip()}))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise RunError(f"{option} expects whole numbers separated by commas, got '{written}'", hint="such as 20,40,80")
    return found
