"""Markdown -> a Word file: headings, lists, tables, quotes, code, bold and italic; the same text, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_BULLET = re.compile(r"\s*[-*+]\s+(.*)")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(.*)")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")
_INLINE = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\3(?!\w)|`([^`]+)`")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML can't hold."""
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def docx_file(title: str, content: str, *, author: str, time: str) -> bytes:
    """Return a document as .docx."""
    from docx import Document  # noqa: PLC0415 - only runs with documents wait for it

    document = Document()
    properties = document.core_properties
    properties.title, properties.author = _fit(title)[:250], _fit(author)[:250]
    properties.created = properties.modified = datetime.fromisoformat(time)
    properties.comments = ""
    document.add_heading(_fit(title), level=0)
    lines = _fit(content).replace("\r\n", "\n").split("\n")
    if lines and lines[0].startswith("# ") and lines[0][2:].strip().casefold() == title.casefold():
        lines = lines[1:]
    _DocxWriter(document).write(lines)
    data = io.BytesIO()
    document.save(data)
    return _undated(data.getvalue())


class _DocxWriter:
    """Adds blocks to a document, line by line."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document

    def write(self, lines: list[str]) -> None:
        at = 0
        while at < len(lines):
            at = self._block(lines, at)

    def _block(self, lines: list[str], at: int) -> int:
        """Add the block that begins at a line; return the line after it."""
        line = lines[at]
        if not line.strip():
            return at + 1
        if line.lstrip().startswith("```"):
            return self._code(lines, at + 1)
        if line.lstrip().startswith("|") and at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1].strip()):
            return self._table(lines, at)
        if found := _HEADING.fullmatch(line):
            self._document.add_heading(_bare(found[2]), level=len(found[1]))
        elif found := _BULLET.fullmatch(line):
            self._paragraph(found[1], "List Bullet")
        elif found := _NUMBER.fullmatch(line):
            self._paragraph(found[1], "List Number")
        elif line.startswith(">"):
            self._paragraph(line.lstrip("> "), "Quote")
        else:
            return self._prose(lines, at)
        return at + 1

    def _prose(self, lines: list[str], at: int) -> int:
        end = at + 1
        while end < len(lines) and lines[end].strip() and not _starts_block(lines[end]):
            end += 1
        self._paragraph(" ".join(line.strip() for line in lines[at:end]), "Normal")
        return end

    def _code(self, lines: list[str], at: int) -> int:
        end = next((n for n in range(at, len(lines)) if lines[n].lstrip().startswith("```")), len(lines))
        run = self._document.add_paragraph().add_run("\n".join(lines[at:end]))
        run.font.name = "Courier New"
        return end + 1

    def _table(self, lines: list[str], at: int) -> int:
        end = next((n for n in range(at, len(lines)) if not lines[n].lstrip().startswith("|")), len(lines))
        rows = [_cells(line) for line in (lines[at], *lines[at + 2 : end])]
        table = self._document.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                _fill(cell.paragraphs[0], text)
        return end

    def _paragraph(self, text: str, style: str) -> None:
        _fill(self._document.add_paragraph(style=style), text)


def _fill(paragraph: Paragraph, text: str) -> None:
    """Add a text with its bold, italic and code."""
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            paragraph.add_run(text[end : found.start()])
        run = paragraph.add_run(found[2] or found[4] or found[5])
        run.bold = True if found[2] else None
        run.italic = True if found[4] else None
        if found[5]:
            run.font.name = "Courier New"
        end = found.end()
    if end < len(text):
        paragraph.add_run(text[end:])


def _bare(text: str) -> str:
    return _INLINE.sub(lambda found: found[2] or found[4] or found[5], text)


def _starts_block(line: str) -> bool:
    patterns = (_HEADING, _BULLET, _NUMBER)
    return line.lstrip().startswith(("```", ">", "|")) or any(pattern.fullmatch(line) for pattern in patterns)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _undated(data: bytes) -> bytes:
    """Rewrite the archive without the time at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            made = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, old.read(entry))
    return out.getvalue()
