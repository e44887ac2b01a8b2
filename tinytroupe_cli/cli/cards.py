"""Draws people and fragments: a card for one, a table for many. Text from files is never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tinytroupe_cli.cli.terminal import err, printable

if TYPE_CHECKING:
    from tinytroupe_cli.api.person_cards import PersonaLine, PersonCard

MAX_WIDTH = 96
INDENT = 2
NARROW = 60
"""Terminal width below which a table would wrap too much."""


def draw_card(console: Console, card: PersonCard, *, title: str) -> None:
    """Draw one card: framed on a terminal, as plain lines in a pipe."""
    lines = [line for line in card.lines if line.head != "Name:"]
    if console.is_terminal:
        body = Group(*(Padding(_line(line), (0, 0, 0, INDENT * line.level)) for line in lines))
        heading = Text(printable(title), style="bold")
        width = min(console.width, MAX_WIDTH)
        panel = Panel(body, title=heading, title_align="left", width=width, padding=(1, 2))
        console.print(panel, soft_wrap=False)
        return
    console.print(Text(printable(title)))
    for line in lines:
        console.print(Text(" " * INDENT * line.level).append_text(_line(line)))


def draw_table(console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw a table; narrow terminals get stacked rows, pipes one line a row."""
    safe = [[printable(cell) for cell in row] for row in rows]
    if not console.is_terminal:
        _print_aligned(console, [list(headings), *safe])
    elif console.width < NARROW:
        _print_stacked(console, headings, safe)
    else:
        console.print(_table(headings, safe), soft_wrap=False)


def mention_broken(cards: Iterable[PersonCard]) -> None:
    """Print which files could not be read, and which command explains it."""
    for card in cards:
        if any(problem.is_error for problem in card.problems):
            err().print(Text(printable(f"{card.file} can't be read: troupe persona check {card.file}")))


def _line(line: PersonaLine) -> Text:
    words = Text()
    words.append(printable(line.head), style="bold")
    return words.append(f" {printable(line.text)}" if line.text else "")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        is_name = heading in (headings[0], headings[-1])  # what is copied from the table stays in one piece
        table.add_column(heading, overflow="fold", no_wrap=is_name)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_aligned(console: Console, rows: Sequence[Sequence[str]]) -> None:
    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True))
        console.print(Text("  ".join(cells).rstrip()))


def _print_stacked(console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for first, *others in rows:
        console.print(Text(first, style="bold"))
        for heading, cell in zip(headings[1:], others, strict=True):
            if cell:
                console.print(Padding(Text(f"{heading.lower()}: {cell}"), (0, 0, 0, INDENT)), soft_wrap=False)
