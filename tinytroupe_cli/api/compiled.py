"""An experiment as it is before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.config import Settings
from tinytroupe_cli.spec.experiment import Experiment


@dataclass(frozen=True)
class Compiled:
    """An experiment's file and everything derived from it before it runs."""

    path: Path
    text: str
    """The file as it was read."""
    plan: Plan
    settings: Settings
    origins: Mapping[str, str]
    """Role of a model, or name of a setting -> origin of its value."""
    warnings: tuple[Diagnostic, ...]
    experiment: Experiment | None = None
    """The experiment as written; None: the plan is that of another run, changed."""
    branches: tuple[Compiled, ...] = ()
    """The other runs of its multiverse."""

    @property
    def runs(self) -> tuple[Compiled, ...]:
        """All runs: the experiment as written, then those of its multiverse."""
        return (self, *self.branches)
