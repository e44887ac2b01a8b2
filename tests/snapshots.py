"""Compares what people read with a file that reviewers read."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(text: str, name: str) -> None:
    """Compare with tests/snapshots/NAME; `TROUPE_UPDATE_SNAPSHOTS=1` writes it anew."""
    path = FOLDER / name
    if os.environ.get("TROUPE_UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"no snapshot {name}: run with TROUPE_UPDATE_SNAPSHOTS=1 and read what it writes"
    assert text == path.read_text()
