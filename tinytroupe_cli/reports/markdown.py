"""report.md, the report a manager reads: plain words first, every answer, what went wrong, what it cost.

Knows `Results` alone. The words stand in templates/: report.md.jinja is the page, words.jinja has the sentences that
other formats use too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinytroupe_cli.analysis.tables import Table
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.outputs import NOT_MAPPED
from tinytroupe_cli.reports.answers import answer_table, findings, has_table, person_table
from tinytroupe_cli.reports.artifacts import ENDINGS, WrittenDocument
from tinytroupe_cli.reports.balance_figures import balance_figures
from tinytroupe_cli.reports.character_charts import UNICODE, draw
from tinytroupe_cli.reports.escaping import SafeMarkdown, command, escape, fenced, plain, table
from tinytroupe_cli.reports.figures import answer, enumeration, humanized
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.participants import QuerySummary, StimulusSummary
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.templating import environment

WIDTH = 78
"""Columns of the charts."""
MAX_CELL_CHARACTERS = 200
LIMITS = {
    "MAX_STIMULI": 16,
    "MAX_QUESTIONS": 4,
    "MAX_TEXTS": 20,
    "MAX_ROWS": 8,
    "MAX_NAMED": 8,
    "MAX_PROBLEMS": 30,
    "MAX_SENTENCES": 6,
    "MAX_COMPARISONS": 40,
    "MAX_BALANCE": 12,
    "MAX_BASELINES": 40,
    "MAX_ORDERS": 12,
    "MAX_MARGINS": 40,
}
"""Entries of a list in the report; results.json has all."""


def markdown(results: Results) -> bytes:
    """Render the report."""
    page = environment(escape, SafeMarkdown, _FILTERS).get_template("report.md.jinja")
    return page.render({**LIMITS, **_variables(results)}).encode()


def _variables(results: Results) -> dict[str, Any]:
    top = headline(results)
    return {
        "NOT_MAPPED": NOT_MAPPED,
        "results": results,
        "figures": report_figures(results),
        "title": results.title or humanized(results.name),
        "answer": top,
        "charts": fenced([line for chart in top.charts for line in draw(chart, WIDTH, UNICODE)] if top else []),
        "findings": list(findings(results)),
        "balance": balance_figures(results),
        "queries": [_query(results, asked) for asked in results.queries],
    }


def _query(results: Results, asked: QuerySummary) -> dict[str, Any]:
    sorted_fields = {category.name for category in results.categories}
    return {
        "asked": asked,
        "name": humanized(asked.query),
        "fields": [
            (humanized(field.name), type_of(field).phrase(field))
            for field in asked.fields
            if not field.aside and f"{asked.query}.{field.name}" not in sorted_fields
        ],
        "tables": [
            {"name": humanized(field.name), "rows": answer_table(results, asked.query, field)}
            for field in asked.fields
            if has_table(results, asked, field)
        ],
        "sheet": person_table(results, asked),
    }


def _phrase(put: StimulusSummary) -> str:
    to = enumeration(put.to) if put.to else "everyone"
    return PERCEPTIONS[put.verb].design_phrase.format(source=put.source, to=to)


def _first_rows(made: Table, most: int) -> list[list[str]]:
    cells = [["" if value is None else answer(value) for value in row] for row in made.rows[:most]]
    return [
        [text if len(text) <= MAX_CELL_CHARACTERS else f"{text[: MAX_CELL_CHARACTERS - 1]}…" for text in row]
        for row in cells
    ]


def _links(document: WrittenDocument) -> list[SafeMarkdown]:
    names = [plain(document.title) if ending == "md" else ending for ending in ENDINGS]
    return [SafeMarkdown(f"[{name}]({document.file}.{ending})") for name, ending in zip(names, ENDINGS, strict=True)]


def _document_link(document: WrittenDocument) -> SafeMarkdown:
    return _links(document)[0]


def _other_links(document: WrittenDocument) -> SafeMarkdown:
    return SafeMarkdown(", ".join(_links(document)[1:]))


def _table(rows: list[list[str]], head: list[str]) -> SafeMarkdown:
    return table([head, *rows])


_FILTERS: dict[str, Callable[..., Any]] = {
    "command": command,
    "phrase": _phrase,
    "table": _table,
    "grid": table,
    "first_rows": _first_rows,
    "document_link": _document_link,
    "other_links": _other_links,
}
