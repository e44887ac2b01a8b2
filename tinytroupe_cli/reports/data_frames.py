"""Tables of answers as data frames (pandas, polars) and as Parquet files, with a type for each column."""

from __future__ import annotations

import io
from typing import Any, Final, Literal

from tinytroupe_cli.core.optional_libraries import optional_library
from tinytroupe_cli.reports.data_tables import Cell, ColumnKind, DataTable, number_value, plain_value, text_value

FrameLibrary = Literal["pandas", "polars"]

_PANDAS: Final[dict[ColumnKind, str]] = {
    "text": "str",
    "number": "float64",
    "integer": "Int64",
    "truth": "boolean",
    "mixed": "object",
}


def pandas_frame(table: DataTable) -> Any:
    """Return a pandas data frame.

    Texts are `str`, numbers `float64`, whole numbers `Int64`, yes or no `boolean`; values of several kinds are Python
    objects. Missing is NA. Lists are JSON text.
    """
    pandas = optional_library("pandas", "a pandas data frame")
    columns = {
        column.name: pandas.Series(
            [_typed(value, column.kind or "text") for value in table.values(number)],
            dtype=_PANDAS[column.kind or "text"],
        )
        for number, column in enumerate(table.columns)
    }
    return pandas.DataFrame(columns)


def polars_frame(table: DataTable) -> Any:
    """Return a polars data frame; values of several kinds are text, as in CSV. Missing is null. Lists are JSON text."""
    polars = optional_library("polars", "a polars data frame")
    kinds: dict[ColumnKind, Any] = {
        "text": polars.String,
        "number": polars.Float64,
        "integer": polars.Int64,
        "truth": polars.Boolean,
        "mixed": polars.String,
    }
    columns = [
        polars.Series(column.name, _values(table, number), dtype=kinds[column.kind or "text"])
        for number, column in enumerate(table.columns)
    ]
    return polars.DataFrame(columns)


def parquet_bytes(table: DataTable) -> bytes:
    """Return a Parquet file; each column's metadata has its `description`, and the file's its `title`."""
    arrow = optional_library("pyarrow", "a Parquet file")
    parquet = optional_library("pyarrow.parquet", "a Parquet file")
    kinds: dict[ColumnKind, Any] = {
        "text": arrow.string(),
        "number": arrow.float64(),
        "integer": arrow.int64(),
        "truth": arrow.bool_(),
        "mixed": arrow.string(),
    }
    fields = [
        arrow.field(column.name, kinds[column.kind or "text"], metadata={"description": column.about})
        for column in table.columns
    ]
    schema = arrow.schema(fields, metadata={"title": table.title})
    arrays = [arrow.array(_values(table, number), type=one.type) for number, one in enumerate(fields)]
    file = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), file, compression="zstd")
    return file.getvalue()


def _values(table: DataTable, number: int) -> list[Any]:
    """Return a column's values in its one type."""
    kind: ColumnKind = table.columns[number].kind or "text"
    return [_typed(value, "text" if kind == "mixed" else kind) for value in table.values(number)]


def _typed(value: Cell, kind: ColumnKind) -> Any:
    match kind:
        case "text":
            return text_value(value)
        case "number":
            return number_value(value)
        case "integer" | "truth" | "mixed":
            return plain_value(value)
