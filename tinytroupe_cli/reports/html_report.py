"""report.html: one file that shows everything a run found, and needs nothing else.

A pure function of the results and the run's log. The page is html/page.html.jinja; sentences and tables that the
Markdown report has too are taken from it, section by section.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tinytroupe_cli.core.number_format import count, dollars, number
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.breakdowns import by_condition
from tinytroupe_cli.reports.call_texts import packed_calls
from tinytroupe_cli.reports.charts.chart_images import png
from tinytroupe_cli.reports.charts.chart_kinds import chart_plan
from tinytroupe_cli.reports.figures import duration, enumeration, humanized, percent
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.html_sections import html_of, titled, without_tables
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.leading_measure import leading_measure
from tinytroupe_cli.reports.markdown import MarkdownSections
from tinytroupe_cli.reports.network_drawing import network_drawing
from tinytroupe_cli.reports.page_assets import FOLDER, content_policy, script, style
from tinytroupe_cli.reports.page_comparisons import comparison_charts
from tinytroupe_cli.reports.page_measures import PageChart, page_chart, page_measures
from tinytroupe_cli.reports.page_people import person_cards, profile, shared_facts
from tinytroupe_cli.reports.place_table import place_table
from tinytroupe_cli.reports.problems import ProblemKind
from tinytroupe_cli.reports.quotes import Quote
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog
from tinytroupe_cli.reports.sentences import words
from tinytroupe_cli.reports.transcript_rows import transcript_rows

DETAILS: Final = (
    "weights", "balance", "stopping", "baselines", "consensus", "deviations", "exclusions", "multiverse", "fidelity",
    "rectified", "polls", "quality", "variance", "shuffles", "calibrations", "orders", "instruments",
)  # fmt: skip
"""Sections on how far the figures can be trusted, each in full."""
OUTPUTS: Final = ("interventions", "stories", "categories", "codings", "data", "systems", "documents", "tools")
"""Sections on what else the run made."""


class LinkedQuote(Frozen):
    """A quote, and the row of the transcript it was said in."""

    text: str
    source: str
    link: str
    """Address within the page; empty: the log does not have it."""


class ProblemCount(Frozen):
    """A kind of problem, and how often it occurred."""

    kind: ProblemKind
    words: str
    count: int


def html(results: Results, log: RunLog) -> bytes:
    """Render the page."""
    return _environment().get_template("page.html.jinja").render(**_variables(results, log)).encode()


def main_chart(results: Results) -> bytes:
    """Return the chart of the measure that answers the title, as a PNG; empty: there is none."""
    measure = leading_measure(results)
    if measure is None or measure.whole.planned == 1:
        return b""
    breakdown = by_condition(results, measure.asked, measure.field)
    plan = chart_plan(breakdown)
    return png(plan, breakdown.name) if plan else b""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        count=count, dollars=dollars, duration=duration, humanized=humanized, label=condition_label, number=number,
        percent=percent, enumeration=lambda names, most=6: enumeration(list(names), most),
    )  # fmt: skip
    return made


def _variables(results: Results, log: RunLog) -> dict[str, Any]:
    sections = MarkdownSections(results)

    def section(name: str, level: int = 2) -> Markup:
        text = sections.section(name)
        return html_of(text, name=name, level=level) if text else Markup("")

    transcript = transcript_rows(results, log)
    packed, kept, calls = packed_calls(log.calls())
    return {
        "results": results,
        "figures": report_figures(results),
        "title": results.title or humanized(results.name),
        "answer": headline(results),
        "main": _main_chart(results),
        "measures": {query.query: list(page_measures(results, query)) for query in results.queries},
        "people": person_cards(results),
        "shared": shared_facts(results),
        "profile": profile(results),
        "network": network_drawing(results, log),
        "places": place_table(results, log),
        "forest": list(comparison_charts(results)),
        "leading": _leading(results),
        "quotes": list(_quotes(results, transcript)),
        "problems": _problem_counts(results),
        "section": section,
        "comparison_texts": _texts_and_tables(sections.section("comparisons")),
        "problem_texts": _texts_and_tables(sections.section("problems")),
        "details": [titled(text, name=name, level=4) for name in DETAILS if (text := sections.section(name))],
        "outputs": [made for name in OUTPUTS if (made := section(name, 3))],
        "transcript": _as_json(
            {
                **transcript,
                "conditions": [{"name": one.name, "label": condition_label(one)} for one in results.conditions],
                "replicates": results.replicates,
                "problems": dict(words().PROBLEMS),
                "left_out": calls - kept,
            }
        ),
        "rows": len(transcript["rows"]),
        "calls": packed if kept else "",
        "banner": _line(words().banner(results, report_figures(results))),
        "policy": content_policy(),
        "style": Markup(style()),  # noqa: S704 - a file of ours
        "script": Markup(script()),  # noqa: S704 - files of ours
    }


def _texts_and_tables(text: str) -> tuple[Markup, Markup]:
    """Return a section without its heading and tables, and its tables."""
    texts, tables = without_tables(text)
    found = titled(texts, name="")
    return found.body, html_of(tables, name=found.title)


def _leading(results: Results) -> str:
    """Return the id of the measure that the main chart is of."""
    measure = leading_measure(results)
    return f"{measure.asked.query}.{measure.field.name}" if measure else ""


def _main_chart(results: Results) -> PageChart | None:
    measure = leading_measure(results)
    if measure is None or measure.whole.planned == 1:
        return None
    return page_chart(results, by_condition(results, measure.asked, measure.field))


def _as_json(content: object) -> Markup:
    """Return JSON for a script element, which no text in it can end."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def _quotes(results: Results, transcript: dict[str, Any]) -> Iterator[LinkedQuote]:
    figures = report_figures(results)
    places = {person["id"]: place for place, person in enumerate(transcript["people"])}
    trials = {trial.id: place for place, trial in enumerate(results.trials)}
    rows: dict[tuple[int, int], list[list[Any]]] = {}
    for row in transcript["rows"]:
        rows.setdefault((row[0], row[4]), []).append(row)
    for quote in results.quotes:
        if quote.person in figures.shown:
            own = rows.get((trials[quote.trial], places.get(quote.person, -1)), [])
            yield LinkedQuote(text=quote.text, source=_line(words().source(figures, quote)), link=_moment(quote, own))


def _moment(quote: Quote, rows: list[list[Any]]) -> str:
    """Return the address of the row in which something was said or answered."""
    for trial, seq, step, _, _, kind, _, _, _, text, *_ in rows:
        is_said = kind == "said" and step == quote.step and text.startswith(quote.text[:1000])
        is_answered = kind == "answer" and not quote.step and quote.text[:1000] in text
        if is_said or is_answered:
            return f"#transcript:row={trial}.{seq}"
    return ""


def _problem_counts(results: Results) -> list[ProblemCount]:
    kinds = Counter(problem.kind for problem in results.problems)
    named = words().PROBLEMS
    return [ProblemCount(kind=kind, words=named[kind], count=times) for kind, times in kinds.most_common()]


def _line(text: object) -> str:
    return " ".join(str(text).split())
