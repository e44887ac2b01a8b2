"""Parses PDF, Word and HTML files: the code that runs in a child process, as such files can be hostile.

Messages of errors continue a sentence that begins with the document's name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.archives import check_archive
from tinytroupe_cli.core.bounded_files import MAX_PACKED_BYTES, MAX_TEXT_BYTES, UnreadableFileError, read_bounded
from tinytroupe_cli.core.errors import RunError

MAX_CHARACTERS: Final = 3_000_000
"""Of a document's text."""
MAX_PAGES: Final = 5_000


def parse_document(path: str, ending: str) -> tuple[str, str]:
    """Return a document's title, or an empty text, and its text; raises RunError if it can't be read."""
    most, parse = PARSERS[ending]
    try:
        data = read_bounded(Path(path), most)
    except UnreadableFileError as error:
        raise RunError(error.message, hint=error.hint) from error
    try:
        title, text = parse(data)
    except RecursionError as error:
        raise RunError(f"can't be read as {ending[1:].upper()}: nested too deeply") from error
    return _whole(title), _whole(text)


def _whole(text: str) -> str:
    """Replace halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _html(data: bytes) -> tuple[str, str]:
    from markdownify import MarkdownConverter  # noqa: PLC0415 - only who has such documents waits for their libraries

    from tinytroupe_cli.inputs.html_elements import HtmlElements  # noqa: PLC0415

    page = HtmlElements(data)
    title = page.title.get_text() if page.title else ""
    for unread in page(["script", "style", "template", "noscript", "head", "svg", "iframe"]):
        unread.decompose()
    text = str(MarkdownConverter(heading_style="ATX", strip=["a", "img"], bullets="-").convert_soup(page))
    return title, re.sub(r"\n{3,}", "\n\n", text).strip()


def _pdf(data: bytes) -> tuple[str, str]:
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise RunError("is encrypted", hint="save it without a password")
        pages = _pages(reader.pages)
        title = reader.metadata.title if reader.metadata else ""
    except DependencyError as error:
        raise RunError("is encrypted", hint="save it without a password") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise RunError(f"can't be read as PDF: {error or type(error).__name__}") from error
    if len(pages) == 1:
        return title or "", pages[0]
    parts = [f"## Page {number}\n\n{text}" for number, text in enumerate(pages, start=1) if text]
    return title or "", "\n\n".join(parts)


def _pages(pages: Iterable[object]) -> list[str]:
    """Return each page's text; stops at the first one beyond the limits."""
    texts: list[str] = []
    size = 0
    for page in pages:
        text = str(page.extract_text()).strip()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType] - a page of pypdf
        texts.append(text)
        size += len(text)
        if len(texts) > MAX_PAGES:
            raise _too_long(f"{MAX_PAGES:,} pages")
        if size > MAX_CHARACTERS:
            raise _too_long(f"{MAX_CHARACTERS:,} characters")
    return texts


def _too_long(most: str) -> RunError:
    return RunError(f"has more than {most}", hint="save only the relevant part as a file")


def _docx(data: bytes) -> tuple[str, str]:
    from docx import Document  # noqa: PLC0415
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise RunError("can't be read as DOCX", hint="an encrypted file has to be saved without its password")
    try:
        check_archive(io.BytesIO(data))
        document = Document(io.BytesIO(data))
        blocks = [
            _paragraph(block.text, block.style.name if block.style else "")
            if isinstance(block, Paragraph)
            else "\n".join(_row(cell.text for cell in row.cells) for row in block.rows)
            for block in document.iter_inner_content()
        ]
        title = document.core_properties.title
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise RunError(f"can't be read as DOCX: {error or type(error).__name__}") from error
    return title or "", "\n\n".join(block for block in blocks if block.strip())


def _paragraph(text: str, style: str | None) -> str:
    found = re.fullmatch(r"Heading (\d)|(Title)", style or "")
    if not found or not text.strip():
        return text
    return f"{'#' * min(int(found[1] or 1), 6)} {' '.join(text.split())}"


def _row(cells: Iterable[str]) -> str:
    texts = [" ".join(cell.split()) for cell in cells]
    return "- " + "; ".join(dict.fromkeys(text for text in texts if text))


Parser = Callable[[bytes], tuple[str, str]]
"""Content -> title and text."""

PARSERS: Final[dict[str, tuple[int, Parser]]] = {
    ".html": (MAX_TEXT_BYTES, _html),
    ".htm": (MAX_TEXT_BYTES, _html),
    ".pdf": (MAX_PACKED_BYTES, _pdf),
    ".docx": (MAX_PACKED_BYTES, _docx),
}
"""Ending -> maximum number of bytes, and parser."""
