"""troupe power: the power and cost of designs, before a run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.cards import draw_table
from tinytroupe_cli.cli.completions import MEASURES, RUNS
from tinytroupe_cli.cli.options import (
    AllowAddress,
    AllowPath,
    ExperimentArgument,
    Json,
    ModelOption,
    Set,
    parse_overrides,
    permissions,
)
from tinytroupe_cli.cli.power_words import HEADINGS, closing_lines, opening_lines, table_rows
from tinytroupe_cli.cli.rectification_words import (
    COLUMNS,
    rectification_closing,
    rectification_opening,
    rectification_rows,
)
from tinytroupe_cli.cli.terminal import out, print_json, print_text
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tinytroupe_cli.api.power_analysis import PowerResult
    from tinytroupe_cli.api.rectification_planning import HumansNeededResult

ONLY_POWER = ("--effect", "--wordings", "--replicates", "--icc")
ONLY_RECTIFY = ("--half-width", "--correlation")

PowerMeasureOption = Annotated[
    str,
    typer.Option(
        "--measure", help="Measure to plan for; default: the measure of the first comparison.", autocompletion=MEASURES
    ),
]
Factor = Annotated[str, typer.Option("--by", help="Factor to plan for; default: the factor of the first comparison.")]
EffectOption = Annotated[
    str,
    typer.Option(
        "--effect",
        help="Difference to detect: 5points, 0.3 in the measure's unit, or 0.3sd. "
        "Default: 10 points of a share, otherwise 0.5sd.",
    ),
]
Pilot = Annotated[
    Path | None,
    typer.Option("--pilot", metavar="RUN", help="Finished run to resample people from.", autocompletion=RUNS),
]
People = Annotated[
    str,
    typer.Option(
        "--people",
        metavar="N,N",
        help="Numbers of people to try; default: 20,40,80. With --rectify: simulated people; default: 200,500,1000.",
    ),
]
WordingsOption = Annotated[
    str, typer.Option("--wordings", metavar="N,N", help="Numbers of wordings to try; default: 1.")
]
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
FirstShare = Annotated[float | None, typer.Option("--share", min=0.001, max=0.999, help="Share at the first level.")]
DrawsOption = Annotated[int, typer.Option("--draws", min=100, help="Number of simulated runs per design.")]
Rectify = Annotated[
    bool,
    typer.Option("--rectify", help="Instead of the power, show how many human answers a rectified estimate needs."),
]
HalfWidth = Annotated[
    str,
    typer.Option(
        "--half-width",
        help="With --rectify: half-width of the interval, such as 5points, 0.3 or 0.2sd. Default: 5 points of a "
        "share, otherwise 0.2sd.",
    ),
]
Correlations = Annotated[
    str,
    typer.Option(
        "--correlation", metavar="R,R", help="With --rectify: correlations between people's answers and their twins'."
    ),
]


def power(
    file: ExperimentArgument,
    sets: Set = None,
    *,
    measure: PowerMeasureOption = "",
    by: Factor = "",
    effect: EffectOption = "",
    pilot: Pilot = None,
    people: People = "",
    wordings: WordingsOption = "",
    replicates: ReplicateCounts = "",
    usd: MaxUsd = None,
    sd: StandardDeviation = None,
    icc: Correlation = None,
    share: FirstShare = None,
    draws: DrawsOption = 1_000,
    rectify: Rectify = False,
    half_width: HalfWidth = "",
    correlation: Correlations = "",
    model: ModelOption = None,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    as_json: Json = False,
) -> None:
    """Show how often a design would find an effect, and what it would cost. Makes no model calls.

    Each design is simulated many times and analyzed as in a report.
    Without --pilot, answers are simulated from --sd, --icc and --share.
    If you omit one of these, a cautious value is used and printed.

    With --rectify, show how many human answers a rectified estimate needs, for each number of simulated people.
    """
    given = {
        "--half-width": half_width,
        "--correlation": correlation,
        "--effect": effect,
        "--wordings": wordings,
        "--replicates": replicates,
        "--icc": icc is not None,
    }
    _check_fit(given, ONLY_POWER if rectify else ONLY_RECTIFY, f"with{'' if rectify else 'out'} --rectify")
    if pilot is not None:
        known = {"--sd": sd is not None, "--icc": icc is not None, "--share": share is not None}
        _check_fit(known, tuple(known), "with --pilot, which has its own figures")
    from tinytroupe_cli.api.power_assumptions import Stated

    overrides, flags = parse_overrides(sets), {"model.people": model, **permissions(allow_path, allow_address)}
    stated, sizes = Stated(effect, sd, icc, share), _numbers("--people", people) if people else ()
    if rectify:
        from tinytroupe_cli.api.rectification_planning import RectificationRequest, humans_for_rectification

        correlations = _correlations(correlation) if correlation else ()
        wanted = RectificationRequest(measure, by, half_width, sizes, correlations, stated, pilot, usd, draws)
        with waiting("simulating", is_quiet=as_json):
            needed = humans_for_rectification(file, wanted, env=os.environ, overrides=overrides, flags=flags)
        lines = rectification_opening(needed), rectification_closing(needed)
        _print(needed, lines, COLUMNS, list(rectification_rows(needed)), as_json=as_json)
        return
    from tinytroupe_cli.api.power_analysis import PEOPLE, PowerRequest, power_of_designs

    request = PowerRequest(
        measure=measure,
        by=by,
        people=sizes or PEOPLE,
        wordings=_numbers("--wordings", wordings) if wordings else (1,),
        replicates=_numbers("--replicates", replicates) if replicates else (),
        stated=stated,
        pilot=pilot,
        usd=usd,
        draws=draws,
    )
    with waiting("simulating designs", is_quiet=as_json):
        found = power_of_designs(file, request, env=os.environ, overrides=overrides, flags=flags)
    _print(found, (opening_lines(found), closing_lines(found)), HEADINGS, list(table_rows(found)), as_json=as_json)


def _check_fit(given: Mapping[str, object], unfit: Sequence[str], where: str) -> None:
    """Report an option that would have no effect; raises RunError."""
    for option in unfit:
        if given[option]:
            raise RunError(f"{option} has no effect {where}", hint="leave it out")


def _print(
    found: PowerResult | HumansNeededResult,
    lines: tuple[Iterable[str], Iterable[str]],
    headings: Sequence[str],
    rows: list[tuple[str, ...]],
    *,
    as_json: bool,
) -> None:
    """Print a table between lines about what it shows, or everything as JSON."""
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    opening, closing = lines
    for line in opening:
        print_text(out(), line)
    out().print()
    draw_table(out(), headings, rows)
    out().print()
    for line in closing:
        print_text(out(), line)


def _correlations(written: str) -> tuple[float, ...]:
    """Return the correlations of a list, sorted, each once; raises RunError for anything else."""
    try:
        found = tuple(sorted({float(part) for part in written.split(",") if part.strip()}))
    except ValueError:
        found = ()
    if not found or not all(0 <= one < 1 for one in found):
        message = f"--correlation expects numbers from 0 to below 1, separated by commas, got '{written}'"
        raise RunError(message, hint="for example, 0.2,0.4,0.6")
    return found


def _numbers(option: str, written: str) -> tuple[int, ...]:
    """Return the whole numbers of a list, sorted, each once; raises RunError for anything else."""
    try:
        found = tuple(sorted({int(part) for part in written.split(",") if part.strip()}))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise RunError(
            f"{option} expects whole numbers separated by commas, got '{written}'", hint="for example, 20,40,80"
        )
    return found
