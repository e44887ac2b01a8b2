"""Extracts text and title from every supported document format.

Headings become Markdown headings and table rows become lines, so that texts are split at good places.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from tinytroupe_cli.core.bounded_files import MAX_TEXT_BYTES, UnreadableFileError, check_file, decoded, read_bounded
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.core.limited_process import LimitedCall, call_limited
from tinytroupe_cli.inputs.document_parsers import MAX_CHARACTERS, PARSERS

_MAX_TITLE_CHARACTERS: Final = 120
_MIN_SECONDS: Final = 3
"""Of computing, for a small file."""
_BYTES_A_SECOND: Final = 100_000
_MAX_SECONDS: Final = 60
_PARSE: Final = "tinytroupe_cli.inputs.document_parsers:parse_document"


@dataclass(frozen=True, slots=True)
class Extracted:
    """The content of a file."""

    title: str
    """Empty if the file has none."""
    text: str


def extract(path: Path, name: str) -> Extracted:
    """Read a document; `name` is the user's name for it. Raises RunError if it can't be read or has no text."""
    (found,) = extract_all([(path, name)])
    if isinstance(found, RunError):
        raise found
    return found


def extract_all(files: Sequence[tuple[Path, str]]) -> Iterator[Extracted | RunError]:
    """Yield the content of each document, or why it can't be read; `files`: paths and the user's names for them.

    PDF, Word and HTML files are parsed in a child process.
    """
    risky = [path for path, _ in files if _is_risky(path)]
    calls = [LimitedCall((str(path.absolute()), path.suffix.lower()), _seconds(path)) for path in risky]
    parsed = call_limited(_PARSE, calls)
    for path, name in files:
        try:
            outcome = next(parsed) if path in risky else _plain_document(path, name)
            if isinstance(outcome, TroupeError):
                yield RunError(f"'{name}' {outcome.message}", hint=outcome.hint)
            else:
                title, text = cast("tuple[str, str]", outcome)
                yield _extracted(title, text, name)
        except RunError as error:
            yield error


def _is_risky(path: Path) -> bool:
    """Return whether a file of bounded size needs a parser that can be attacked."""
    ending = path.suffix.lower()
    if ending not in PARSERS:
        return False
    try:
        check_file(path, PARSERS[ending][0])
    except UnreadableFileError:
        return False
    return True


def _seconds(path: Path) -> int:
    return min(_MIN_SECONDS + path.stat().st_size // _BYTES_A_SECOND, _MAX_SECONDS)


def _plain_document(path: Path, name: str) -> tuple[str, str]:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise RunError(f"'{name}' is not a document that can be read", hint=f"documents can be {', '.join(ENDINGS)}")
    try:
        if ending in PARSERS:
            check_file(path, PARSERS[ending][0])
        data = read_bounded(path, MAX_TEXT_BYTES)
    except UnreadableFileError as error:
        raise RunError(f"'{name}' {error.message}", hint=error.hint) from error
    return _PLAIN[ending](data, name)


def _extracted(title: str, text: str, name: str) -> Extracted:
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if not text.strip():
        is_pdf = name.lower().endswith(".pdf")
        hint = "a scan contains only pictures of text: make the text readable first (OCR)" if is_pdf else ""
        raise RunError(f"'{name}' has no text", hint=hint)
    if len(text) > MAX_CHARACTERS:
        raise RunError(
            f"'{name}' has more than {MAX_CHARACTERS:,} characters", hint="save only the relevant part as a file"
        )
    return Extracted(_one_line(title or _first_heading(text)), text)


def _plain(data: bytes, name: str) -> tuple[str, str]:
    try:
        return "", decoded(data)
    except UnicodeDecodeError as error:
        raise RunError(f"'{name}' is not UTF-8 text", hint="save the file as UTF-8") from error


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
            for column, cell in zip([*head[: len(row)], *[""] * (len(row) - len(head))], row, strict=True)
            if cell.strip()
        )
        for row in body
    )
    return "", "\n".join(f"- {line}" for line in lines)


def _first_heading(text: str) -> str:
    first = text.lstrip().split("\n", maxsplit=1)[0]
    return first.lstrip("#").strip() if first.startswith("#") and not first.startswith("## Page ") else ""


def _one_line(title: str) -> str:
    return " ".join(title.split())[:_MAX_TITLE_CHARACTERS]


_PLAIN: Final[dict[str, Callable[[bytes, str], tuple[str, str]]]] = {
    ".txt": _plain,
    ".md": _plain,
    ".markdown": _plain,
    ".csv": _csv,
}
ENDINGS: Final = (".txt", ".md", ".markdown", ".html", ".htm", ".csv", ".pdf", ".docx")
