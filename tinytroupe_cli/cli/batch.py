"""Runs several experiments with one command: checks all of them first, runs one after another, prints a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.ci_output import CiOutput
from tinytroupe_cli.cli.ended_runs import EndedRun, print_ended
from tinytroupe_cli.cli.errors import exit_code, print_error
from tinytroupe_cli.cli.outcome import outcome_code
from tinytroupe_cli.cli.run_with_view import Accounts, print_outcome, run_with_view
from tinytroupe_cli.cli.terminal import err
from tinytroupe_cli.core.errors import TroupeError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.run import RunOutcome


@dataclass(frozen=True)
class _BatchItem:
    """How one run ended."""

    prepared: Prepared
    ended: EndedRun
    usd: float
    """Cost so far in USD, as far as it is known."""


def run_all(runs: Sequence[Prepared], ci: CiOutput, *, max_cost: float | None, quiet: bool, as_json: bool) -> int:
    """Run experiments under one budget in USD, with shared rate limits; return the worst exit code."""
    played: list[_BatchItem] = []
    lanes = runs[0].lanes if runs else {}
    for number, prepared in enumerate(runs, start=1):
        if not quiet and not as_json:
            err().print(f"\n[{number} of {len(runs)}]", markup=False)
        within = replace(_within(prepared, max_cost, played), lanes=lanes)
        played.append(_play(within, ci, quiet=quiet or as_json))
    _join(played)
    ci.write([ci.suite(item.prepared.compiled, item.ended.outcome, item.ended.problem) for item in played])
    return print_ended([item.ended for item in played], as_json=as_json)


def _join(played: Sequence[_BatchItem]) -> None:
    """Join the runs of each multiverse in the reports of its first run, as far as they finished."""
    for first in played:
        if first.ended.outcome is None or not first.prepared.compiled.branches:
            continue
        from tinytroupe_cli.api.multiverse_summary import is_branch_of, join_branches

        compiled = first.prepared.compiled
        others = [item.ended.outcome for item in played if is_branch_of(compiled, item.prepared.plan)]
        join_branches(first.ended.outcome.folder, [outcome.folder for outcome in others if outcome])


def _within(prepared: Prepared, max_cost: float | None, played: Sequence[_BatchItem]) -> Prepared:
    """Set a run's budget to what earlier runs, also broken-off ones, have left."""
    if max_cost is None:
        return prepared
    left = max(0.0, max_cost - sum(item.usd for item in played))
    limits = prepared.plan.limits
    usd = left if limits.usd is None else min(left, limits.usd)
    plan = prepared.plan.model_copy(update={"limits": limits.model_copy(update={"usd": usd})})
    return replace(prepared, compiled=replace(prepared.compiled, plan=plan))


def _play(prepared: Prepared, ci: CiOutput, *, quiet: bool) -> _BatchItem:
    accounts: list[Accounts] = []
    try:
        outcome = run_with_view(prepared, quiet=quiet, on_accounts=accounts.append)
    except TroupeError as error:
        print_error(error)
        usd = accounts[0]().usd if accounts else 0.0
        return _BatchItem(prepared, _ended(prepared, exit_code(error), problem=error.message), usd)
    print_outcome(outcome, quiet=quiet)
    code = outcome_code(outcome, ci.inconclusive)
    return _BatchItem(prepared, _ended(prepared, code, outcome), outcome.results.usd or 0.0)


def _ended(prepared: Prepared, code: int, outcome: RunOutcome | None = None, problem: str = "") -> EndedRun:
    return EndedRun(prepared.plan.name, str(prepared.compiled.path), code, outcome, problem)
