"""The data of a run: data frames for Python, and files for other programs.

choice = open_run("results/tv-ad").frame("choice")
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from tinytroupe_cli.api.results import results_of_run, with_answer_costs
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.reports.codebook import Codebook, codebook
from tinytroupe_cli.reports.data_formats import CODEBOOK, DATA_FORMATS, data_format, require_formats
from tinytroupe_cli.reports.data_frames import FrameLibrary, pandas_frame, polars_frame
from tinytroupe_cli.reports.data_tables import DataTable
from tinytroupe_cli.reports.formats import files_of, format_name
from tinytroupe_cli.reports.measures_table import measures_table
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.wide_table import wide_table
from tinytroupe_cli.runs.run_lookup import open_folder

if TYPE_CHECKING:
    import pandas as pd  # pyright: ignore[reportMissingTypeStubs] - it has none
    import polars as pl

__all__ = ["Codebook", "Exported", "OpenedRun", "export_run", "open_run"]


@dataclass(frozen=True)
class OpenedRun:
    """A finished or interrupted run, with its data."""

    folder: Path
    results: Results

    @overload
    def frame(
        self, measure: str = "", *, wide: bool = False, library: Literal["pandas"] = "pandas"
    ) -> pd.DataFrame: ...

    @overload
    def frame(self, measure: str = "", *, wide: bool = False, library: Literal["polars"]) -> pl.DataFrame: ...

    def frame(self, measure: str = "", *, wide: bool = False, library: FrameLibrary = "pandas") -> Any:
        """Return the answers as a data frame: a row per answer or, with `wide`, per unit and condition.

        `measure`: a query (`choice`) or one of its fields (`choice.ad`); empty: all. The columns are those of
        data/measures.csv and data/wide.csv. Raises `RunError` for an unknown measure, `EnvironmentProblem` if the
        library is not installed.
        """
        table = self.table(measure, wide=wide)
        return polars_frame(table) if library == "polars" else pandas_frame(table)

    def table(self, measure: str = "", *, wide: bool = False) -> DataTable:
        """Return the same as rows and typed columns, without any library."""
        known = {name for query in self.results.queries for name in _names(query.query, [f.name for f in query.fields])}
        if measure and measure not in known:
            raise RunError(f"no measure '{measure}' in this run", hint=did_you_mean(measure, known, label="measures"))
        return (wide_table if wide else measures_table)(self.results, measure)

    def codebook(self) -> Codebook:
        """Return what the columns and codes mean."""
        return codebook(self.results)


@dataclass(frozen=True)
class Exported:
    """What was written."""

    files: tuple[Path, ...]
    rows: int
    """Rows of the first table."""


def open_run(where: Path | str) -> OpenedRun:
    """Open a run by its folder, by `results/NAME` or `results` (the newest run in it).

    Raises `NothingToDo` if there is no run.
    """
    folder = open_folder(Path(where))
    return OpenedRun(folder.path, with_answer_costs(folder, results_of_run(folder)))


def export_run(
    where: Path, form: str = "", *, measure: str = "", wide: bool = False, place: Path | None = None
) -> Exported:
    """Write a run's data.

    `place`: a file (its ending is the format by default), or a folder, which gets all tables and the codebook; None:
    the run's own `data` folder. With `measure` or `wide`, a single table is written. Raises `RunError` for a format or
    a measure that does not exist.
    """
    is_file = place is not None and not place.is_dir() and place.suffix.lstrip(".") in {*DATA_FORMATS, form} - {""}
    name = format_name(form or (place.suffix.lstrip(".") if place is not None and is_file else "csv"))
    wanted = data_format(name)
    require_formats([name])
    run = open_run(where)
    table = run.table(measure, wide=wide)
    folder = run.folder / "data" if place is None else place
    if is_file or measure or wide:
        file = folder if is_file else folder / f"{_file_name(measure, wide=wide)}.{name}"
        files = {file: wanted.write(table, run.results.provenance.started)}
    else:
        every = files_of(run.results, name) | {file: render(run.results) for file, render in CODEBOOK}
        files = {folder / Path(file).name: content for file, content in every.items()}
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
    return Exported(tuple(files), len(table.rows))


def _names(query: str, fields: list[str]) -> list[str]:
    return [query, *(f"{query}.{field}" for field in fields)]


def _file_name(measure: str, *, wide: bool) -> str:
    return "-".join(part for part in (measure, "wide" if wide else "") if part) or "measures"
