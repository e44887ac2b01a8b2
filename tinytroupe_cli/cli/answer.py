"""Prints the answer to the question in an experiment's title: one sentence, and bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text

from tinytroupe_cli.cli.terminal import INDENT, MAX_COLUMNS, can_show, err, print_text, printable

if TYPE_CHECKING:
    from tinytroupe_cli.api.headlines import Headline
    from tinytroupe_cli.api.run import Results

DRAWN: Final = r"[█●#]+"
"""The part of a chart that is colored."""
COLOR: Final = "color(32)"


def show_answer(results: Results) -> Headline | None:
    """Print title, answer and charts; return the headline, None where no question was asked."""
    from tinytroupe_cli.api.headlines import headline

    found = headline(results)
    if found is None:
        return None
    console = err()
    console.print(Text(printable(found.title), style="bold"))
    print_text(console, found.sentence, style="bold")
    drawn = list(_drawn(found))
    for line in ("", *drawn) if drawn else ():
        text = Text(" " * INDENT * bool(line) + printable(line))
        text.highlight_regex(DRAWN, COLOR)
        console.print(text)
    if found.caution:
        console.print()
        print_text(console, found.caution)
    console.print()
    return found


def _drawn(found: Headline) -> Iterator[str]:
    from tinytroupe_cli.api.headlines import ASCII, UNICODE, draw

    console = err()
    characters = UNICODE if can_show(UNICODE.full + UNICODE.line + UNICODE.mark, console) else ASCII
    width = min(console.width, MAX_COLUMNS) - INDENT
    for chart in found.charts:
        yield from draw(chart, width, characters)
