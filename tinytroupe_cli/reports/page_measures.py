"""The measures of the HTML page: each with its sentence, its chart, the same by groups of people, and its table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.answer_tables import answer_table, has_table
from tinytroupe_cli.reports.answers import finding
from tinytroupe_cli.reports.breakdowns import Breakdown, Part, by_condition, by_groups, measure_name
from tinytroupe_cli.reports.charts.chart_images import svg
from tinytroupe_cli.reports.charts.chart_kinds import chart_plan
from tinytroupe_cli.reports.figures import answer, humanized
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results

MAX_WORDS: Final = 6
"""Answers in words that are quoted; the transcript has all."""


class PageChart(Frozen):
    """A drawn chart, with the words that say what it shows."""

    by: str
    """`condition`, or the attribute that groups people."""
    drawn: Markup
    words: str
    note: str = ""
    """What its marks stand for."""

    model_config = {"arbitrary_types_allowed": True}


class QuotedAnswer(Frozen):
    """An answer in words."""

    text: str
    who: str
    condition: str
    trial: int
    """Place of the trial among the trials."""
    person: str
    query: str


class PageMeasure(Frozen):
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
    """Yield what the page shows of each field of a query."""
    for field in query.fields:
        if field.is_auxiliary:
            continue
        whole = by_condition(results, query, field)
        counted = whole.whole.summary.planned > 1
        yield PageMeasure(
            id=f"{query.query}.{field.name}",
            name=measure_name(query, field),
            phrase=type_of(field).phrase(field),
            sentence=finding(results, query, field),
            chart=page_chart(results, whole) if counted else None,
            groups=tuple(_group_charts(results, query, field)) if counted else (),
            table=tuple(tuple(row) for row in answer_table(results, query.query, field))
            if has_table(results, query, field)
            else (),
            quotes=tuple(_quotes(results, query, field)),
            stated=whole.whole.summary.stated,
            planned=whole.whole.summary.planned,
        )


def page_chart(results: Results, breakdown: Breakdown) -> PageChart | None:
    """Return a breakdown drawn, with what it says in words; None: there is no chart."""
    return _drawn(breakdown, f"{breakdown.name}: {finding(results, breakdown.query, breakdown.field)}")


def _drawn(breakdown: Breakdown, words: str) -> PageChart | None:
    wide, narrow = chart_plan(breakdown), chart_plan(breakdown, is_narrow=True)
    if wide is None or narrow is None:
        return None
    return PageChart(by=breakdown.by, drawn=Markup(svg(wide, narrow, words)), words=words, note=wide.note)  # noqa: S704


def _group_charts(results: Results, query: QuerySummary, field: PlannedField) -> Iterator[PageChart]:
    for breakdown in by_groups(results, query, field):
        each = "; ".join(f"{part.label}: {_short(breakdown.field, part)}" for part in breakdown.parts)
        if drawn := _drawn(breakdown, f"{breakdown.name} by {breakdown.by}: {each}."):
            yield drawn


def _short(field: PlannedField, part: Part) -> str:
    summary = part.summary
    if summary.numbers is not None:
        return f"{type_of(field).figure(summary.numbers.mean)} on average of {summary.stated}"
    best = max(summary.shares, key=lambda share: share.count, default=None)
    return f"{answer(best.value)} {best.count} of {summary.stated}" if best else f"{summary.stated} answers"


def _quotes(results: Results, query: QuerySummary, field: PlannedField) -> Iterator[QuotedAnswer]:
    """Yield answers in words, from different conditions in turn."""
    if type_of(field).shape != "words":
        return
    names = {person.id: person.name for person in results.participants}
    labels = {condition.name: condition_label(condition) for condition in results.conditions}
    trials = {trial.id: place for place, trial in enumerate(results.trials)}
    own = [
        row
        for row in results.rows
        if (row.query, row.field, row.outcome) == (query.query, field.name, "stated") and str(row.value).strip()
    ]
    for row in _in_turn(own):
        yield QuotedAnswer(
            text=str(row.value),
            who=names.get(row.person, "about the whole trial" if not row.person else row.person),
            condition=labels[row.condition] if len(labels) > 1 else "",
            trial=trials[row.trial],
            person=row.person,
            query=humanized(row.query),
        )


def _in_turn(rows: list[Observation]) -> list[Observation]:
    """Return a few answers of different words, a condition after the other."""
    by_name: dict[str, list[Observation]] = {}
    seen: set[str] = set()
    for row in rows:
        if (words := str(row.value).strip().casefold()) not in seen:
            seen.add(words)
            by_name.setdefault(row.condition, []).append(row)
    longest = max((len(own) for own in by_name.values()), default=0)
    found = [own[place] for place in range(longest) for own in by_name.values() if place < len(own)]
    return found[:MAX_WORDS]
