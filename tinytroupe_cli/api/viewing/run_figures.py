"""How far a run is and what it has cost, from its folder, whoever is writing it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from tinytroupe_cli.api.estimating import estimate_plan
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.core.number_format import dollars
from tinytroupe_cli.events.codec import decode
from tinytroupe_cli.events.types import TrialEnded
from tinytroupe_cli.models.local_catalog import is_local
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.calls import spent_so_far
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import whole_lines
from tinytroupe_cli.runs.manifest import Manifest

END: Final = 20_000
"""Bytes of a journal in which its last event is looked for."""


def trials_done(folder: RunFolder, plan: Plan) -> int:
    """Return how many trials are finished, without reading all of their events."""
    return sum(_is_at_end(folder.events_file(trial.id)) for trial in plan.trials)


def spent(folder: RunFolder, manifest: Manifest) -> tuple[int, float | None]:
    """Return the answers so far and their cost in USD; None: unknown."""
    if manifest.status != "running":
        return manifest.calls, manifest.usd
    try:
        return spent_so_far(folder.calls)
    except EnvironmentProblem:
        return 0, None


def cost_in_words(plan: Plan, usd: float | None) -> str:
    """Return a cost: `free` for models on this machine, or `unknown`."""
    is_free = is_local(plan.models.people) and is_local(plan.models.judge)
    return "free" if is_free else "unknown" if usd is None else dollars(usd)


def planned_calls(plan: Plan) -> int:
    """Return the calls a run takes at least; if people are added until something is known, at most."""
    calls = estimate_plan(plan).calls
    return max(1, calls.high if plan.stopping else calls.low)


def seconds_since_start(manifest: Manifest, clock: Clock) -> float | None:
    """Return how long a run has been going; None: it was resumed, and nothing says when this session began."""
    if manifest.sessions > 1:
        return None
    try:
        return max(0.0, (clock.date() - dt.datetime.fromisoformat(manifest.started)).total_seconds())
    except (ValueError, TypeError):
        return None


def _is_at_end(path: Path) -> bool:
    """Return whether the last event of a journal ends its trial."""
    try:
        lines = whole_lines(path, max(0, path.stat().st_size - END))
        return bool(lines) and isinstance(decode(lines[-1]), TrialEnded)
    except (OSError, ValidationError):
        return False
