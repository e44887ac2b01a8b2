"""Answers in words, as people gave them: texts, and lists whose entries are texts rather than categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.answer_tables import field_summaries
from tinytroupe_cli.reports.figures import answer
from tinytroupe_cli.reports.labels import condition_label, measure_name
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results

MAX_QUOTED: Final = 6
"""Answers that are quoted; the transcript has all."""
REPEATED: Final = 0.25
"""Share of a list's entries that several lists have, from which they are counted instead."""


class QuotedAnswer(Frozen):
    """An answer in words."""

    texts: tuple[str, ...]
    """The words; of a list, each entry."""
    who: str
    person: str
    """Id of the person; empty: nobody's."""
    condition: str
    """Its label; empty: there is a single one."""


class TextMeasure(Frozen):
    """A measure whose answers are words."""

    query: str
    field: str
    name: str
    quotes: tuple[QuotedAnswer, ...]


def is_of_texts(results: Results, query: QuerySummary, field: PlannedField) -> bool:
    """Return whether answers are words to be read: texts, or lists in which hardly any entry is named twice."""
    shape = type_of(field).shape
    if shape != "entries":
        return shape == "words"
    shares = [share for summary in field_summaries(results, query.query, field)[-1:] for share in summary.shares]
    return sum(share.count > 1 for share in shares) <= REPEATED * len(shares)


def text_measures(results: Results) -> Iterator[TextMeasure]:
    """Yield the measures whose answers are words, with some of these; none of people who are all left out."""
    for query in results.queries:
        for field in query.fields:
            is_counted = bool(field_summaries(results, query.query, field))
            if is_counted and not field.is_auxiliary and is_of_texts(results, query, field):
                quotes = quoted_answers(results, query, field)
                yield TextMeasure(
                    query=query.query, field=field.name, name=measure_name(query, field), quotes=tuple(quotes)
                )


def quoted_answers(results: Results, query: QuerySummary, field: PlannedField) -> Iterator[QuotedAnswer]:
    """Yield answers in words, from different conditions in turn."""
    names = {person.id: person.name for person in results.participants}
    labels = {condition.name: condition_label(condition) for condition in results.conditions}
    own = [
        row
        for row in results.rows
        if (row.query, row.field, row.outcome) == (query.query, field.name, "stated") and row.value and not row.excluded
    ]
    for row in _in_turn(own):
        yield QuotedAnswer(
            texts=tuple(answer(entry) for entry in row.value) if isinstance(row.value, list) else (str(row.value),),
            who=names.get(row.person, row.person) or "from the transcript",
            person=row.person,
            condition=labels[row.condition] if len(labels) > 1 else "",
        )


def _in_turn(rows: Sequence[Observation]) -> list[Observation]:
    """Return a few answers of different words, a condition after the other."""
    by_condition: dict[str, list[Observation]] = {}
    seen: set[str] = set()
    for row in rows:
        if (words := str(row.value).strip().casefold()) not in seen:
            seen.add(words)
            by_condition.setdefault(row.condition, []).append(row)
    longest = max((len(own) for own in by_condition.values()), default=0)
    found = [own[place] for place in range(longest) for own in by_condition.values() if place < len(own)]
    return found[:MAX_QUOTED]
