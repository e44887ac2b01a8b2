"""The preview before a run's first call: steps, model, time and cost."""

from __future__ import annotations

from tinytroupe_cli.api.durations import estimate_duration, format_duration
from tinytroupe_cli.api.estimating import money
from tinytroupe_cli.api.local_models import busy_warning
from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.preview.describe import opening
from tinytroupe_cli.preview.estimate.estimate import EstimateRange
from tinytroupe_cli.spec.roles import is_default

__all__ = ["run_preview_lines"]


def run_preview_lines(prepared: Prepared) -> list[str]:
    """Return three lines: the steps, the model, time and cost; a fourth if a local model will be slow.

    A run that only reads cached answers is fast and free, so only its calls are shown.
    """
    busy = "" if prepared.is_offline else busy_warning(prepared.models)
    return [opening(prepared.plan), _model(prepared), _takes(prepared), *([f"Note: {busy}."] if busy else [])]


def _model(prepared: Prepared) -> str:
    uses = list(dict.fromkeys(use.name for use in prepared.models))
    origin = prepared.compiled.origins["people"]
    chosen = f"the {origin}" if is_default(origin) else f"chosen by {origin}"
    if prepared.is_offline:
        return f"Model: {' and '.join(uses)} ({chosen}), not called: stored answers only."
    is_here = all(use.startswith("local/") for use in uses)
    names = " and ".join(use.removeprefix("local/") if is_here else use for use in uses)
    return f"Model: {names}{', on this machine, so no data leaves it' if is_here else ''} ({chosen})."


def _takes(prepared: Prepared) -> str:
    estimate = prepared.estimate
    calls = _calls(estimate.calls)
    if prepared.is_offline:
        return f"It needs stored answers for {calls}."
    usd = estimate.usd
    is_here = all(role.is_local for role in estimate.roles)
    cost = "free" if is_here else "cost unknown" if usd is None else f"cost {money(usd)}"
    duration = estimate_duration(prepared.plan, estimate, prepared.results)
    source = "based on earlier runs on this machine" if duration.is_measured else "a rough estimate"
    words = format_duration(duration)
    return f"{words[0].upper()}{words[1:]} ({source}), {calls}, {cost}. Press Ctrl-C to stop; the same command resumes."


def _calls(bounds: EstimateRange) -> str:
    much = f"{bounds.low:,}" if bounds.low == bounds.high else f"{bounds.low:,} to {bounds.high:,}"
    return f"{much} call{'s' * (bounds.high != 1)}"
