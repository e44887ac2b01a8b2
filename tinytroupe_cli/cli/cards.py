"""Draws people and fragments: a card for one, a table for many. Text from their files is never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tinytroupe_cli.api.people import Card, Line
from tinytroupe_cli.cli.terminal import err, harmless

MOST_WIDTH = 96
INDENT = 2
ENDLESS = 10_000
"""Columns of a table that no terminal cuts: a pipe gets whole lines."""


def draw_card(console: Console, card: Card, *, title: str) -> None:
    """Draw one: in a frame on a terminal, as plain lines in a pipe."""
    lines = [line for line in card.lines if line.head != "Name:"]
    if console.is_terminal:
        body = Group(*(Padding(_line(line), (0, 0, 0, INDENT * line.level)) for line in lines))
        heading = Text(harmless(title), style="bold")
        width = min(console.width, MOST_WIDTH)
        panel = Panel(body, title=heading, title_align="left", width=width, padding=(1, 2))
        console.print(panel, soft_wrap=False)
        return
    console.print(Text(harmless(title)))
    for line in lines:
        console.print(Text(" " * INDENT * line.level).append_text(_line(line)))


def draw_table(console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw rows in columns; a terminal folds long cells, a pipe gets each row on one line."""
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="left")
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    if console.is_terminal:
        console.print(table, soft_wrap=False)
        return
    with console.capture() as capture:
        console.print(table, soft_wrap=False, width=ENDLESS)
    for line in capture.get().splitlines():
        console.print(Text(line.rstrip()))


def mention_broken(cards: Iterable[Card]) -> None:
    """Say which files could not be read, and how to learn why."""
    for card in cards:
        if any(problem.is_error for problem in card.problems):
            err().print(Text(harmless(f"{card.file} can't be read: troupe persona check {card.file}")))


def _line(line: Line) -> Text:
    words = Text()
    words.append(harmless(line.head), style="bold")
    return words.append(f" {harmless(line.text)}" if line.text else "")
