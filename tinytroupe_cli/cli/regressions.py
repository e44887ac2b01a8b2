"""`--fail-on-regression`: limits on what may change against a baseline, checked after a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.completions import LIMITS
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.ci_reports import Inconclusive
    from tinytroupe_cli.api.planning import Compiled, Plan
    from tinytroupe_cli.api.run import RunOutcome
    from tinytroupe_cli.api.run_comparing import RegressionCheck, RegressionLimit

FailOnRegression = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on-regression",
        metavar="MEASURE:LIMIT",
        autocompletion=LIMITS,
        help="Fail if MEASURE rose by more than LIMIT since the baseline. If LIMIT is negative, fail if MEASURE fell "
        "by more than that amount: with q.buys:-0.1, by more than 0.1; with q.ad=loud:-10points, by more than 10 "
        "percentage points. Repeatable.",
    ),
]


@dataclass(frozen=True)
class RegressionLimits:
    """The limits a command names; each concerns the experiments that have its measure."""

    limits: tuple[RegressionLimit, ...] = ()
    project_dir: Path = Path()

    def of(self, plan: Plan) -> list[RegressionLimit]:
        """Return the limits that concern a plan."""
        measures = {f"{query}.{field}" for query, field in plan.fields}
        return [limit for limit in self.limits if limit.measure in measures]

    def require(self, all_compiled: Sequence[Compiled]) -> None:
        """Raise `RunError`, before anything is spent, for a limit on an unknown measure and for a missing baseline."""
        from tinytroupe_cli.api.reference_runs import reference_of

        known = [f"{query}.{field}" for compiled in all_compiled for query, field in compiled.plan.fields]
        if wrong := next((limit for limit in self.limits if limit.measure not in known), None):
            hint = did_you_mean(wrong.measure, known, label="measures")
            raise RunError(f"--fail-on-regression: no measure '{wrong.measure}'", hint=hint)
        for compiled in all_compiled:
            if self.of(compiled.plan):
                reference_of(compiled.plan.name, self.project_dir)

    def checks(self, outcome: RunOutcome, plan: Plan) -> tuple[RegressionCheck, ...]:
        """Return whether a finished run keeps the limits that concern it."""
        from tinytroupe_cli.api.reference_runs import reference_of
        from tinytroupe_cli.api.run_comparing import comparable, compare_runs, run_of

        own = self.of(plan)
        if not own:
            return ()
        before = reference_of(plan.name, self.project_dir)
        return compare_runs(before, comparable(run_of(outcome.folder, self.project_dir)), own).regressions


def read_limits(written: Sequence[str] | None, project_dir: Path, shard: str | None = None) -> RegressionLimits:
    """Read the option; raises `RunError` for what is no limit, and if only a shard is run."""
    from tinytroupe_cli.api.run_comparing import read_regression_limits

    if written and shard:
        hint = "leave it out, and compare the merged run: troupe compare RUN --fail-on-regression …"
        raise RunError("--fail-on-regression needs whole runs, but --shard runs only a part", hint=hint)
    return RegressionLimits(read_regression_limits(written), project_dir) if written else RegressionLimits()


def regression_lines(
    checks: Sequence[RegressionCheck], *, quiet: bool = False, inconclusive: Inconclusive | None = None
) -> Iterator[str]:
    """Yield a line for each limit; with `quiet`, only why a command fails."""
    from tinytroupe_cli.api.run_comparing import regression_sentence

    yield from (regression_sentence(check) for check in checks if not quiet or check.fails(inconclusive))
