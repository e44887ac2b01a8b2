"""Reads tables of people (CSV, TSV, JSON, JSON Lines) into records, each with its line.

Uses only the file's ending; independent of the meaning of columns.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, cast

from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.personas.distributions import Scalar

MAX_CHARACTERS: Final = 10**7
"""Maximum length of one cell."""
MAX_CELLS: Final = 1_000_000
MAX_SHOWN: Final = 5
_LEADING_ZERO: Final = re.compile(r"[-+]?0\d+")
_UNNAMED: Final = re.compile(r"(?:unnamed: ?\d+|level_\d+)?", re.IGNORECASE)
"""Names that programs give to a column without a heading, such as an index."""
_NO_VALUE: Final = frozenset({"nan", "n/a", "#n/a", "<na>", "null"})
"""What programs write in a cell without a value."""
_NO_NUMBER: Final = frozenset({"na", "none", "-", "."})
"""What stands for a missing value among numbers; elsewhere it may be a word or a code."""
_JSON: Final = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class TableProblem:
    """An error in a table, and its place."""

    message: str
    place: str = ""
    """`:7` for its seventh line."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """Records with typed values; empty cells are left out."""

    header: tuple[str, ...] = ()
    records: tuple[tuple[int, dict[str, Scalar]], ...] = ()
    """The first line of a record, and column -> value."""
    trouble: tuple[TableProblem, ...] = ()


def read_table(text: str, ending: str = ".csv") -> PeopleTable:
    """Read a table by the file name's ending and its first characters."""
    begins_as_json = text.lstrip()[:1] in ("[", "{")
    if ending.lower() in _JSON or (begins_as_json and (ending.lower() not in (".csv", ".tsv") or _is_json(text))):
        return _json_table(text)
    return _csv_table(text.replace("\r\n", "\n").replace("\r", "\n"), ending)


def _is_json(text: str) -> bool:
    """Return whether a text, or its first line, is JSON: some programs give it any ending."""
    first = text.lstrip().partition("\n")[0]
    return any(not isinstance(_loaded(part, 1), TableProblem) for part in (first, text))


def _csv_table(text: str, ending: str) -> PeopleTable:
    csv.field_size_limit(MAX_CHARACTERS)
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), dialect=_dialect(text, ending))
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        return PeopleTable(trouble=(_unreadable(text, begins, str(error)),))
    if len(lines) > 1 and max(len(cells) for _, cells in lines) * len(lines) > MAX_CELLS:
        hint = "keep only the rows and columns that are needed"
        return PeopleTable(trouble=(TableProblem(f"the table has more than {MAX_CELLS:,} cells", hint=hint),))
    if len(lines) < 2:  # noqa: PLR2004 - a header and somebody
        return PeopleTable(trouble=(TableProblem("a table needs a header and at least one row"),))
    (place, header), *rows = lines
    kept = [(number, cells) for number, cells in rows if cells != header]  # a repeated header is not a person
    trouble = [
        TableProblem(f"{len(cells)} cells under {len(header)} headings", f":{number}")
        for number, cells in kept
        if len(cells) != len(header)
    ]
    if trouble:
        return PeopleTable(trouble=tuple(trouble[:MAX_SHOWN]))
    aside = _index_columns(header, [cells for _, cells in kept])
    names = [name for column, name in enumerate(header) if column not in aside]
    times = Counter(names)
    if twice := [name for name in times if times[name] > 1 or not name]:
        what = f"'{twice[0]}' appears twice" if twice[0] else "one has none"
        return PeopleTable(trouble=(TableProblem("every column needs its own heading", f":{place}", what),))
    columns = [(column, name) for column, name in enumerate(header) if column not in aside]
    values = {name: _values_of([cells[column] for _, cells in kept]) for column, name in columns}
    records = tuple(
        (number, {name: found for name in values if (found := values[name][row]) is not None})
        for row, (number, _) in enumerate(kept)
    )
    return PeopleTable(tuple(names), records)


def _values_of(cells: list[str]) -> list[Scalar | None]:
    """Return the values of a column: numbers, booleans and texts; None if missing."""
    values = [None if cell.lower() in _NO_VALUE else scalar_of(cell) for cell in cells]
    words = {value for value in values if isinstance(value, str)}
    is_of_numbers = len(words) == 1 and any(isinstance(value, int | float) for value in values)
    if is_of_numbers and {word.lower() for word in words} <= _NO_NUMBER:
        return [None if isinstance(value, str) else value for value in values]
    return values


def scalar_of(cell: str) -> Scalar | None:
    """Return the value of a cell: a number, a boolean, a text; None if empty. 01234 is text, as codes are."""
    return cell if _LEADING_ZERO.fullmatch(cell) else plain_scalar(cell)


