"""The formats of data: what each writes a table with, and the files that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.optional_libraries import require_libraries
from tinytroupe_cli.reports.codebook import codebook_json
from tinytroupe_cli.reports.codebook_markdown import codebook_markdown
from tinytroupe_cli.reports.csv_files import data_csv
from tinytroupe_cli.reports.data_frames import parquet_bytes
from tinytroupe_cli.reports.data_tables import DataTable
from tinytroupe_cli.reports.excel_workbook import workbook_bytes
from tinytroupe_cli.reports.measures_table import baselines_table, measures_table
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.spss_stata import dta_bytes, sav_bytes
from tinytroupe_cli.reports.wide_table import wide_table
from tinytroupe_cli.spec.running import DataFormatName

RenderFile = Callable[[Results], bytes]
MakeTable = Callable[[Results], DataTable | None]


WriteTable = Callable[[DataTable, str], bytes]
"""Writes a table; the text is the time the run started, for formats whose files have a time."""


class DataFormat(NamedTuple):
    """How a table is written."""

    write: WriteTable
    needs: tuple[str, ...] = ()
    """Libraries that it needs beside those that are always installed."""
    has_sheets: bool = False
    """One file holds all tables."""


def _timeless(write: Callable[[DataTable], bytes]) -> WriteTable:
    """Return a writer of a format whose files have no time."""

    def written(table: DataTable, _started: str) -> bytes:
        return write(table)

    return written


def _sheet(table: DataTable) -> bytes:
    return workbook_bytes([table])


DATA_FORMATS: Final[dict[DataFormatName, DataFormat]] = {
    "csv": DataFormat(_timeless(data_csv)),
    "parquet": DataFormat(_timeless(parquet_bytes), ("pyarrow",)),
    "xlsx": DataFormat(_timeless(_sheet), has_sheets=True),
    "sav": DataFormat(sav_bytes, ("pandas", "pyreadstat")),
    "dta": DataFormat(dta_bytes, ("pandas", "pyreadstat")),
}
_TABLES: Final[tuple[tuple[str, MakeTable], ...]] = (
    ("measures", measures_table),
    ("wide", wide_table),
    ("baselines", baselines_table),
)
CODEBOOK: Final[tuple[tuple[str, RenderFile], ...]] = (
    ("data/codebook.md", codebook_markdown),
    ("data/codebook.json", codebook_json),
)


def data_format(name: str) -> DataFormat:
    """Return a format of data; raises `RunError` where there is none of that name."""
    for known, found in DATA_FORMATS.items():
        if known == name:
            return found
    raise RunError(f"no data format '{name}'", hint=did_you_mean(name, DATA_FORMATS, label="formats"))


def data_files(name: DataFormatName) -> tuple[tuple[str, RenderFile], ...]:
    """Return path and content of each file of a format: the answers, the wide table, baselines, the codebook."""
    wanted = DATA_FORMATS[name]
    if wanted.has_sheets:
        return ((f"data/measures.{name}", _workbook), *CODEBOOK)
    return (*((f"data/{table}.{name}", _renderer(make, wanted)) for table, make in _TABLES), *CODEBOOK)


def require_formats(names: Iterable[str]) -> None:
    """Raise `EnvironmentProblem` for the first format whose libraries are not installed."""
    for name in names:
        for known, found in DATA_FORMATS.items():
            if known == name:
                require_libraries(found.needs, f"the format {name}")


def _renderer(make: MakeTable, wanted: DataFormat) -> RenderFile:
    """Return what writes a table; nothing where there is none."""

    def render(results: Results) -> bytes:
        made = make(results)
        return b"" if made is None else wanted.write(made, results.provenance.started)

    return render


def _workbook(results: Results) -> bytes:
    return workbook_bytes(list(_all_tables(results)))


def _all_tables(results: Results) -> Iterator[DataTable]:
    for _, make in _TABLES:
        if (made := make(results)) is not None:
            yield made
