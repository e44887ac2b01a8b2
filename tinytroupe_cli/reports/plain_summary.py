"""A run's summary in plain lines: on the terminal at the end of a run, and as report.txt."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.character_charts import draw
from tinytroupe_cli.reports.figures import count, duration
from tinytroupe_cli.reports.guard_words import fault_counts
from tinytroupe_cli.reports.headline import Headline, headline
from tinytroupe_cli.reports.results import Results

MAX_FINDINGS: Final = 8
WIDTH: Final = 100
"""Columns of report.txt."""
INDENT: Final = "  "
CAUTION: Final = "These people are simulated: what they say is an idea to test, not evidence about real people."


def text(results: Results) -> bytes:
    """Write report.txt: the answer to the title with its charts, the other findings, cost, and the caution."""
    answer = headline(results)
    parts = [list(_answer(answer)), list(summary_lines(results, answer)), [usage_sentence(results), CAUTION]]
    blocks = ["\n".join(_wrapped(line) for line in part) for part in parts if part]
    title = answer.title if answer else results.title or results.name
    return f"{title}\n\n{chr(10).join(f'{block}{chr(10)}' for block in blocks)}".encode()


def summary_lines(results: Results, answer: Headline | None) -> Iterator[str]:
    """Yield what the answer to the title leaves out: findings, interventions, expectations, faults and problems."""
    found = list(findings(results, answer.tells if answer else ()))
    yield from (f"{name}: {sentence}" for name, sentence in found[:MAX_FINDINGS])
    if len(found) > MAX_FINDINGS:
        yield f"{count(len(found) - MAX_FINDINGS, 'more finding')} in the report."
    for one in results.interventions:
        yield f"{one.name}: {'stepped in ' + count(len(one.firings), 'time') if one.firings else 'never stepped in'}"
    yield from expectation_lines(results)
    if faults := fault_counts(results):
        yield faults
    if results.problems:
        yield f"{count(len(results.problems), 'thing')} did not go as planned; the report names each."


def expectation_lines(results: Results) -> Iterator[str]:
    """Yield whether each expectation holds, with the values it was judged by."""
    for expected in results.expectations:
        mark = {"held": "held  ", "broken": "BROKEN", "not_evaluable": "NOT EVALUABLE"}[expected.outcome]
        observed = ", ".join(
            f"{seen.what} is {'nothing' if seen.value is None else number(seen.value)}" for seen in expected.observed
        )
        yield f"{mark}  {expected.text}" + (f"  ({expected.reason or observed})" if expected.reason or observed else "")


def usage_sentence(results: Results) -> str:
    """Return time, calls, tokens and cost of a run."""
    accounts = results.accounts
    usage = accounts.usage
    reused = f", {accounts.reused} of them from earlier runs" if accounts.reused else ""
    tokens = f"{usage.prompt:,} tokens read, {usage.completion:,} written"
    calls = f"{count(accounts.calls, 'call')}{reused} ({tokens})"
    return f"It took {duration(accounts.seconds or 0)} and {calls}; {_cost(results)}."


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


def _cost(results: Results) -> str:
    if results.accounts.is_local:
        return "free, on this machine"
    if results.usd is None:
        return "the cost is not known"
    return f"it cost ${results.usd:.4f}" if results.usd else "it cost nothing"
