"""report.html: one file that shows everything a run found, and needs nothing else.

A pure function of the results and the run's log. The page is html/page.html.jinja; sentences and tables that the
Markdown report has too are taken from it, section by section.
"""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from tinytroupe_cli.reports.call_texts import packed_calls
from tinytroupe_cli.reports.figures import humanized
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.html_sections import html_of, titled, without_tables
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.leading_chart import leading_chart
from tinytroupe_cli.reports.markdown import MarkdownSections
from tinytroupe_cli.reports.measure_words import capitalized
from tinytroupe_cli.reports.network_drawing import network_drawing
from tinytroupe_cli.reports.page_comparisons import comparison_charts, poll_charts
from tinytroupe_cli.reports.page_links import linked_quotes, problem_counts
from tinytroupe_cli.reports.page_measures import drawn_chart, page_measures
from tinytroupe_cli.reports.page_people import person_cards, profile, shared_facts
from tinytroupe_cli.reports.page_templates import Served, assets, json_for_script, page
from tinytroupe_cli.reports.place_table import place_table
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog
from tinytroupe_cli.reports.sentences import one_line, words
from tinytroupe_cli.reports.transcript_rows import transcript_rows

DETAILS: Final = (
    "weights", "balance", "crossover", "stopping", "baselines", "consensus", "deviations", "exclusions", "multiverse",
    "fidelity", "rectified", "polls", "quality", "variance", "shuffles", "calibrations", "orders", "instruments",
)  # fmt: skip
"""Sections on how far the figures can be trusted, each in full."""
MAX_IMAGES: Final = 6_000_000
"""Characters of all pictures; others are in the run's folder."""
OUTPUTS: Final = ("interventions", "stories", "categories", "codings", "data", "systems", "documents", "tools")
"""Sections on what else the run made."""


def html(results: Results, log: RunLog, served: Served | None = None) -> bytes:
    """Render the page; `served`: for a server, with a link to all runs."""
    return page("page.html.jinja", _variables(results, log, served))


def _variables(results: Results, log: RunLog, served: Served | None) -> dict[str, Any]:
    transcript = transcript_rows(results, log)
    packed, kept, calls = packed_calls(log.calls())
    return {
        "results": results,
        "figures": report_figures(results),
        "title": results.title or capitalized(humanized(results.name)),
        "banner": one_line(words().banner(results, report_figures(results))),
        **_charts(results),
        **_people(results, log),
        **_texts(results),
        "quotes": list(linked_quotes(results, transcript["rows"])),
        "problems": problem_counts(results, transcript["rows"]),
        "transcript": json_for_script(_transcript(results, transcript, left_out=calls - kept)),
        "rows": len(transcript["rows"]),
        "calls": packed if kept else "",
        "served": served,
        **assets("served_report" if served else "report"),
    }


def _charts(results: Results) -> dict[str, Any]:
    leading = leading_chart(results)
    return {
        "answer": headline(results),
        "main": drawn_chart(leading) if leading else None,
        "leading": leading.measure if leading else "",
        "measures": {query.query: list(page_measures(results, query)) for query in results.queries},
        "polls": list(poll_charts(results)),
        "forest": list(comparison_charts(results)),
    }


def _people(results: Results, log: RunLog) -> dict[str, Any]:
    return {
        "people": person_cards(results),
        "seats": {person.id: place for place, person in enumerate(results.participants)},
        "shared": shared_facts(results),
        "profile": profile(results),
        "network": network_drawing(results, log),
        "places": place_table(results, log),
        "images": _images(results, log),
    }


def _texts(results: Results) -> dict[str, Any]:
    """Return what the page takes from the Markdown report."""
    sections = MarkdownSections(results)

    def section(name: str, level: int = 2) -> Markup:
        text = sections.section(name)
        return html_of(text, name=name, level=level) if text else Markup("")

    return {
        "section": section,
        "comparison_texts": _texts_and_tables(sections.section("comparisons")),
        "problem_texts": _texts_and_tables(sections.section("problems")),
        "details": [titled(text, name=name, level=4) for name in DETAILS if (text := sections.section(name))],
        "outputs": [made for name in OUTPUTS if (made := section(name, 3))],
    }


def _transcript(results: Results, rows: dict[str, Any], *, left_out: int) -> dict[str, Any]:
    return {
        **rows,
        "conditions": [{"name": one.name, "label": condition_label(one)} for one in results.conditions],
        "replicates": results.replicates,
        "problems": dict(words().PROBLEMS),
        "left_out": left_out,
    }


def _texts_and_tables(text: str) -> tuple[Markup, Markup]:
    """Return a section without its heading and tables, and its tables."""
    texts, tables = without_tables(text)
    found = titled(texts, name="")
    return found.body, html_of(tables, name=found.title)


def _images(results: Results, log: RunLog) -> dict[str, str]:
    """Return the pictures people were shown, as far as the page has room for them."""
    shown = dict.fromkeys(name for put in results.stimuli for name in put.images)
    found: dict[str, str] = {}
    for name in shown:
        data = log.images.get(name, "")
        if data.startswith("data:image/") and sum(map(len, found.values())) + len(data) <= MAX_IMAGES:
            found[name] = data
    return found
