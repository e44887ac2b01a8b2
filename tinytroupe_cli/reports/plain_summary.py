"""A run's summary in plain lines: on the terminal at the end of a run, and as report.txt."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.character_charts import draw
from tinytroupe_cli.reports.headline import Headline, headline
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import caution, text_template, usage_sentence

MAX_FINDINGS: Final = 8
MAX_COMPARED: Final = 3
"""Comparisons that are told; report.md has all."""
WIDTH: Final = 100
"""Columns of report.txt."""
INDENT: Final = "  "


def text(results: Results) -> bytes:
    """Write report.txt: the answer to the title with its charts, the other findings, cost, and the caution."""
    answer = headline(results)
    parts = [list(_answer(answer)), summary_lines(results, answer), [usage_sentence(results), caution()]]
    blocks = ["\n".join(_wrapped(line) for line in part) for part in parts if part]
    title = answer.title if answer else results.title or results.name
    return f"{title}\n\n{chr(10).join(f'{block}{chr(10)}' for block in blocks)}".encode()


def summary_lines(results: Results, answer: Headline | None) -> list[str]:
    """Return what the answer to the title leaves out: findings, interventions, expectations, faults and problems."""
    shown = text_template("summary.txt.jinja").render(
        results=results,
        figures=report_figures(results),
        findings=list(findings(results, answer.tells if answer else ())),
        MAX_FINDINGS=MAX_FINDINGS,
        MAX_COMPARED=MAX_COMPARED,
        answered=answer.sentence if answer else "",
    )
    return [line for line in shown.splitlines() if line]


def _answer(answer: Headline | None) -> Iterator[str]:
    if answer is None:
        return
    yield answer.sentence
    for chart in answer.charts:
        yield ""
        yield from draw(chart, WIDTH)
    if answer.caution:
        yield ""
        yield answer.caution


def _wrapped(line: str) -> str:
    is_drawn = line.startswith(INDENT)
    return line if is_drawn else "\n".join(wrap(line, WIDTH, subsequent_indent=INDENT))
