"""Draws the pictures of report.html in docs/pictures/, from recorded calls; `readme_run.py --picture` runs it.

The run of the README gives one picture, the last run of the tutorial the others.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import readme_run
import tutorial_run
from browsers import browser, opened
from playwright.sync_api import Browser

FOLDER: Final = readme_run.ROOT / "docs" / "pictures"
WIDTHS: Final = (390, 1024, 1600)
PARTS: Final = {"transcript": 1024}
"""Id of a part of the page -> width at which it is drawn by itself."""
MOST_BYTES: Final = 150_000


def draw_all() -> None:
    """Draw every picture; raises `RuntimeError` if one is too large for a page of docs/."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        start, tutorial = Path(name) / "start", Path(name) / "tutorial"
        start.mkdir()
        tutorial.mkdir()
        readme_run.replayed(start)
        tutorial_run.replayed_in(tutorial, tutorial_run.PAGE.read_text(encoding="utf-8"))
        page = _newest(tutorial / "meal-kit", "two-prices")
        with browser() as running:  # its event loop lets no other begin
            _top(running, _newest(start, "quickstart"), "quickstart.png", width=1024)
            for width in WIDTHS:
                _top(running, page, f"report-{width}.png", width=width)
            for part, width in PARTS.items():
                _part(running, page, part, width=width)
    too_large = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > MOST_BYTES]
    if too_large:
        raise RuntimeError(f"over {MOST_BYTES:,} bytes: {', '.join(too_large)}")


def _newest(project: Path, experiment: str) -> Path:
    return project / "results" / experiment / "latest" / "report.html"


def _top(running: Browser, page: Path, name: str, *, width: int) -> None:
    with opened(running, page, width=width) as found:
        found.page.screenshot(path=FOLDER / name)


def _part(running: Browser, page: Path, part: str, *, width: int) -> None:
    with opened(running, page, width=width) as found:
        found.page.locator(f"#{part}").screenshot(path=FOLDER / f"report-{part}.png")
