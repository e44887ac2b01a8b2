"""What a run prints: words, one JSON object, or a JSON record for every event."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinytroupe_cli.cli.errors import EXPECTATION_FAILED, PASSED, configured_code
from tinytroupe_cli.cli.outcome import outcome_code
from tinytroupe_cli.cli.regressions import RegressionLimits
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.run import RunOutcome
    from tinytroupe_cli.api.run_comparing import RegressionCheck


@dataclass(frozen=True)
class RunOutput:
    """What is printed of a run, and which limits it has to keep."""

    quiet: bool = False
    as_json: bool = False
    json_lines: bool = False
    limits: RegressionLimits = field(default_factory=RegressionLimits)

    @property
    def is_for_programs(self) -> bool:
        """Return whether stdout is JSON."""
        return self.as_json or self.json_lines

    def refuse_several(self) -> None:
        """Raise `RunError` where records of several runs would be mixed."""
        if self.json_lines:
            raise RunError("--json-lines is for one experiment", hint="--json prints one object for several")


def verdict(
    outcome: RunOutcome, prepared: Prepared, limits: RegressionLimits
) -> tuple[int, tuple[RegressionCheck, ...]]:
    """Return a run's exit code, and the checks of its limits; a regression counts as a failed expectation."""
    code, checks = outcome_code(outcome), limits.checks(outcome, prepared.plan)
    has_regressed = any(check.verdict == "regression" for check in checks)
    return (EXPECTATION_FAILED if code == PASSED and has_regressed else code), checks


def outcome_record(
    prepared: Prepared, outcome: RunOutcome, report: Path, code: int, checks: tuple[RegressionCheck, ...]
) -> dict[str, Any]:
    """Return what `--json` says of a finished run."""
    results = outcome.results
    return {
        "record": "run_finished",
        "name": prepared.plan.name,
        "experiment": str(prepared.compiled.path),
        "status": results.status,
        "exit_code": configured_code(code),
        "problem": "",
        "folder": str(outcome.folder),
        "report": str(report),
        "calls": results.accounts.calls,
        "usd": results.usd,
        "expectations": [expected.model_dump(mode="json") for expected in results.expectations],
        "regressions": [check.model_dump(mode="json") for check in checks],
    }
