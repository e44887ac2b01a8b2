"""Prints what a run will do before its first call: the steps, the model, the time and the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tinytroupe_cli.cli.terminal import err, print_text, printable, relative_path

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared


def show_opening(prepared: Prepared) -> None:
    """Print the preview and any warnings."""
    from tinytroupe_cli.api.run_preview import run_preview_lines

    console, plan = err(), prepared.plan
    console.print(Text(printable(plan.title or plan.name), style="bold"))
    lines = run_preview_lines(prepared)
    lines += [
        f"Note: {finding.message}" + (f" ({finding.hint})" if finding.hint else "") for finding in prepared.findings
    ]
    lines += [f"Note: {warning}" for warning in prepared.estimate.warnings]
    if prepared.resumed is not None:
        lines.append(f"It continues the run {relative_path(prepared.resumed.path)}.")
    for line in lines:
        print_text(console, line)
    console.print()
