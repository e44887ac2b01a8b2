"""Extracts text and title from every supported document format.

Headings become Markdown headings and table rows become lines, so that texts are split at good places.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.errors import RunError

MAX_CHARACTERS: Final = 3_000_000
_BINARY: Final = (".pdf", ".docx")
_MAX_BYTES: Final = {"text": 3_000_000, "binary": 30_000_000}
_MAX_TITLE_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True)
class Extracted:
    """The content of a file."""

    title: str
    """Empty if the file has none."""
    text: str


def extract(path: Path, name: str) -> Extracted:
    """Read a document; `name` is the user's name for it. Raises RunError if it can't be read or has no text."""
    kind = path.suffix.lower()
    if kind not in EXTRACTORS:
        hint = f"documents can be {', '.join(ENDINGS)}"
        raise RunError(f"'{name}' is not a document that can be read", hint=hint)
    most = _MAX_BYTES["binary" if kind in _BINARY else "text"]
    try:
        if path.stat().st_size > most:
            raise RunError(f"'{name}' is larger than {most:,} bytes", hint="save only the relevant part as a file")
        data = path.read_bytes()
    except OSError as error:
        raise RunError(f"'{name}' can't be read: {(error.strerror or 'unknown reason').lower()}") from error
    title, text = EXTRACTORS[kind](data, name)
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if not text.strip():
        hint = "a scan contains only pictures of text: make the text readable first (OCR)" if kind == ".pdf" else ""
        raise RunError(f"'{name}' has no text", hint=hint)
    if len(text) > MAX_CHARACTERS:
        raise RunError(
            f"'{name}' has more than {MAX_CHARACTERS:,} characters", hint="save only the relevant part as a file"
        )
    return Extracted(_one_line(title or _first_heading(text)), text)


def _plain(data: bytes, name: str) -> tuple[str, str]:
    try:
        return "", data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RunError(f"'{name}' is not UTF-8 text", hint="save the file as UTF-8") from error


def _html(data: bytes, name: str) -> tuple[str, str]:  # noqa: ARG001 - one signature for all kinds
    from bs4 import BeautifulSoup  # noqa: PLC0415 - only who has such documents waits for their libraries
    from markdownify import MarkdownConverter  # noqa: PLC0415

    page = BeautifulSoup(data, "html.parser")  # finds out the encoding as browsers do
    title = page.title.get_text() if page.title else ""
    for unread in page(["script", "style", "template", "noscript", "head", "svg", "iframe"]):
        unread.decompose()
    text = str(MarkdownConverter(heading_style="ATX", strip=["a", "img"], bullets="-").convert_soup(page))
    return title, re.sub(r"\n{3,}", "\n\n", text).strip()


def _csv(data: bytes, name: str) -> tuple[str, str]:
    """Write every row as a line that can be understood on its own."""
    _, text = _plain(data, name)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel"
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise RunError(f"'{name}' can't be read as a table: {error}") from error
    if not rows:
        return "", ""
    head, *body = rows
    if not body:
        return "", ", ".join(head)
    lines = (
        "; ".join(
            f"{column.strip()}: {' '.join(cell.split())}" if column.strip() else " ".join(cell.split())
            for column, cell in zip([*head, *[""] * len(row)], row, strict=False)
            if cell.strip()
        )
        for row in body
    )
    return "", "\n".join(f"- {line}" for line in lines)


def _pdf(data: bytes, name: str) -> tuple[str, str]:
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise RunError(f"'{name}' is encrypted", hint="save it without a password")
        pages = [page.extract_text().strip() for page in reader.pages]
        title = reader.metadata.title if reader.metadata else ""
    except DependencyError as error:
        raise RunError(f"'{name}' is encrypted", hint="save it without a password") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise RunError(f"'{name}' can't be read as PDF: {error or type(error).__name__}") from error
    if len(pages) == 1:
        return title or "", pages[0]
    parts = [f"## Page {number}\n\n{text}" for number, text in enumerate(pages, start=1) if text]
    return title or "", "\n\n".join(parts)


def _docx(data: bytes, name: str) -> tuple[str, str]:
    from docx import Document  # noqa: PLC0415
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    try:
        document = Document(io.BytesIO(data))
        blocks = [
            _paragraph(block.text, block.style.name if block.style else "")
            if isinstance(block, Paragraph)
            else "\n".join(_row(cell.text for cell in row.cells) for row in block.rows)
            for block in document.iter_inner_content()
        ]
        title = document.core_properties.title
    except (PackageNotFoundError, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        hint = "an encrypted file has to be saved without its password" if data[:4] == b"\xd0\xcf\x11\xe0" else ""
        raise RunError(f"'{name}' can't be read as DOCX", hint=hint) from error
    return title or "", "\n\n".join(block for block in blocks if block.strip())


def _paragraph(text: str, style: str | None) -> str:
    found = re.fullmatch(r"Heading (\d)|(Title)", style or "")
    if not found or not text.strip():
        return text
    return f"{'#' * min(int(found[1] or 1), 6)} {' '.join(text.split())}"


def _row(cells: Iterable[str]) -> str:
    texts = [" ".join(cell.split()) for cell in cells]
    return "- " + "; ".join(dict.fromkeys(text for text in texts if text))


def _first_heading(text: str) -> str:
    first = text.lstrip().split("\n", maxsplit=1)[0]
    return first.lstrip("#").strip() if first.startswith("#") and not first.startswith("## Page ") else ""


def _one_line(title: str) -> str:
    return " ".join(title.split())[:_MAX_TITLE_CHARACTERS]


Extractor = Callable[[bytes, str], tuple[str, str]]
"""Content and name -> title and text; raises RunError."""

EXTRACTORS: Final[dict[str, Extractor]] = {
    ".txt": _plain,
    ".md": _plain,
    ".markdown": _plain,
    ".html": _html,
    ".htm": _html,
    ".csv": _csv,
    ".pdf": _pdf,
    ".docx": _docx,
}
ENDINGS: Final = tuple(EXTRACTORS)
