"""The measures of the HTML page: each with its sentence, its chart, the same by groups of people, and its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.answer_tables import answer_table, field_summaries, has_table
from tinytroupe_cli.reports.answers import finding
from tinytroupe_cli.reports.answers_in_words import QuotedAnswer, is_of_texts, quoted_answers
from tinytroupe_cli.reports.breakdowns import Breakdown, Part, by_condition, by_groups
from tinytroupe_cli.reports.charts.chart_frame import chart_spec
from tinytroupe_cli.reports.charts.chart_images import NARROW, WIDE, small_svg, svg
from tinytroupe_cli.reports.charts.chart_kinds import chart_plan
from tinytroupe_cli.reports.charts.share_bars import share_of
from tinytroupe_cli.reports.figures import answer, percent
from tinytroupe_cli.reports.labels import measure_name
from tinytroupe_cli.reports.measure_chart import MeasureChart, condition_chart
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results


@dataclass(frozen=True, slots=True)
class PageChart:
    """A drawn chart, with the words that say what it shows."""

    by: str
    """`condition`, or the attribute that groups people."""
    drawn: Markup
    words: str
    note: str = ""
    """What its marks stand for."""


@dataclass(frozen=True, slots=True)
class PageMeasure:
    """One field of a query."""

    id: str
    name: str
    phrase: str
    """What an answer can be."""
    sentence: str
    chart: PageChart | None = None
    groups: tuple[PageChart, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    quotes: tuple[QuotedAnswer, ...] = ()
    stated: int = 0
    planned: int = 0


def page_measures(results: Results, query: QuerySummary) -> Iterator[PageMeasure]:
    """Yield what the page shows of each field of a query that somebody in the figures was asked."""
    for field in query.fields:
        if field.is_auxiliary or not field_summaries(results, query.query, field):  # or everybody is left out
            continue
        whole = by_condition(results, query, field)
        is_read = is_of_texts(results, query, field)
        counted = whole.whole.summary.planned > 1
        yield PageMeasure(
            id=f"{query.query}.{field.name}",
            name=measure_name(query, field),
            phrase=type_of(field).phrase(field),
            sentence="" if is_read else finding(results, query, field),
            chart=page_chart(results, whole) if counted and not is_read else None,
            groups=tuple(_group_charts(results, query, field)) if counted else (),
            table=tuple(tuple(row) for row in answer_table(results, query, field))
            if has_table(results, query, field) and not is_read
            else (),
            quotes=tuple(quoted_answers(results, query, field)) if is_read else (),
            stated=whole.whole.summary.stated,
            planned=whole.whole.summary.planned,
        )


def page_chart(results: Results, breakdown: Breakdown) -> PageChart | None:
    """Return a breakdown drawn, with what it says in words; None: there is no chart."""
    found = condition_chart(results, breakdown)
    return drawn_chart(found) if found else None


def drawn_chart(chart: MeasureChart) -> PageChart:
    """Return a chart, drawn."""
    drawn = svg(chart_spec(chart.wide, WIDE), chart_spec(chart.narrow, NARROW), chart.words)
    return PageChart(by="condition", drawn=drawn, words=chart.words, note=chart.wide.note)


def _group_charts(results: Results, query: QuerySummary, field: PlannedField) -> Iterator[PageChart]:
    for breakdown in by_groups(results, query, field):
        option = max(breakdown.whole.summary.shares, key=lambda share: share.count, default=None)
        each = "; ".join(
            f"{part.label}: {_short(breakdown.field, part, option.value if option else None)}"
            for part in breakdown.parts
        )
        words = f"{breakdown.name} by {breakdown.by}: {each}."
        if plan := chart_plan(breakdown, is_narrow=True):
            yield PageChart(
                by=breakdown.by, drawn=small_svg(chart_spec(plan, NARROW), words), words=words, note=plan.note
            )


def _short(field: PlannedField, part: Part, option: JsonValue) -> str:
    """Return the mean, or how many gave this answer: the same one for every group, so that they can be compared."""
    summary, weighted = part.summary, part.summary.weighted
    if summary.numbers is not None:
        means = f"{type_of(field).figure(summary.numbers.mean)} on average"
        more = f" (weighted {type_of(field).figure(weighted.numbers.mean)})" if weighted and weighted.numbers else ""
        return f"{means}{more} of {summary.stated}"
    if not summary.shares:
        return f"{summary.stated} answers"
    share = share_of(summary, option) if weighted else None
    more = f" (weighted {percent(share.share)})" if share is not None and share.share is not None else ""
    times = next((share.count for share in summary.shares if share.value == option), 0)
    return f"{answer(option)} {times} of {summary.stated}{more}"
