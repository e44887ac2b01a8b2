"""Prints the comparison of two runs, or of a run with its experiment's baseline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from tinytroupe_cli.cli.errors import EXPECTATION_FAILED, PASSED, configured_code
from tinytroupe_cli.cli.regressions import regression_lines
from tinytroupe_cli.cli.terminal import err, out, print_json, printable, relative_path
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole

if TYPE_CHECKING:
    from tinytroupe_cli.api.run_comparing import ComparableRun

TWO = 2
"""Runs that are compared."""


def compare_and_print(
    runs: Sequence[Path], measure: str, limits: Sequence[str] | None, output: Path | None, *, as_json: bool
) -> None:
    """Compare two runs, or one with its baseline; exits with 1 if a limit on regressions is exceeded."""
    from tinytroupe_cli.api.run_comparing import (
        compare_runs,
        has_regression,
        read_regression_limits,
        run_comparison_markdown,
    )

    wanted = read_regression_limits(limits or ())
    with waiting("comparing", is_quiet=as_json):
        before, after = _both(runs)
        found = compare_runs(before, after, wanted, measure=measure)
    code = EXPECTATION_FAILED if has_regression(found) else PASSED
    page = run_comparison_markdown(found)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(output, page)
    if as_json:
        print_json({**found.model_dump(mode="json"), "exit_code": configured_code(code)})
    else:
        _print_page(page)
        for line in regression_lines(found.regressions):
            err().print(printable(line), markup=False)
        if output is not None:
            err().print(printable(f"written to {relative_path(output)}"), markup=False)
    raise typer.Exit(code)


def _both(runs: Sequence[Path]) -> tuple[ComparableRun, ComparableRun]:
    """Return the runs to compare; of one run, its baseline comes first."""
    from tinytroupe_cli.api.reference_runs import reference_of
    from tinytroupe_cli.api.run_comparing import comparable, run_of

    if len(runs) > TWO:
        raise RunError(f"expected two runs to compare, got {len(runs)}")
    opened = [run_of(run, Path.cwd()) for run in runs]
    if len(opened) == TWO:
        if opened[0].path.resolve() == opened[1].path.resolve():
            raise RunError("both are the same run", hint="`troupe runs` lists all runs")
        return comparable(opened[0]), comparable(opened[1])
    after = comparable(opened[0])
    try:
        return reference_of(after.name, Path.cwd()), after
    except RunError as error:
        hint = f"name a second run, or a measure to compare within this one (--measure); {error.hint}"
        raise RunError(error.message, hint=hint) from error


def _print_page(page: str) -> None:
    console = out()
    if console.is_terminal:
        from rich.markdown import Markdown

        console.soft_wrap = False
        console.print(Markdown(printable(page)))
        return
    console.print(Text(printable(page)), end="")
