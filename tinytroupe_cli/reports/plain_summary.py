"""A run's summary in plain lines: on the terminal at the end of a run, and as report.txt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from textwrap import wrap
from typing import Any, Final

from jinja2 import Template

from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.character_charts import draw
from tinytroupe_cli.reports.headline import Headline, headline
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.templating import environment

MAX_FINDINGS: Final = 8
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
    shown = _template("summary.txt.jinja").render(
        results=results,
        figures=report_figures(results),
        findings=list(findings(results, answer.tells if answer else ())),
        MAX_FINDINGS=MAX_FINDINGS,
    )
    return [line for line in shown.splitlines() if line]


def expectation_lines(results: Results) -> list[str]:
    """Return whether each expectation holds, with the values it was judged by."""
    return [str(words().expectation(expected)) for expected in results.expectations]


def usage_sentence(results: Results) -> str:
    """Return time, calls, tokens and cost of a run."""
    return " ".join(str(words().usage_summary(results)).split())


def caution() -> str:
    """Return what simulated people are worth."""
    return str(words().CAUTION)


def words() -> Any:
    """Return the macros of words.jinja, which write plain text."""
    return _template("words.jinja").module


@cache
def _template(name: str) -> Template:
    return environment(str, str).get_template(name)


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
