"""Calibrations of instruments, kept in the folder of all runs, for the reports of runs with the same instrument."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.analysis.calibration_result import Calibration
from tinytroupe_cli.core.bounded_files import read_regular
from tinytroupe_cli.core.files import write_whole

FOLDER = "calibrations"
KINDS = ("chance", "wording")


def write_calibration(results: Path, found: Calibration) -> Path:
    """Keep a calibration in place of an earlier one of the same kind, instrument and model; return its file."""
    file = _file(results, found.instrument, found.kind)
    write_whole(file, found.model_dump_json(indent=1) + "\n")
    return file


def read_calibrations(results: Path, instrument: str) -> list[Calibration]:
    """Return what is kept of an instrument; a file that can't be read, or is of another version, is left out."""
    found: list[Calibration] = []
    for kind in KINDS:
        try:
            found.append(Calibration.model_validate_json(read_regular(_file(results, instrument, kind))))
        except (OSError, ValueError):
            continue
    return found


def _file(results: Path, instrument: str, kind: str) -> Path:
    return results / FOLDER / f"{instrument}-{kind}.json"
