"""Several experiments in one command: all are checked first, then played one after another; one table at the end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from tinytroupe_cli.cli.errors import BUG, EXPECTATION_FAILED, LIMIT, PASSED, PROVIDER, USAGE, exit_code, tell, wished
from tinytroupe_cli.cli.outcome import outcome_code, outcome_lines, with_way_on
from tinytroupe_cli.cli.terminal import err, harmless, near, out, print_json
from tinytroupe_cli.core.errors import EnvironmentProblem, ModelError, TroupeError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.running import Outcome

WORST_FIRST = (BUG, USAGE, PROVIDER, LIMIT, EXPECTATION_FAILED, PASSED)
"""Of several exit codes the first of these that occurs is the command's."""
_STATUS = {
    PASSED: "passed",
    EXPECTATION_FAILED: "an expectation failed",
    PROVIDER: "too little came out",
    LIMIT: "a limit was reached",
    BUG: "broken off by a bug",
    USAGE: "could not be run",
}


@dataclass(frozen=True)
class _Played:
    """How one of them ended."""

    prepared: Prepared
    code: int
    outcome: Outcome | None = None
    problem: str = ""


def play_all(runs: Sequence[Prepared], *, max_cost: float | None, quiet: bool, as_json: bool) -> int:
    """Play runs under one budget in USD; return the worst exit code."""
    played: list[_Played] = []
    for number, prepared in enumerate(runs, start=1):
        if not quiet and not as_json:
            err().print(f"\n[{number} of {len(runs)}]", markup=False)
        played.append(_play(_within(prepared, max_cost, played), quiet=quiet or as_json))
    code = next(code for code in WORST_FIRST if any(one.code == code for one in played))
    if as_json:
        print_json({"runs": [_record(one) for one in played], "exit_code": wished(code)})
    else:
        out().print(_table(played))
    return code


def _within(prepared: Prepared, max_cost: float | None, played: Sequence[_Played]) -> Prepared:
    """Leave a run what those before it have left of the budget."""
    if max_cost is None:
        return prepared
    spent = sum(one.outcome.results.usd or 0.0 for one in played if one.outcome)
    left = max(0.0, max_cost - spent)
    limits = prepared.plan.limits
    usd = left if limits.usd is None else min(left, limits.usd)
    plan = prepared.plan.model_copy(update={"limits": limits.model_copy(update={"usd": usd})})
    return replace(prepared, compiled=replace(prepared.compiled, plan=plan))


def _play(prepared: Prepared, *, quiet: bool) -> _Played:
    from tinytroupe_cli.api.running import Watchers, play
    from tinytroupe_cli.cli.progress import view_for
    from tinytroupe_cli.cli.summary import conclusion, introduction, reasons

    command = shlex.join(["troupe", *sys.argv[1:]])
    for line in () if quiet else introduction(prepared):
        err().print(harmless(line), markup=False)
    try:
        with view_for(prepared, is_quiet=quiet, is_json=False) as view:
            watchers = Watchers(view.begun, view.happened, view.noted, view.wrote, view.stopping)
            outcome = play(prepared, watchers, command=command)
    except KeyboardInterrupt:
        err().print(f"\nStopped. Nothing that was answered is lost; this goes on from here:\n  {command}", markup=False)
        raise
    except TroupeError as error:
        if isinstance(error, ModelError | EnvironmentProblem):
            error.hint = with_way_on(error.hint, command)
        tell(error)
        return _Played(prepared, exit_code(error), problem=error.message)
    for line in reasons(outcome) if quiet else conclusion(outcome):
        err().print(harmless(line), markup=False)
    for line in outcome_lines(outcome):
        err().print(harmless(line), markup=False)
    return _Played(prepared, outcome_code(outcome), outcome)


def _record(one: _Played) -> dict[str, Any]:
    results = one.outcome.results if one.outcome else None
    return {
        "name": one.prepared.plan.name,
        "experiment": str(one.prepared.compiled.path),
        "exit_code": wished(one.code),
        "status": results.status if results else "stopped",
        "problem": one.problem,
        "folder": str(one.outcome.folder) if one.outcome else None,
        "report": str(_report(one.outcome)) if one.outcome else None,
        "calls": results.accounts.calls if results else None,
        "usd": results.usd if results else None,
        "expectations": [expected.model_dump(mode="json") for expected in results.expectations] if results else [],
    }


def _table(played: Sequence[_Played]) -> Table:
    table = Table("experiment", "", "answers", "cost", "time", "report", box=None, pad_edge=False, header_style="bold")
    for one in played:
        results = one.outcome.results if one.outcome else None
        stated = sum(row.outcome == "stated" for row in results.rows) if results else 0
        cost = "-" if results is None else "unknown" if results.usd is None else f"${results.usd:.4f}"
        table.add_row(
            harmless(one.prepared.plan.name),
            _STATUS.get(one.code, str(one.code)),
            f"{stated} of {len(results.rows)}" if results else "-",
            cost,
            f"{results.accounts.seconds or 0:.0f} s" if results else "-",
            harmless(near(_report(one.outcome))) if one.outcome else harmless(one.problem),
        )
    return table


def _report(outcome: Outcome) -> Path:
    return next((path for path in outcome.reports if path.suffix == ".md"), outcome.reports[0])
