"""Estimates how long a run will take, as a range: from earlier runs of the same model here, else by a rule of thumb.

Cached answers take no time, but their number is not known beforehand,
so the range is that of a run without any.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tinytroupe_cli.api.local_models import find_entry
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.models.local_cores import usable_cores
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.preview.estimate.estimate import Estimate, RoleEstimate
from tinytroupe_cli.runs.calls import count_calls
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.run_lookup import newest_first

__all__ = ["RunDuration", "estimate_duration", "format_duration"]

BYTES: Final = 1.1e9
READ, WRITTEN = 75, 25
"""Tokens a second that a model of so many bytes reads and writes on two cores."""
REPEATED: Final = 0.5
"""Share of a local model's prompt that may already be in its prompt cache."""
QUICK, SLOW = 1.0, 5.0
"""Seconds a provider takes for a call, beside writing."""
FAST_WRITTEN, SLOW_WRITTEN = 100, 30
"""Tokens a second that a provider's model writes."""
MANY, SOME = 8, 3
"""Calls that a provider answers at a time."""
MAX_RUNS: Final = 8
MIN_CALLS: Final = 3
SPREAD: Final = 1.3
"""Factors from a measured run to the estimated range."""
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class RunDuration:
    """Range in seconds."""

    low: float
    high: float
    is_measured: bool = False


def estimate_duration(plan: Plan, estimate: Estimate, results: Path) -> RunDuration:
    """Return how long a run takes; `results` is where earlier ones are kept."""
    rates = list(islice(_rates(plan, results), MAX_RUNS))
    if rates:
        calls = estimate.calls
        return RunDuration(min(rates) * calls.low / SPREAD, max(rates) * calls.high * SPREAD, is_measured=True)
    local = [_local(role) for role in estimate.roles if role.is_local]
    remote = [role for role in estimate.roles if not role.is_local]
    away = _remote(plan, remote) if remote else RunDuration(0, 0)
    return RunDuration(away.low + sum(role.low for role in local), away.high + sum(role.high for role in local))


def format_duration(duration: RunDuration) -> str:
    """Format a range of time with one or two significant digits."""
    low, high = _amount(duration.low), _amount(duration.high)
    if low == high:
        return f"about {_unit(*low)}"
    return f"{low[0]} to {_unit(*high)}" if low[1] == high[1] else f"{_unit(*low)} to {_unit(*high)}"


def _amount(seconds: float) -> tuple[int, str]:
    if seconds < MINUTE - 5:
        return max(5, 5 * round(seconds / 5)), "second"
    if seconds < 2 * HOUR:
        return max(1, round(seconds / MINUTE)), "minute"
    return round(seconds / HOUR), "hour"


def _unit(amount: int, unit: str) -> str:
    return f"{amount} {unit}{'s' * (amount != 1)}"


def _rates(plan: Plan, results: Path) -> Iterator[float]:
    """Yield seconds per call of earlier runs with these models, newest first; for providers, this experiment only."""
    wanted = {plan.models.people.name, plan.models.judge.name}
    is_local = all(use.startswith("local/") for use in wanted)
    for folder, manifest in newest_first(results):
        if _models(manifest) == wanted and manifest.status == "finished" and (is_local or manifest.name == plan.name):
            try:
                calls, reused = count_calls(folder.calls)
            except TroupeError:  # a damaged run tells nothing
                continue
            if calls >= MIN_CALLS and not reused and manifest.sessions == 1:
                yield manifest.seconds / calls


def _models(manifest: Manifest) -> set[str]:
    return {str(manifest.models.get(role, {}).get("use", "")) for role in ("people", "judge")}


def _local(role: RoleEstimate) -> RunDuration:
    try:
        size = find_entry(role.model).bytes or BYTES
    except TroupeError:
        size = BYTES
    speed = BYTES / size * (usable_cores() or os.cpu_count() or 1) / 2
    low = REPEATED * role.prompt.low / READ + role.completion.low / WRITTEN
    high = role.prompt.high / READ + role.completion.high / WRITTEN
    return RunDuration(low / speed, high / speed)


def _remote(plan: Plan, roles: list[RoleEstimate]) -> RunDuration:
    """Estimate for a provider: calls that depend on each other run step by step, the others concurrently."""
    trial = plan.trials[0]
    in_turn = trial.world.order != "simultaneous" and trial.world.type != "interviews"
    waits = trial.world.steps * (len(trial.people) if in_turn else 1) + len(trial.queries)
    low, high = (sum(getattr(role.calls, end) for role in roles) for end in ("low", "high"))
    few, many = (sum(getattr(role.completion, end) for role in roles) for end in ("low", "high"))
    quick = QUICK + few / max(1, low) / FAST_WRITTEN
    slow = SLOW + many / max(1, high) / SLOW_WRITTEN
    return RunDuration(quick * max(min(waits, low), low / MANY), slow * max(min(waits, high), high / SOME))
