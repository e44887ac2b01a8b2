"""troupe compare: compares a measure of a finished run, without model calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.terminal import out, print_json, print_text


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare a measure between conditions or groups of people. Makes no model calls."""
    from tinytroupe_cli.api.comparing import compare_run, comparison_sentence
    from tinytroupe_cli.core.errors import RunError

    pairs = [condition.partition("=") for condition in at or ()]
    if wrong := next((condition for condition, (_, sign, _) in zip(at or (), pairs, strict=True) if not sign), ""):
        raise RunError(f"--at expects FACTOR=LEVEL, got '{wrong}'", hint="such as --at price=399")
    narrowed = {factor.strip(): level.strip() for factor, _, level in pairs}
    try:
        edges = tuple(float(edge) for edge in bands.split(",") if edge.strip())
    except ValueError as error:
        raise RunError(f"--bands expects numbers separated by commas, got '{bands}'") from error
    found = compare_run(run, measure, by, at=narrowed, bands=edges)
    if as_json:
        print_json({"comparisons": [comparison.model_dump(mode="json") for comparison in found.comparisons]})
        return
    for comparison in found.comparisons:
        print_text(out(), comparison_sentence(comparison))
