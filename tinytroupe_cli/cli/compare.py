"""troupe compare: compares a measure of a finished run, without model calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import out, print_json, print_text
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from pydantic import BaseModel

ONLY_WITH_HUMANS = (("--column", 0), ("--weight", 1), ("--key", 2), ("--retest", 3), ("--map", 4))


ComparedRunArgument = Annotated[
    Path, typer.Argument(help="A run's folder; results/ or results/NAME means the newest run in it.")
]
MeasureOption = Annotated[str, typer.Option("--measure", help="The measure, such as choice.ad.")]
GroupedBy = Annotated[
    str,
    typer.Option(
        "--by",
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
    typer.Option("--map", help="Read a text in the file as an answer, as in 'Very likely=5'; repeatable."),
]


def compare(
    run: ComparedRunArgument = Path("results"),
    *,
    measure: MeasureOption,
    by: GroupedBy = "",
    at: LevelsOption = None,
    bands: BandsOption = "",
    humans: HumanFile = "",
    column: AnswerColumn = "",
    weight: WeightColumn = "",
    key: KeyColumn = "",
    retest: RetestColumn = "",
    mapped: AnswerMap = None,
    as_json: Json = False,
) -> None:
    """Compare a measure between conditions or groups of people, or with human answers. Makes no model calls."""
    from tinytroupe_cli.api.comparing import compare_run, comparison_sentence
    from tinytroupe_cli.api.human_comparing import HumanColumns, compare_with_humans, fidelity_lines

    narrowed, edges = _pairs("--at", at or (), "FACTOR=LEVEL", "such as --at price=399"), _edges(bands)
    if humans:
        answers = _pairs("--map", mapped or (), "TEXT=ANSWER", "such as --map 'Very likely=5'")
        columns = HumanColumns(humans, column, weight, key, retest, answers)
        held = compare_with_humans(run, measure, columns, by, at=narrowed, bands=edges)
        _print("fidelity", [held], fidelity_lines(held), as_json=as_json)
        return
    if unused := next((name for name, value in ONLY_WITH_HUMANS if (column, weight, key, retest, mapped)[value]), ""):
        raise RunError(f"{unused} can only be used with human answers", hint="add --with FILE")
    found = compare_run(run, measure, by, at=narrowed, bands=edges).comparisons
    _print("comparisons", found, map(comparison_sentence, found), as_json=as_json)


def _print(kind: str, found: Sequence[BaseModel], lines: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        print_json({kind: [result.model_dump(mode="json") for result in found]})
        return
    for line in lines:
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
