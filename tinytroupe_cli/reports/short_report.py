"""report.md, which a manager reads in a minute: the answer, one picture, its table, some quotes, what went wrong."""

from __future__ import annotations

from typing import Final

from tinytroupe_cli.reports.answer_tables import answer_table, has_table
from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.answers_in_words import text_measures
from tinytroupe_cli.reports.charts.chart_images import png
from tinytroupe_cli.reports.data_formats import DATA_FORMATS
from tinytroupe_cli.reports.leading_chart import leading_chart
from tinytroupe_cli.reports.leading_measure import leading_measure
from tinytroupe_cli.reports.markdown import MarkdownSections
from tinytroupe_cli.reports.measure_chart import MeasureChart
from tinytroupe_cli.reports.results import Results

LIMITS: Final = {"MAX_FINDINGS": 8, "MAX_MEASURES": 4, "MAX_COMPARED": 3, "MAX_QUOTES": 3}
"""Entries of its lists; details.md, report.html and results.json have more."""


def markdown(results: Results) -> bytes:
    """Render report.md, which has its chart beside it."""
    return _page(results, leading_chart(results))


def printed_markdown(results: Results) -> bytes:
    """Render the same for a terminal: it refers to the chart only if the run writes it."""
    return _page(results, leading_chart(results) if "markdown" in results.formats else None)


def main_chart(results: Results) -> bytes:
    """Return the chart beside the headline, as a PNG; empty: there is none."""
    found = leading_chart(results)
    return png(found.wide, found.name) if found else b""


def _page(results: Results, chart: MeasureChart | None) -> bytes:
    texts, leading = list(text_measures(results)), leading_measure(results)
    told = {(measure.query, measure.field) for measure in texts}
    table: list[list[str]] = []
    if leading and has_table(results, leading.asked, leading.field):
        table = answer_table(results, leading.asked, leading.field)
        told.add((leading.asked.query, leading.field.name))
    page = MarkdownSections(results).page(
        "report.md.jinja",
        **LIMITS,
        findings=list(findings(results, told)),
        leading_table=table,
        picture=chart.words if chart else "",
        chart_note=chart.wide.note if chart else "",  # report.png has no room for what its marks are
        data_files=[f"data/measures.{name}" for name in results.formats if name in DATA_FORMATS],
        texts=texts,
    )
    return page.encode()
