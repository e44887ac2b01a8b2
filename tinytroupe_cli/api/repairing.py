"""Repairs a damaged run."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.runs.folder import LATEST
from tinytroupe_cli.runs.repair import Repair, repair_run

__all__ = ["Repair", "repair"]


def repair(path: Path) -> list[Repair]:
    """Repair the run in a folder, without model calls, and return what was done; empty if nothing is damaged.

    Raises `NothingToDo` if this is no run's folder, and `RunError` if the run can't be repaired.
    """
    return repair_run(path.resolve() if path.name == LATEST else path)
