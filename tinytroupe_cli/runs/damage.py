"""Explains why a run's file can't be read (damaged, or written by another version), and what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.json_files import json_object, read_remembered

STILL_THERE = (
    "its reports (report.md, results.json) are unchanged; running the experiment again starts a new run, "
    "which reuses cached answers"
)


def damaged_file_error(file: Path, written: bytes) -> RunError:
    """Return the error for a run's file that could be opened but not parsed."""
    version = _version(file, written)
    if version:
        message = f"'{file}' was written by another version of troupe ({version}), which this one can't read"
        return RunError(message, hint=f"read it with that version; {STILL_THERE}")
    return RunError(f"'{file}' is damaged", hint=STILL_THERE if file.name == "plan.json" else what_is_left(file.parent))


def what_is_left(folder: Path) -> str:
    """Return the hint about a damaged run in a folder."""
    return f"`troupe repair {folder}` repairs the run; {STILL_THERE}"


def _version(file: Path, written: bytes) -> str:
    """Return which version of troupe wrote a file; empty if unknown or the file is not valid JSON."""
    found = json_object(written)
    if file.name != "manifest.json":
        found = read_remembered(file.with_name("manifest.json")) if found else {}
    versions = found.get("versions")
    return str(cast("dict[str, Any]", versions).get("troupe", "")) if isinstance(versions, dict) else ""
