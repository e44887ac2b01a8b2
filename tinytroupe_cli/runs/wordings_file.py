"""wordings.yaml: the wordings of a run's texts, editable, and readable by `wordings: {from: FILE}`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from tinytroupe_cli.core.bounded_files import read_regular
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.spec.wordings import WordingsOfText

HEADING = "# The wordings of this run. Another experiment can use them: wordings: {from: wordings.yaml}\n"


def read_wordings(path: Path) -> list[WordingsOfText]:
    """Read the wordings; empty if there are none yet. Raises RunError if the file can't be read."""
    if not path.exists():
        return []
    try:
        return [
            WordingsOfText.model_validate(entry)
            for entry in read_yaml(read_regular(path).decode("utf-8"), str(path)).value
        ]
    except (ValueError, TypeError, TroupeError, OSError) as error:
        raise RunError(f"'{path}' can't be read", hint="delete it, and it is written again") from error


def write_wordings(path: Path, wordings: Sequence[WordingsOfText]) -> None:
    """Write the wordings."""
    entries = [entry.model_dump(mode="json", exclude_defaults=True) for entry in wordings]
    write_whole(path, HEADING + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100))
