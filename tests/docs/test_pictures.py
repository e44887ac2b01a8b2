"""The pictures of the report in docs/ are small, of the widths they claim, and shown on a page."""

from __future__ import annotations

import struct
from pathlib import Path

import page_pictures
import pytest

PAGES = [readable.read_text(encoding="utf-8") for readable in page_pictures.FOLDER.parent.glob("*.md")]
README = (page_pictures.FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
PICTURES = sorted(page_pictures.FOLDER.glob("*.png"))


def width_of(picture: Path) -> int:
    return struct.unpack(">I", picture.read_bytes()[16:20])[0]


@pytest.mark.parametrize("width", page_pictures.WIDTHS)
def test_there_is_a_picture_of_the_report_at_each_width(width: int) -> None:
    assert width_of(page_pictures.FOLDER / f"report-{width}.png") == width


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size <= page_pictures.MOST_BYTES
    assert any(f"pictures/{picture.name})" in page for page in (*PAGES, README))


def test_there_are_pictures() -> None:
    assert len(PICTURES) >= len(page_pictures.WIDTHS)
