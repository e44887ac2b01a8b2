"""The words after a run: what came out, and what it took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.answer import show_answer
from tinytroupe_cli.cli.status import in_minutes
from tinytroupe_cli.cli.terminal import err, print_text, relative_path
from tinytroupe_cli.core.number_format import number

if TYPE_CHECKING:
    from tinytroupe_cli.api.headlines import Headline
    from tinytroupe_cli.api.run import Results, RunOutcome

MAX_FINDINGS = 8
CAUTION = "These people are simulated: what they say is an idea to test, not evidence about real people."


def show_conclusion(outcome: RunOutcome) -> None:
    """Print what was found, what went wrong, what it cost, and where to read who said what."""
    from tinytroupe_cli.api.run import fault_counts

    results, console = outcome.results, err()
    console.print()
    if outcome.limit is not None:
        print_text(console, f"A limit was reached: {outcome.limit.message}. What was done so far is kept and reported.")
        print_text(console, "Raise the limit and run the same command to resume.")
        console.print()
    told = show_answer(results)
    lines = [*_others(results, told), *_interventions(results), *_expectations(results)]
    if told_faults := fault_counts(results):
        lines.append(told_faults)
    if results.problems:
        lines.append(f"{_count(len(results.problems), 'thing')} did not go as planned; the report names each.")
    for line in lines:
        print_text(console, line)
    if lines:
        console.print()
    print_text(console, _spent(results))
    print_text(console, CAUTION)
    show = f"troupe show {relative_path(outcome.folder)}"
    lead = "Who said what:"
    is_wide = len(lead) + len(show) + 3 <= console.width
    console.print(f"  {lead} {show}" if is_wide else f"  {lead}\n  {show}", markup=False)


def reasons(outcome: RunOutcome) -> Iterator[str]:
    """Say why a run is no success, and nothing else: a limit, and each expectation that does not hold."""
    if outcome.limit is not None:
        yield f"A limit was reached: {outcome.limit.message}. What was done so far is kept and reported."
    yield from (line for line in _expectations(outcome.results) if not line.startswith("held"))


def _expectations(results: Results) -> Iterator[str]:
    for expected in results.expectations:
        mark = {"held": "held  ", "broken": "BROKEN", "not_evaluable": "NOT EVALUABLE"}[expected.outcome]
        observed = ", ".join(
            f"{seen.what} is {'nothing' if seen.value is None else number(seen.value)}" for seen in expected.observed
        )
        yield f"{mark}  {expected.text}" + (f"  ({expected.reason or observed})" if expected.reason or observed else "")


def _interventions(results: Results) -> Iterator[str]:
    for one in results.interventions:
        yield f"{one.name}: {'stepped in ' + _count(len(one.firings), 'time') if one.firings else 'never stepped in'}"


def _others(results: Results, told: Headline | None) -> Iterator[str]:
    """Sum up what the answer to the title does not tell."""
    from tinytroupe_cli.api.headlines import findings

    found = list(findings(results, told.tells if told else ()))
    yield from (f"{name}: {sentence}" for name, sentence in found[:MAX_FINDINGS])
    if len(found) > MAX_FINDINGS:
        yield f"{_count(len(found) - MAX_FINDINGS, 'more finding')} in the report."


def _spent(results: Results) -> str:
    accounts = results.accounts
    usage = accounts.usage
    reused = f", {accounts.reused} of them from earlier runs" if accounts.reused else ""
    tokens = f"{usage.prompt:,} tokens read, {usage.completion:,} written"
    calls = f"{_count(accounts.calls, 'call')}{reused} ({tokens})"
    return f"It took {in_minutes(accounts.seconds or 0)} and {calls}; {_cost(results)}."


def _cost(results: Results) -> str:
    if results.accounts.is_local:
        return "free, on this machine"
    if results.usd is None:
        return "the cost is not known"
    return f"it cost ${results.usd:.4f}" if results.usd else "it cost nothing"


def _count(quantity: int, noun: str, plural: str = "") -> str:
    return f"{quantity:,} {noun if quantity == 1 else plural or noun + 's'}"
