"""Which measures no condition may change."""

from __future__ import annotations

from tinytroupe_cli.models.port import Frozen


class PlannedControl(Frozen):
    """A measure whose differences between conditions mark every comparison."""

    query: str
    field: str
