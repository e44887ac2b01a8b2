"""troupe compare: compares a measure of a finished run, without model calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.terminal import out, print_json, print_text

ONLY_WITH_HUMANS = (("--column", 0), ("--weight", 1), ("--key", 2), ("--retest", 3), ("--map", 4))


def compare(
    run: Annotated[
        Path, typer.Argument(help="A run's folder, or results/NAME or results/ to use the newest run inside it.")
    ] = Path("results"),
    *,
    measure: Annotated[str, typer.Option("--measure", help="The measure, such as choice.ad.")],
    by: Annotated[
        str,
        typer.Option(
            "--by", help="A factor, a field of people such as person.age, or options; default: the only factor."
        ),
    ] = "",
    at: Annotated[
        list[str] | None,
        typer.Option("--at", help="Restrict another factor to one level, as in price=399; repeatable."),
    ] = None,
    bands: Annotated[str, typer.Option("--bands", help="Boundaries between groups of people, such as 35,55.")] = "",
    humans: Annotated[
        str, typer.Option("--with", help="A file of human answers to compare the measure with, one row per person.")
    ] = "",
    column: Annotated[str, typer.Option("--column", help="Its column of answers; default: the field's name.")] = "",
    weight: Annotated[str, typer.Option("--weight", help="Its column of weights.")] = "",
    key: Annotated[str, typer.Option("--key", help="Its column that names people's simulated twins.")] = "",
    retest: Annotated[str, typer.Option("--retest", help="Its column of the same people's second answers.")] = "",
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", help="What stands in the file = the answer, as in 'Very likely=5'; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare a measure between conditions or groups of people, or with human answers. Makes no model calls."""
    from tinytroupe_cli.api.comparing import compare_run, comparison_sentence
    from tinytroupe_cli.api.human_comparing import HumanColumns, compare_with_humans, fidelity_lines
    from tinytroupe_cli.core.errors import RunError

    narrowed = _pairs("--at", at or (), "FACTOR=LEVEL", "such as --at price=399")
    try:
        edges = tuple(float(edge) for edge in bands.split(",") if edge.strip())
    except ValueError as error:
        raise RunError(f"--bands expects numbers separated by commas, got '{bands}'") from error
    if humans:
        answers = _pairs("--map", mapped or (), "TEXT=ANSWER", "such as --map 'Very likely=5'")
        columns = HumanColumns(humans, column, weight, key, retest, answers)
        held = compare_with_humans(run, measure, columns, by, at=narrowed, bands=edges)
        if as_json:
            print_json({"fidelity": [held.model_dump(mode="json")]})
        else:
            for line in fidelity_lines(held):
                print_text(out(), line)
        return
    if unused := next((name for name, value in ONLY_WITH_HUMANS if (column, weight, key, retest, mapped)[value]), ""):
        raise RunError(f"{unused} is about human answers", hint="add --with FILE")
    found = compare_run(run, measure, by, at=narrowed, bands=edges)
    if as_json:
        print_json({"comparisons": [comparison.model_dump(mode="json") for comparison in found.comparisons]})
        return
    for comparison in found.comparisons:
        print_text(out(), comparison_sentence(comparison))


def _pairs(option: str, written: Sequence[str], form: str, hint: str) -> dict[str, str]:
    """Return what is left and right of the first equals sign of each."""
    from tinytroupe_cli.core.errors import RunError

    parts = [one.partition("=") for one in written]
    if wrong := next((one for one, (_, sign, _) in zip(written, parts, strict=True) if not sign), ""):
        raise RunError(f"{option} expects {form}, got '{wrong}'", hint=hint)
    return {left.strip(): right.strip() for left, _, right in parts}
