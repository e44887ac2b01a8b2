"""Reads ties from a CSV file: two columns of names, and optionally a third with the tie's name."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.language.positions import Path

ReadCsv = Callable[[str], str]
"""Path of a CSV file as written -> its text; raises a TroupeError that explains why not."""
Ends = tuple[str, str, str]
"""Two ids and the tie's name."""

_HEADINGS = frozenset(["from", "to", "source", "target", "a", "b", "person", "other", "name1", "name2"])
_COLUMNS = (2, 3)


def no_csv(name: str) -> str:
    """Raise an error: for compiling without files."""
    raise RunError(f"no file '{name}'")


def read_ties(file: str, roster: Roster, path: Path, *, read: ReadCsv, findings: Findings) -> list[Ends]:
    """Return the file's ties in order; errors name their line."""
    try:
        text = read(file)
    except TroupeError as error:
        findings.add("E394", error.message, path, hint=error.hint)
        return []
    return list(_ties(text, file, roster, path, findings))


def _ties(text: str, file: str, roster: Roster, path: Path, findings: Findings) -> Iterator[Ends]:
    seen: set[frozenset[str]] = set()
    for line, cells in _rows(text):
        if len(cells) not in _COLUMNS:
            message = f"{file}, line {line}: expected two names and, optionally, the tie's name; got {len(cells)}"
            findings.add("E394", message, path, hint="separate them with commas: lisa,oscar,colleagues")
            continue
        problem, hint, ends = _ends(cells, roster)
        if not problem and frozenset(ends) in seen:
            problem = f"a second tie between {ends[0]} and {ends[1]}"
        if problem:
            findings.add("E394", f"{file}, line {line}: {problem}", path, hint=hint)
        elif all(ends):
            seen.add(frozenset(ends))
            yield ends[0], ends[1], cells[2] if len(cells) == max(_COLUMNS) else ""


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line; a first line of headings is skipped."""
    reader = csv.reader(io.StringIO(text), skipinitialspace=True)
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        is_heading = reader.line_num == 1 and {cell.casefold() for cell in stripped[:2]} <= _HEADINGS
        if any(stripped) and not is_heading:
            yield reader.line_num, stripped


def _ends(cells: list[str], roster: Roster) -> tuple[str, str, tuple[str, str]]:
    """Return a line's error, a hint, and the two ids; empty ids if an unknown name is allowed."""
    found = [roster.find(name) or "" for name in cells[:2]]
    for name, person in zip(cells, found, strict=False):
        if not person and roster.is_complete:
            return (*roster.invalid_reason(name), ("", ""))
    if found[0] and found[0] == found[1]:
        return f"{found[0]} is tied to themselves", "", ("", "")
    return "", "", (found[0], found[1])
