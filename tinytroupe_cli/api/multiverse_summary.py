"""Joins the branches of a multiverse's runs in the reports of the first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.api.results import Results, results_of_run, rewrite_reports
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.results_builder import BranchesOfRuns
from tinytroupe_cli.runs.folder import RunFolder

__all__ = ["is_branch_of", "join_branches"]


def is_branch_of(compiled: Compiled, plan: Plan) -> bool:
    """Return whether a plan is that of another run of an experiment's multiverse; limits may differ."""
    return plan_hash(plan) in {plan_hash(branch.plan) for branch in compiled.branches}


def join_branches(first: Path, others: Sequence[Path]) -> Results:
    """Write what other runs found to the folder of the first run, and write its reports again.

    Runs that did not finish are left out: part of the answers would be another analysis.
    """
    folder = RunFolder(first)
    results = [results_of_run(RunFolder(path)) for path in others]
    found = {
        result.provenance.run: result.multiverse
        for result in results
        if result.multiverse and result.status == "finished"
    }
    write_whole(folder.branches_file, BranchesOfRuns(runs=found).model_dump_json(indent=1) + "\n")
    return rewrite_reports(folder)[0]
