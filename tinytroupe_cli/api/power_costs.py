"""What a design would cost: the estimate of the experiment as written, in proportion to its people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.durations import RunDuration, estimate_duration
from tinytroupe_cli.api.estimating import Estimate, estimate_plan
from tinytroupe_cli.plan.types import Plan


@dataclass(frozen=True, slots=True)
class DesignCosts:
    """The estimate of a plan, for any number of people who answer alone."""

    estimate: Estimate
    duration: RunDuration
    people: int
    """People of the plan."""

    def calls(self, people: int) -> tuple[int, int]:
        """Return calls, lowest and highest."""
        calls = self.estimate.calls
        return self._scaled(calls.low, people), self._scaled(calls.high, people)

    def tokens(self, people: int) -> tuple[int, int]:
        """Return tokens read and written."""
        low, high = (
            sum(getattr(part, end) for role in self.estimate.roles for part in (role.prompt, role.completion))
            for end in ("low", "high")
        )
        return self._scaled(low, people), self._scaled(high, people)

    def usd(self, people: int) -> tuple[float, float] | None:
        """Return the cost; None: unknown."""
        usd = self.estimate.usd
        return None if usd is None else (usd.low * people / self.people, usd.high * people / self.people)

    def minutes(self, people: int) -> tuple[float, float]:
        """Return the time in minutes."""
        return (
            self.duration.low * people / self.people / 60,
            self.duration.high * people / self.people / 60,
        )

    def _scaled(self, amount: int, people: int) -> int:
        return math.ceil(amount * people / self.people)


def design_costs(plan: Plan, results: Path) -> DesignCosts:
    """Return the costs of a plan; `results` is where earlier runs are kept."""
    estimate = estimate_plan(plan)
    return DesignCosts(estimate, estimate_duration(plan, estimate, results), max(1, len(plan.cast)))
