"""Imported once, by the process that others are forked from: what a run imports."""

from __future__ import annotations

import tinytroupe_cli.cli.app
import tinytroupe_cli.cli.run
import tinytroupe_cli.cli.run_with_view
from tinytroupe_cli.api import run
from tinytroupe_cli.models import litellm_provider

litellm_provider._imported()

__all__ = ["run", "tinytroupe_cli"]
