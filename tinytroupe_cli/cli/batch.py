"""Runs several experiments with one command: checks all of them first, runs one after another, prints a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    exit_code,
    print_error,
)
from tinytroupe_cli.cli.regressions import regression_lines
from tinytroupe_cli.cli.run_output import RunOutput, outcome_record, verdict
from tinytroupe_cli.cli.run_with_view import Accounts, print_outcome, report_of, run_with_view
from tinytroupe_cli.cli.terminal import err, out, print_json, printable, relative_path
from tinytroupe_cli.core.errors import TroupeError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
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
class _BatchItem:
    """How one run ended."""

    prepared: Prepared
    code: int
    usd: float
    """Cost so far in USD, as far as it is known."""
    outcome: RunOutcome | None = None
    problem: str = ""
    checks: tuple[RegressionCheck, ...] = ()


def run_all(runs: Sequence[Prepared], output: RunOutput, *, max_cost: float | None) -> int:
    """Run experiments under one budget in USD; return the worst exit code."""
    as_json, quiet = output.as_json, output.quiet or output.as_json
    played: list[_BatchItem] = []
    for number, prepared in enumerate(runs, start=1):
        if not quiet:
            err().print(f"\n[{number} of {len(runs)}]", markup=False)
        played.append(_play(_within(prepared, max_cost, played), output, quiet=quiet))
    _join(played)
    code = next(code for code in WORST_FIRST if any(item.code == code for item in played))
    if as_json:
        print_json({"runs": [_record(item) for item in played], "exit_code": configured_code(code)})
    else:
        out().print(_table(played))
    return code


def _join(played: Sequence[_BatchItem]) -> None:
    """Join the runs of each multiverse in the reports of its first run, as far as they finished."""
    for first in played:
        if first.outcome is None or not first.prepared.compiled.branches:
            continue
        from tinytroupe_cli.api.multiverse_summary import is_branch_of, join_branches

        compiled = first.prepared.compiled
        others = [item.outcome for item in played if item.outcome and is_branch_of(compiled, item.prepared.plan)]
        join_branches(first.outcome.folder, [outcome.folder for outcome in others])


def _within(prepared: Prepared, max_cost: float | None, played: Sequence[_BatchItem]) -> Prepared:
    """Set a run's budget to what earlier runs, also broken-off ones, have left."""
    if max_cost is None:
        return prepared
    left = max(0.0, max_cost - sum(item.usd for item in played))
    limits = prepared.plan.limits
    usd = left if limits.usd is None else min(left, limits.usd)
    plan = prepared.plan.model_copy(update={"limits": limits.model_copy(update={"usd": usd})})
    return replace(prepared, compiled=replace(prepared.compiled, plan=plan))


def _play(prepared: Prepared, output: RunOutput, *, quiet: bool) -> _BatchItem:
    accounts: list[Accounts] = []
    try:
        outcome = run_with_view(prepared, quiet=quiet, on_accounts=accounts.append)
    except TroupeError as error:
        print_error(error)
        usd = accounts[0]().usd if accounts else 0.0
        return _BatchItem(prepared, exit_code(error), usd, problem=error.message)
    print_outcome(outcome, quiet=quiet)
    code, checks = verdict(outcome, prepared, output.limits)
    for line in regression_lines(checks, quiet=output.quiet):
        err().print(printable(line), markup=False)
    return _BatchItem(prepared, code, outcome.results.usd or 0.0, outcome, checks=checks)


def _record(item: _BatchItem) -> dict[str, Any]:
    if item.outcome is not None:
        record = outcome_record(item.prepared, item.outcome, report_of(item.outcome), item.code, item.checks)
        return {key: value for key, value in record.items() if key != "record"}
    return {
        "name": item.prepared.plan.name,
        "experiment": str(item.prepared.compiled.path),
        "status": "stopped",
        "exit_code": configured_code(item.code),
        "problem": item.problem,
        **dict.fromkeys(("folder", "report", "calls", "usd")),
        "expectations": [],
        "regressions": [],
    }


def _table(played: Sequence[_BatchItem]) -> Table:
    table = Table("experiment", "", "answers", "cost", "time", "report", box=None, pad_edge=False, header_style="bold")
    for item in played:
        results = item.outcome.results if item.outcome else None
        stated = sum(row.outcome == "stated" for row in results.rows) if results else 0
        cost = "-" if results is None else "unknown" if results.usd is None else f"${results.usd:.4f}"
        table.add_row(
            printable(item.prepared.plan.name),
            _STATUS.get(item.code, str(item.code)),
            f"{stated} of {len(results.rows)}" if results else "-",
            cost,
            f"{results.accounts.seconds or 0:.0f} s" if results else "-",
            printable(relative_path(report_of(item.outcome))) if item.outcome else printable(item.problem),
        )
    return table
