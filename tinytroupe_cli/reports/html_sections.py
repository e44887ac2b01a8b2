"""Sections of the Markdown report as HTML, so that a sentence or table is written once for both.

The Markdown is ours: model text in it is escaped already, raw HTML stays text, and images are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_NUMERIC: Final = re.compile(
    r"[\[(<]?\s*[-\u2212]?\$?[\d.,]+\s?(?:%|[a-z]+)?(?:\s?\(.*\)| points| of [\d,]+|, .*\])?\]?$|^$"
)
SHORT: Final = 24
"""Characters of a cell that is not broken into lines."""
_PARSER: Final = (
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"]).disable("image")
)


def without_tables(text: str) -> tuple[str, str]:
    """Return a section's Markdown without its tables, and the tables alone."""
    lines = text.split("\n")
    rest = "\n".join(line for line in lines if not line.startswith("| "))
    return rest, "\n".join(line if line.startswith("| ") else "" for line in lines)


class TitledSection(NamedTuple):
    """A section whose heading stands apart from its text."""

    title: str
    body: Markup


def titled(text: str, *, name: str, level: int = 3) -> TitledSection:
    """Return a section's HTML without its first heading, and that heading; without one, its name."""
    first, _, rest = text.partition("\n")
    if not first.startswith("## "):
        return TitledSection(name.replace("_", " ").capitalize(), html_of(text, name=name, level=level))
    return TitledSection(first.removeprefix("## "), html_of(rest, name=name, level=level))


def html_of(text: str, *, name: str, level: int = 2) -> Markup:
    """Return a section's HTML; its heading gets `name` as its id, and headings begin at `level`."""
    tokens = _PARSER.parse(text)
    shift = level - min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=level)
    title = name.replace("-", " ")
    numeric: set[int] = set()
    column = 0
    for place, token in enumerate(tokens):
        match token.type:
            case "heading_open" | "heading_close":
                token.tag = f"h{int(token.tag[1]) + shift}"
                if token.type == "heading_open":
                    title = tokens[place + 1].content
            case "table_open":
                numeric = _numeric_columns(tokens[place:])
                token.attrSet("data-about", title)
            case "tr_open":
                column = 0
            case "th_open" | "td_open":
                if token.type == "th_open":
                    token.attrSet("scope", "col")
                if column in numeric:
                    token.attrSet("class", "number")
                elif len(tokens[place + 1].content) <= SHORT:
                    token.attrSet("class", "short")
                column += 1
            case _:
                continue
    drawn = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return Markup(_in_scrollers(drawn))  # noqa: S704 - rendered with raw HTML switched off


def _in_scrollers(drawn: str) -> str:
    """Put each table into a box that scrolls sideways by itself, also by keyboard."""
    opened = re.sub(
        r'<table data-about="([^"]*)">',
        r'<div class="scroller" tabindex="0" role="region" aria-label="Table: \1"><table>',
        drawn,
    )
    return opened.replace("</table>", "</table></div>")


def _numeric_columns(tokens: Sequence[Token]) -> set[int]:
    """Return the columns whose cells are all numbers, so that they are set flush right."""
    cells: list[list[str]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            cells.append([])
        elif token.type == "td_open":
            cells[-1].append(tokens[place + 1].content.replace("\\", "").strip())
        elif token.type == "table_close":
            break
    body = [row for row in cells if row]
    width = min((len(row) for row in body), default=0)
    return {
        column
        for column in range(width)
        if any(row[column] for row in body) and all(_NUMERIC.match(row[column]) for row in body)
    }
