"""Links of the HTML page into its transcript: from quotes to their moment, from problems to their events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.problems import ProblemKind
from tinytroupe_cli.reports.quotes import Quote
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import one_line, words
from tinytroupe_cli.reports.transcript_rows import COLUMNS

COMPARED: Final = 1_000
"""Characters of a quote by which its row is found."""
TRIAL, SEQ, STEP, PERSON, KIND, TEXT, PROBLEM = (
    COLUMNS.index(name) for name in ("trial", "seq", "step", "person", "kind", "text", "problem")
)


class LinkedQuote(Frozen):
    """A quote, and the row of the transcript it was said in."""

    text: str
    source: str
    link: str
    """Address within the page; empty: the log does not have it."""


class ProblemCount(Frozen):
    """A kind of problem, and how often it occurred."""

    words: str
    count: int
    link: str
    """Address of its events within the page; empty: it has none, such as a limit that was reached."""


def linked_quotes(results: Results, rows: Sequence[list[Any]]) -> Iterator[LinkedQuote]:
    """Yield what a few people said aloud, with its moment among the transcript's rows.

    Answers in words are left out: the page has them with their measure.
    """
    figures = report_figures(results)
    seats = {person.id: place for place, person in enumerate(results.participants)}
    trials = {trial.id: place for place, trial in enumerate(results.trials)}
    own: dict[tuple[int, int], list[list[Any]]] = {}
    for row in rows:
        own.setdefault((row[TRIAL], row[PERSON]), []).append(row)
    for quote in results.quotes:
        if quote.person in figures.shown and not quote.query:
            found = own.get((trials[quote.trial], seats.get(quote.person, -1)), [])
            source = one_line(words().source(figures, quote))
            yield LinkedQuote(text=quote.text, source=source, link=_moment(quote, found))


def problem_counts(results: Results, rows: Sequence[list[Any]]) -> list[ProblemCount]:
    """Return how often each kind of problem occurred, the most frequent first."""
    kinds = Counter[ProblemKind](problem.kind for problem in results.problems)
    shown = {row[PROBLEM] for row in rows}
    return [
        ProblemCount(
            words=words().PROBLEMS[kind], count=times, link=f"#transcript:problem={kind}" if kind in shown else ""
        )
        for kind, times in kinds.most_common()
    ]


def _moment(quote: Quote, rows: Sequence[list[Any]]) -> str:
    """Return the address of the row in which something was said or answered."""
    beginning = quote.text[:COMPARED]
    for row in rows:
        if row[KIND] == "said" and row[STEP] == quote.step and row[TEXT].startswith(beginning):
            return f"#transcript:row={row[TRIAL]}.{row[SEQ]}"
    return ""
