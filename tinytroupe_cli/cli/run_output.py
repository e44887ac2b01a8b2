"""What a run prints: words, one JSON object, or a JSON record for every event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.ci_output import CiOutput
from tinytroupe_cli.cli.ended_runs import EndedRun
from tinytroupe_cli.cli.errors import EXPECTATION_FAILED, PASSED
from tinytroupe_cli.cli.outcome import outcome_code
from tinytroupe_cli.cli.regressions import RegressionLimits
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.run import RunOutcome


def ignore_folder(_folder: Path) -> None:
    """Do nothing with a run's folder."""


@dataclass(frozen=True)
class RunOutput:
    """What is printed of a run, and which limits it has to keep."""

    quiet: bool = False
    as_json: bool = False
    json_lines: bool = False
    limits: RegressionLimits = field(default_factory=RegressionLimits)
    ci: CiOutput = field(default_factory=CiOutput)
    on_folder: Callable[[Path], None] = ignore_folder
    """Receives the folder of each run when it has one."""

    @property
    def is_for_programs(self) -> bool:
        """Return whether stdout is JSON."""
        return self.as_json or self.json_lines

    def refuse_several(self) -> None:
        """Raise `RunError` where records of several runs would be mixed."""
        if self.json_lines:
            hint = "for several experiments, use --json, which prints one object"
            raise RunError("--json-lines works with only one experiment", hint=hint)


def ended_run(prepared: Prepared, outcome: RunOutcome, output: RunOutput) -> EndedRun:
    """Return how a run ended; a regression counts as a failed expectation, and a shard has neither."""
    rule = output.ci.inconclusive
    checks = () if outcome.shard else output.limits.checks(outcome, prepared.plan)
    code = outcome_code(outcome, rule)
    if code == PASSED and any(check.fails(rule) for check in checks):
        code = EXPECTATION_FAILED
    compiled = prepared.compiled
    return EndedRun(
        compiled.plan.name, compiled.path, compiled.text, compiled.plan.expect, code, outcome, checks=checks
    )
