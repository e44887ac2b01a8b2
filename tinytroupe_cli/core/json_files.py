"""Reads JSON files that troupe wrote for itself, and that nothing depends on: caches and what is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from tinytroupe_cli.core.bounded_files import read_regular


def read_remembered(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; empty if there is none, or if it can't be read."""
    try:
        return json_object(read_regular(path))
    except OSError:
        return {}


def json_object(written: bytes | str) -> dict[str, Any]:
    """Return the JSON object that a text is; empty if it is something else."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
