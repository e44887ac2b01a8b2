"""troupe compare: compares two runs, or a measure within a run, without model calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from tinytroupe_cli.cli.completions import MEASURES, RUNS_AND_EXPERIMENTS, SPLITS
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.regressions import FailOnRegression
from tinytroupe_cli.cli.terminal import out, print_json, print_text
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from pydantic import BaseModel

ONLY_WITH_HUMANS = ("--column", "--weight", "--key", "--retest", "--map")


ComparedRunsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[RUN] [RUN_B]",
        help="A run's folder. results/ or results/NAME means the newest run in it; an experiment file means that "
        "experiment's newest run. Two runs are compared with each other.",
        show_default=False,
        autocompletion=RUNS_AND_EXPERIMENTS,
    ),
]
MeasureOption = Annotated[
    str,
    typer.Option(
        "--measure",
        help="Measure to compare within one run, such as choice.ad.",
        autocompletion=MEASURES,
    ),
]
PageOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="For two runs: also write the comparison to this file."),
]
GroupedBy = Annotated[
    str,
    typer.Option(
        "--by",
        autocompletion=SPLITS,
        help="A factor, a field of people such as person.age, or 'options' to compare a question's options with each "
        "other; default: the factor, if there is only one.",
    ),
]
LevelsOption = Annotated[
    list[str] | None,
    typer.Option("--at", help="Restrict another factor to one level, as in price=399; repeatable."),
]
BandsOption = Annotated[str, typer.Option("--bands", help="Boundaries between groups of people, such as 35,55.")]
HumanFile = Annotated[
    str, typer.Option("--with", help="A file of human answers to compare the measure with, one row per person.")
]
AnswerColumn = Annotated[
    str,
    typer.Option("--column", help="Column of the --with file that holds the answers; default: the field's name."),
]
WeightColumn = Annotated[str, typer.Option("--weight", help="Column of the --with file that holds the weights.")]
KeyColumn = Annotated[
    str, typer.Option("--key", help="Column of the --with file that identifies each person's simulated twin.")
]
RetestColumn = Annotated[
    str, typer.Option("--retest", help="Column of the --with file that holds the same people's second answers.")
]
AnswerMap = Annotated[
    list[str] | None,
    typer.Option("--map", help="Count a text in the --with file as this answer, as in 'Very likely=5'; repeatable."),
]


def compare(
    runs: ComparedRunsArgument = None,
    *,
    measure: MeasureOption = "",
    by: GroupedBy = "",
    at: LevelsOption = None,
    bands: BandsOption = "",
    humans: HumanFile = "",
    column: AnswerColumn = "",
    weight: WeightColumn = "",
    key: KeyColumn = "",
    retest: RetestColumn = "",
    mapped: AnswerMap = None,
    fail_on_regression: FailOnRegression = None,
    output: PageOption = None,
    as_json: Json = False,
) -> None:
    """Compare two runs, a run with its baseline, or a measure within a run (--measure). Makes no model calls."""
    narrowed, edges = _pairs("--at", at or (), "FACTOR=LEVEL", "for example, --at price=399"), _edges(bands)
    answers = _pairs("--map", mapped or (), "TEXT=ANSWER", "for example, --map 'Very likely=5'")
    named, with_humans = runs or [Path("results")], (column, weight, key, retest, mapped)
    if len(named) > 1 or not measure:
        from tinytroupe_cli.cli.compare_runs import compare_and_print

        if any((by, at, bands, humans, *with_humans)):
            raise RunError("--by, --at, --bands and --with compare a measure within one run", hint="add --measure")
        compare_and_print(named, measure, fail_on_regression, output, as_json=as_json)
        return
    if fail_on_regression or output:
        wrong = "--fail-on-regression" if fail_on_regression else "--output"
        hint = "leave out --measure to compare the run with its baseline"
        raise RunError(f"{wrong} can only be used to compare two runs", hint=hint)
    columns = _Columns(humans, column, weight, key, retest, answers)
    _within_run(named[0], _Asked(measure, by, narrowed, edges), columns, as_json=as_json)


class _Asked(NamedTuple):
    """What is compared within a run."""

    measure: str
    by: str
    at: dict[str, str]
    bands: tuple[float, ...]


class _Columns(NamedTuple):
    """A file of human answers, and its columns, as written."""

    file: str
    column: str
    weight: str
    key: str
    retest: str
    map: dict[str, str]


def _within_run(run: Path, asked: _Asked, humans: _Columns, *, as_json: bool) -> None:
    """Compare a measure between conditions or groups of people, or with human answers."""
    from tinytroupe_cli.api.comparing import compare_run, comparison_sentence, excluded_ids, left_out
    from tinytroupe_cli.api.human_comparing import HumanColumns, compare_with_humans, fidelity_lines

    if humans.file:
        columns = HumanColumns(*humans)
        with waiting("comparing", is_quiet=as_json):
            held = compare_with_humans(run, asked.measure, columns, asked.by, at=asked.at, bands=asked.bands)
        lines = [*fidelity_lines(held.fidelity), left_out(held.results)]
        _print("fidelity", [held.fidelity], lines, excluded_ids(held.results), as_json=as_json)
        return
    if unused := next((name for name, value in zip(ONLY_WITH_HUMANS, humans[1:], strict=True) if value), ""):
        raise RunError(f"{unused} can only be used with human answers", hint="add --with FILE")
    with waiting("comparing", is_quiet=as_json):
        found = compare_run(run, asked.measure, asked.by, at=asked.at, bands=asked.bands)
    lines = [*map(comparison_sentence, found.comparisons), left_out(found.results)]
    _print("comparisons", found.comparisons, lines, found.excluded, as_json=as_json)


def _print(
    kind: str, found: Sequence[BaseModel], lines: Iterable[str], excluded: Sequence[str], *, as_json: bool
) -> None:
    if as_json:
        print_json({kind: [result.model_dump(mode="json") for result in found], "excluded": list(excluded)})
        return
    for line in filter(None, lines):
        print_text(out(), line)


def _edges(bands: str) -> tuple[float, ...]:
    """Return the boundaries between groups; raises `RunError` for anything but numbers."""
    try:
        return tuple(float(edge) for edge in bands.split(",") if edge.strip())
    except ValueError as error:
        raise RunError(f"--bands expects numbers separated by commas, got '{bands}'") from error


def _pairs(option: str, written: Sequence[str], form: str, hint: str) -> dict[str, str]:
    """Return what is left and right of the first equals sign of each."""
    parts = [pair.partition("=") for pair in written]
    if wrong := next((pair for pair, (_, sign, _) in zip(written, parts, strict=True) if not sign), ""):
        raise RunError(f"{option} expects {form}, got '{wrong}'", hint=hint)
    return {left.strip(): right.strip() for left, _, right in parts}
