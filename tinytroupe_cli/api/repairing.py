"""Repairs a damaged run."""

from __future__ import annotations

from tinytroupe_cli.runs.repair import Repair, repair_run, run_to_repair

__all__ = ["Repair", "repair_run", "run_to_repair"]
