"""Prints what a run found and what it cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.answer import show_answer
from tinytroupe_cli.cli.terminal import err, print_text, relative_path

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import RunOutcome


def show_conclusion(outcome: RunOutcome) -> None:
    """Print findings, problems, cost, and the command that shows who said what."""
    from tinytroupe_cli.api.headlines import caution, summary_lines, usage_sentence

    results, console = outcome.results, err()
    console.print()
    if outcome.limit is not None:
        print_text(console, f"A limit was reached: {outcome.limit.message}. What was done so far is kept and reported.")
        print_text(console, "Raise the limit and run the same command to resume.")
        console.print()
    shown = show_answer(results)
    lines = summary_lines(results, shown)
    for line in lines:
        print_text(console, line)
    if lines:
        console.print()
    print_text(console, usage_sentence(results))
    print_text(console, caution())
    _show_place("Who said what:", f"troupe show {relative_path(outcome.folder)}")
    for page in outcome.reports:
        if page.suffix == ".html":
            _show_place("As a page:", relative_path(page))


def _show_place(lead: str, place: str) -> None:
    """Print where to go on, on a line of its own where it would be broken otherwise."""
    console = err()
    is_wide = len(lead) + len(place) + 3 <= console.width
    console.print(f"  {lead} {place}" if is_wide else f"  {lead}\n  {place}", markup=False)


def reasons(outcome: RunOutcome) -> Iterator[str]:
    """Yield why a run is no success, and nothing else: a limit, and each expectation that does not hold."""
    from tinytroupe_cli.api.headlines import expectation_lines

    if outcome.limit is not None:
        yield f"A limit was reached: {outcome.limit.message}. What was done so far is kept and reported."
    yield from (line for line in expectation_lines(outcome.results) if not line.startswith("passed"))
