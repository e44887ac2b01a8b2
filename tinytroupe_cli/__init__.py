"""Experiments with simulated people.

    compiled = compile_file(Path("experiment.yaml"), env=os.environ)
    outcome = run_prepared(prepare(compiled, env=os.environ, folder=Path.cwd()))

Each name is imported from its room when it is first used, so that `troupe --help` starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinytroupe_cli.api.data_export import Codebook, OpenedRun, export_run, open_run
    from tinytroupe_cli.api.estimating import Estimate, estimate_plan
    from tinytroupe_cli.api.planning import Compiled, Plan, compile_file
    from tinytroupe_cli.api.preparing import Prepared, prepare
    from tinytroupe_cli.api.reporting import Recording, Report, load_recording, write_report
    from tinytroupe_cli.api.run import Results, RunListener, RunOutcome, run_prepared
    from tinytroupe_cli.core.errors import LimitReached, ModelError, RunError, SpecError, TroupeError
    from tinytroupe_cli.events.types import Event

__all__ = [
    "Codebook",
    "Compiled",
    "Estimate",
    "Event",
    "LimitReached",
    "ModelError",
    "OpenedRun",
    "Plan",
    "Prepared",
    "Recording",
    "Report",
    "Results",
    "RunError",
    "RunListener",
    "RunOutcome",
    "SpecError",
    "TroupeError",
    "compile_file",
    "estimate_plan",
    "export_run",
    "load_recording",
    "open_run",
    "prepare",
    "run_prepared",
    "write_report",
]

_ROOMS = {
    "api.data_export": ("Codebook", "OpenedRun", "export_run", "open_run"),
    "api.estimating": ("Estimate", "estimate_plan"),
    "api.planning": ("Compiled", "Plan", "compile_file"),
    "api.preparing": ("Prepared", "prepare"),
    "api.reporting": ("Recording", "Report", "load_recording", "write_report"),
    "api.run": ("Results", "RunListener", "RunOutcome", "run_prepared"),
    "core.errors": ("LimitReached", "ModelError", "RunError", "SpecError", "TroupeError"),
    "events.types": ("Event",),
}


def __getattr__(name: str) -> Any:
    """Import a public name from its room (PEP 562)."""
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Name what is public."""
    return __all__
