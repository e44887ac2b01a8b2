"""What was made of the run besides answers, in words: tables with their first rows, training data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tinytroupe_cli.analysis.tables import Table
from tinytroupe_cli.reports.escaping import SafeMarkdown, table
from tinytroupe_cli.reports.figures import answer, count, humanized
from tinytroupe_cli.reports.results import Results

MAX_ROWS = 8
"""Of a table, in the report; the file has all."""
MAX_CHARACTERS = 200
"""Of a cell, in the report."""


def table_parts(results: Results) -> Iterator[dict[str, Any]]:
    """Yield every table: its name, where all of it is, and its first rows."""
    for made in results.tables:
        yield {"name": humanized(made.name), "words": _words(made), "rows": _first_rows(made)}


def dataset_words(results: Results) -> SafeMarkdown:
    """Return what training data was written; empty: none was wanted."""
    made = results.dataset
    if made is None:
        return SafeMarkdown("")
    without = f", without {count(made.left_out, 'turn')} that a guard found fault with" if made.left_out else ""
    return SafeMarkdown(f"Training data ({made.format}): {count(made.rows, 'row')} in `{made.file}`{without}.")


def _words(made: Table) -> SafeMarkdown:
    more = f", of which the first {MAX_ROWS} stand here" if len(made.rows) > MAX_ROWS else ""
    told = f"{count(len(made.rows), 'row')} in `{made.file}`{more}."
    if made.faults:
        told += f" On {count(made.faults, 'more fact')} its rules could not be worked out ({made.fault})."
    return SafeMarkdown(told)


def _first_rows(made: Table) -> SafeMarkdown:
    if not made.rows:
        return SafeMarkdown("")
    body = [[_cell(answer(value) if value is not None else "") for value in row] for row in made.rows[:MAX_ROWS]]
    return table([list(made.columns), *body])


def _cell(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"