def _index_columns(header: list[str], rows: list[list[str]]) -> set[int]:
    """Return the columns without a heading that only number the rows, or were named by a program."""
    found: set[int] = set()
    for column, name in enumerate(header):
        if not _UNNAMED.fullmatch(name):
            continue
        cells = [row[column] for row in rows]
        counts = all(cell.lstrip("-").isdigit() for cell in cells) and all(
            int(later) == int(earlier) + 1 for earlier, later in pairwise(cells)
        )
        if counts or name or not any(cells):
            found.add(column)
    return found


def _dialect(text: str, ending: str) -> type[csv.Dialect]:
    first = text.lstrip("\n").split("\n", maxsplit=1)[0]
    bare = re.sub(r'"[^"]*"', "", first)
    separator = "\t" if ending.lower() in (".tsv", ".tab") else max(",;\t|", key=bare.count)

    class Found(csv.excel):
        strict = True

    Found.delimiter = separator
    return Found


def _unreadable(text: str, begins: int, reason: str) -> TableProblem:
    """Return the problem of a quote that is never closed, or closed in the middle of a cell, with its line."""
    lines = text.split("\n")
    is_open, opened = False, begins
    for number, line in enumerate(lines[begins - 1 :], start=begins):
        for sign in line:
            if sign == '"':
                is_open = not is_open
                opened = number if is_open else opened
    if "unexpected end" in reason:
        hint = 'close the quote, or write "" for a quote inside a cell'
        return TableProblem("a quote begins here that is never closed", f":{opened}", hint)
    if "field larger" in reason:
        return TableProblem(f"a cell has more than {MAX_CHARACTERS:,} characters", f":{begins}")
    hint = 'a quote inside a cell is written twice: ""; perhaps an earlier quote is not closed'
    return TableProblem("a quote ends in the middle of a cell", f":{_first_quote(lines, begins)}", hint)


def _first_quote(lines: list[str], begins: int) -> int:
    return next((number for number in range(begins, len(lines) + 1) if '"' in lines[number - 1]), begins)


def _json_table(text: str) -> PeopleTable:
    found: list[tuple[int, dict[str, Scalar]]] = []
    trouble: list[TableProblem] = []
    for number, value in _json_records(text):
        if isinstance(value, TableProblem):
            trouble.append(value)
        elif not isinstance(value, dict):
            trouble.append(TableProblem("this is not an object with a person's fields", f":{number}"))
        else:
            found.append((number, dict(_flat(cast("dict[str, Any]", value)))))
    if not found and not trouble:
        trouble.append(TableProblem("it contains no people"))
    header = tuple(dict.fromkeys(key for _, record in found for key in record))
    return PeopleTable(header, () if trouble else tuple(found), tuple(trouble[:MAX_SHOWN]))


def _json_records(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each record with its line: from a list, from the only list in an object, or from one object a line."""
    try:
        whole: Any = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for _, line in lines):
            yield from ((number, _loaded(line, number)) for number, line in lines)
        else:
            yield 1, TableProblem(f"this is not valid JSON: {error}", f":{getattr(error, 'lineno', 1)}")
        return
    if isinstance(whole, dict):
        inner = _by_row(cast("dict[str, Any]", whole))
        lists = [cast("list[Any]", value) for value in inner.values() if isinstance(value, list)]
        is_wrapped = len(lists) == 1 and all(isinstance(record, dict) for record in lists[0])
        whole = lists[0] if is_wrapped else [inner]
    if not isinstance(whole, list):
        yield 1, TableProblem("a list of people is expected")
        return
    yield from ((number, record) for number, record in enumerate(cast("list[Any]", whole), start=1))


def _by_row(whole: dict[str, Any]) -> dict[str, Any]:
    """Turn columns with numbered cells, as pandas writes them ({"age": {"0": 31, "1": 62}}), into a list of records."""
    columns = [cast("dict[str, Any]", column) for column in whole.values() if isinstance(column, dict)]
    if not columns or len(columns) < len(whole) or not all(key.isdigit() for column in columns for key in column):
        return whole
    rows = dict.fromkeys(key for column in columns for key in column)
    records = [{name: column.get(row) for name, column in zip(whole, columns, strict=True)} for row in rows]
    return {"people": records}


def _loaded(line: str, number: int) -> Any:
    try:
        return json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return TableProblem(f"this is not valid JSON: {error}", f":{number}")


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Scalar]]:
    for key, value in record.items():
        match value:
            case None | "":
                continue
            case dict():
                yield from _flat(cast("dict[str, Any]", value), f"{prefix}{key}.")
            case list():
                yield f"{prefix}{key}", ", ".join(str(part) for part in cast("list[Any]", value))
            case _:
                yield f"{prefix}{key}", value
