"""Runs several experiments with one command: checks all of them first, runs one after another, prints a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.ended_runs import EndedRun, print_ended
from tinytroupe_cli.cli.errors import exit_code, print_error
from tinytroupe_cli.cli.regressions import regression_lines
from tinytroupe_cli.cli.run_output import RunOutput, ended_run
from tinytroupe_cli.cli.run_with_view import Accounts, print_outcome, run_with_view
from tinytroupe_cli.cli.terminal import err, printable
from tinytroupe_cli.core.errors import TroupeError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared


@dataclass(frozen=True)
class _BatchItem:
    """How one run ended."""

    prepared: Prepared
    ended: EndedRun
    usd: float
    """Cost so far in USD, as far as it is known."""


def run_all(runs: Sequence[Prepared], output: RunOutput, *, max_cost: float | None) -> int:
    """Run experiments under one budget in USD, with shared rate limits; return the worst exit code."""
    quiet = output.quiet or output.as_json
    played: list[_BatchItem] = []
    lanes = runs[0].lanes if runs else {}
    for number, prepared in enumerate(runs, start=1):
        if not quiet:
            err().print(f"\n[{number} of {len(runs)}]", markup=False)
        within = replace(_within(prepared, max_cost, played), lanes=lanes)
        played.append(_play(within, output, quiet=quiet))
    _join(played)
    ended = [item.ended for item in played]
    output.ci.write(ended)
    return print_ended(ended, as_json=output.as_json)


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
    plan = prepared.plan.model_copy(update={"limits": prepared.plan.limits.model_copy(update={"usd": left})})
    return replace(prepared, compiled=replace(prepared.compiled, plan=plan))


def _play(prepared: Prepared, output: RunOutput, *, quiet: bool) -> _BatchItem:
    accounts: list[Accounts] = []
    try:
        outcome = run_with_view(prepared, quiet=quiet, on_accounts=accounts.append, on_folder=output.on_folder)
    except TroupeError as error:
        print_error(error)
        compiled, usd = prepared.compiled, accounts[0]().usd if accounts else 0.0
        plan, code = compiled.plan, exit_code(error)
        ended = EndedRun(plan.name, compiled.path, compiled.text, plan.expect, code, problem=error.message)
        return _BatchItem(prepared, ended, usd)
    print_outcome(outcome, quiet=quiet)
    ended = ended_run(prepared, outcome, output)
    for line in regression_lines(ended.checks, quiet=output.quiet, inconclusive=output.ci.inconclusive):
        err().print(printable(line), markup=False)
    return _BatchItem(prepared, ended, outcome.results.usd or 0.0)
