"""troupe fragment: lists and shows fragments, which can be merged into people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.api import person_cards
from tinytroupe_cli.cli.cards import draw_card, draw_table, mention_broken
from tinytroupe_cli.cli.completions import FRAGMENTS
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import err, out, print_json, printable

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List and show fragments: traits to merge into people."
)


@app.command("list")
def list_fragments(*, as_json: Json = False) -> None:
    """List the fragments that experiments in this folder can use."""
    cards = person_cards.list_cards("fragment", Path.cwd())
    rows = [(card.stem, card.summary or ", ".join(card.fields), card.file) for card in cards]
    if as_json:
        print_json({"fragments": [{"name": name, "summary": summary, "file": file} for name, summary, file in rows]})
        return
    draw_table(out(), ("NAME", "WHAT IT ADDS", "FILE"), rows)
    mention_broken(cards)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A name or a file.", autocompletion=FRAGMENTS)], *, as_json: Json = False
) -> None:
    """Show one fragment."""
    card = person_cards.read_card("fragment", name, Path.cwd())
    if as_json:
        print_json({"name": card.stem, "file": card.file, "fragment": card.fields})
        return
    draw_card(out(), card, title=card.summary or card.stem)
    err().print(printable(card.file), style="dim", markup=False)
