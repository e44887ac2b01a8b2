"""Suggests models for the API keys that are set, if no provider is configured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tinytroupe_cli.core.clock import WallClock

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Compiled


def offer_lines(all_compiled: Sequence[Compiled]) -> list[str]:
    """Return a line for each provider whose key is set, with what these experiments would cost there.

    None where a model is configured: a named model needs no offer.
    """
    from tinytroupe_cli.api.offers import is_unconfigured, offers

    plans = [compiled.plan for compiled in all_compiled if is_unconfigured(compiled)]
    if not plans:
        return []
    return [offer.line for offer in offers(os.environ, plans, today=WallClock().date().date(), project_dir=Path.cwd())]
