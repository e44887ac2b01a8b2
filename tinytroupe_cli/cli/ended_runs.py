"""The runs of a command that ended: their worst exit code, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from tinytroupe_cli.cli.errors import (
    BUG,
    EXPECTATION_FAILED,
    LIMIT,
    NOTHING_TO_DO,
    PASSED,
    PROVIDER,
    USAGE,
    configured_code,
)
from tinytroupe_cli.cli.terminal import out, print_json, printable, relative_path

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import RunOutcome
    from tinytroupe_cli.api.run_comparing import RegressionCheck

WORST_FIRST = (BUG, USAGE, NOTHING_TO_DO, PROVIDER, LIMIT, EXPECTATION_FAILED, PASSED)
"""Exit codes by priority: the first that occurs is the command's."""
_STATUS = {
    PASSED: "passed",
    EXPECTATION_FAILED: "an expectation failed",
    PROVIDER: "too few results",
    LIMIT: "a limit was reached",
    BUG: "ended by a bug",
    USAGE: "could not be run",
    NOTHING_TO_DO: "nothing to do",
}


@dataclass(frozen=True)
class EndedRun:
    """How one run ended."""

    name: str
    path: Path
    """The experiment's file, as typed."""
    text: str
    """Its content."""
    expect: tuple[str, ...]
    """Its expectations."""
    code: int
    outcome: RunOutcome | None = None
    problem: str = ""
    """Why there is no outcome, or what is missing in it."""
    checks: tuple[RegressionCheck, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return what `--json` says of the run."""
        results = self.outcome.results if self.outcome else None
        return {
            "name": self.name,
            "experiment": str(self.path),
            "status": results.status if results else "stopped",
            "exit_code": configured_code(self.code),
            "problem": self.problem,
            "folder": str(self.outcome.folder) if self.outcome else None,
            "report": str(self.outcome.main_report) if self.outcome else None,
            "calls": results.accounts.calls if results else None,
            "usd": results.usd if results else None,
            "expectations": [expected.model_dump(mode="json") for expected in results.expectations] if results else [],
            "regressions": [check.model_dump(mode="json") for check in self.checks],
        }


def print_ended(ended: Sequence[EndedRun], *, as_json: bool) -> int:
    """Print a row or a record for each run to stdout; return the worst exit code."""
    code = next((code for code in WORST_FIRST if any(item.code == code for item in ended)), PASSED)
    if as_json:
        print_json({"runs": [item.record() for item in ended], "exit_code": configured_code(code)})
    else:
        out().print(_table(ended))
    return code


def _table(played: Sequence[EndedRun]) -> Table:
    table = Table("experiment", "", "answers", "cost", "time", "report", box=None, pad_edge=False, header_style="bold")
    for item in played:
        results = item.outcome.results if item.outcome else None
        stated = sum(row.outcome == "stated" for row in results.rows) if results else 0
        cost = "-" if results is None else "unknown" if results.usd is None else f"${results.usd:.4f}"
        table.add_row(
            printable(item.name),
            _STATUS.get(item.code, str(item.code)),
            f"{stated} of {len(results.rows)}" if results else "-",
            cost,
            f"{results.accounts.seconds or 0:.0f} s" if results else "-",
            printable(relative_path(item.outcome.main_report)) if item.outcome else printable(item.problem),
        )
    return table
