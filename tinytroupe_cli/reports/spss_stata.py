"""SPSS (.sav) and Stata (.dta) files: variable labels, value labels, and codes for why an answer is missing.

Texts longer than a program allows are cut. The time in a file's header is that of the run, so that a file that is
written again has the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tinytroupe_cli.core.optional_libraries import optional_library
from tinytroupe_cli.reports.data_tables import (
    MISSING_WORDS,
    Cell,
    Column,
    DataTable,
    MissingAnswer,
    number_value,
    text_value,
)
from tinytroupe_cli.reports.variable_names import STATA_LETTERS, Program, missing_codes, variable_names

MAX_BYTES: Final[Mapping[Program, int]] = {"spss": 32_767, "stata": 2_045}
"""Maximum size of a text."""
_MAX_LABEL: Final[Mapping[Program, int]] = {"spss": 255, "stata": 80}
_SAV_DATE: Final = slice(92, 109)
"""Where the header of a .sav file has its date and time."""
_DTA_TIMESTAMP: Final = re.compile(rb"(?<=<timestamp>\x11).{17}(?=</timestamp>)")


def sav_bytes(table: DataTable, written: str = "") -> bytes:
    """Return a table as an SPSS file; `written`: ISO time for its header."""
    codes = missing_codes([table])
    labels = {MISSING_WORDS[reason]: code for reason, code in codes.items()}
    coded = [number for number, column in enumerate(table.columns) if _has_missing(table, number, column)]
    ranges = [{"lo": min(codes.values()), "hi": max(codes.values())}]
    names = variable_names(table.names, "spss")

    def write(library: Any, frame: Any, path: str) -> None:
        library.write_sav(
            frame,
            path,
            file_label=table.title[:64],
            column_labels=_labels(table, "spss"),
            variable_value_labels=_value_labels(table, names, dict.fromkeys(coded, labels)),
            missing_ranges={names[number]: ranges for number in coded},
        )

    content = _written(table, "spss", lambda reason: codes[reason], write)
    date = _date(written).strftime("%d %b %y%H:%M:%S").encode("ascii", "replace")
    return content[: _SAV_DATE.start] + date + content[_SAV_DATE.stop :]


def dta_bytes(table: DataTable, written: str = "") -> bytes:
    """Return a table as a Stata file (version 14 or later); `written`: ISO time for its header."""
    labels = {MISSING_WORDS[reason]: letter for reason, letter in STATA_LETTERS.items()}
    coded = [number for number, column in enumerate(table.columns) if _has_missing(table, number, column)]
    names = variable_names(table.names, "stata")

    def write(library: Any, frame: Any, path: str) -> None:
        library.write_dta(
            frame,
            path,
            file_label=table.title[:80],
            column_labels=_labels(table, "stata"),
            variable_value_labels=_value_labels(table, names, dict.fromkeys(coded, labels)),
            missing_user_values={names[number]: list(STATA_LETTERS.values()) for number in coded},
        )

    content = _written(table, "stata", STATA_LETTERS.__getitem__, write)
    return _DTA_TIMESTAMP.sub(_date(written).strftime("%d %b %Y %H:%M").encode("ascii", "replace"), content)


def _written(
    table: DataTable,
    program: Program,
    missing: Callable[[MissingAnswer], int | str],
    write: Callable[[Any, Any, str], None],
) -> bytes:
    """Return what pyreadstat writes of a table."""
    what = f"a .{'sav' if program == 'spss' else 'dta'} file"
    library, pandas = optional_library("pyreadstat", what), optional_library("pandas", what)
    names = variable_names(table.names, program)
    columns: dict[str, Any] = {}
    for number, (name, column) in enumerate(zip(names, table.columns, strict=True)):
        if column.kind in ("text", "mixed"):
            texts = [_cut(text_value(value) or "", MAX_BYTES[program]) for value in table.values(number)]
            columns[name] = pandas.Series(texts, dtype=object)
        else:
            numbers = [_number(value, missing) for value in table.values(number)]
            has_letters = any(isinstance(value, str) for value in numbers)
            columns[name] = pandas.Series(numbers, dtype=object if has_letters else float)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        write(library, pandas.DataFrame(columns), str(path))
        return path.read_bytes()


def _number(value: Cell, missing: Callable[[MissingAnswer], int | str]) -> float | str | None:
    """Return a number, or the code or the letter of a missing answer."""
    if isinstance(value, MissingAnswer):
        found = missing(value)
        return found if isinstance(found, str) else float(found)
    return number_value(value)


def _has_missing(table: DataTable, number: int, column: Column) -> bool:
    return column.kind == "number" and any(isinstance(value, MissingAnswer) for value in table.values(number))


def _labels(table: DataTable, program: Program) -> list[str]:
    """Return what each variable holds; one whose name had to change begins with its name."""
    names = variable_names(table.names, program)
    labels = [
        column.about if column.name == name else f"{column.name}: {column.about}"
        for name, column in zip(names, table.columns, strict=True)
    ]
    return [_cut(label, _MAX_LABEL[program]) for label in labels]


def _value_labels(
    table: DataTable, names: Sequence[str], missing: Mapping[int, Mapping[str, int | str]]
) -> dict[str, dict[float | str, str]]:
    """Return variable -> number or letter -> label."""
    found: dict[str, dict[float | str, str]] = {}
    for number, (name, column) in enumerate(zip(names, table.columns, strict=True)):
        own: dict[float | str, str] = {code: _cut(label, 120) for code, label in column.labels.items()}
        own |= {
            code if isinstance(code, str) else float(code): label for label, code in missing.get(number, {}).items()
        }
        if own:
            found[name] = own
    return found


def _cut(text: str, size: int) -> str:
    """Return the beginning of a text that is no longer than this many bytes."""
    kept = text.replace("\x00", "").encode("utf-8", "replace")[:size]
    return kept.decode("utf-8", "ignore")


def _date(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return datetime(1970, 1, 1)  # noqa: DTZ001 - no zone is written
