"""troupe export: writes a run's answers for other programs, without model calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tinytroupe_cli.cli.completions import MEASURES, RUNS, words
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import out, print_json, printable, relative_path
from tinytroupe_cli.cli.waiting import waiting

Run = Annotated[
    Path,
    typer.Argument(help="A run's folder; results/ or results/NAME means the newest run in it.", autocompletion=RUNS),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        autocompletion=words("csv parquet xlsx sav dta"),
        help="csv, parquet, xlsx, sav (SPSS) or dta (Stata); default: the ending of the --output file, otherwise csv.",
    ),
]
Measure = Annotated[
    str, typer.Option("--measure", help="Only this query (choice) or measure (choice.ad).", autocompletion=MEASURES)
]
Wide = Annotated[bool, typer.Option("--wide", help="One row per person and condition instead of one per answer.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE|DIR", help="File or folder to write to; default: data/ in the run's folder."
    ),
]


def export(
    run: Run = Path("results"),
    *,
    form: Format = "",
    measure: Measure = "",
    wide: Wide = False,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Write a run's answers, with a codebook, for statistics programs and spreadsheets. Makes no model calls."""
    from tinytroupe_cli.api.data_export import export_run

    with waiting("writing the data", is_quiet=as_json):
        written = export_run(run, form, measure=measure, wide=wide, place=output)
    if as_json:
        print_json({"files": [str(file) for file in written.files], "rows": written.rows})
        return
    for file in written.files:
        out().print(Text(printable(relative_path(file))))
