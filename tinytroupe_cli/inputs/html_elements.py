"""Parses HTML into elements as browsers do where end tags are left out, and refuses what is nested without end.

Runs in the child process of `document_parsers`. The parser of the standard library closes nothing by itself: a list of
600 items without `</li>` would be 600 elements deep.
"""

from __future__ import annotations

from typing import Any, Final

from bs4 import BeautifulSoup, Tag

from tinytroupe_cli.core.errors import RunError

MAX_DEPTH: Final = 256
"""Elements inside each other."""
_CELLS: Final = frozenset({"td", "th"})
_ROWS: Final = _CELLS | {"tr"}
_PARTS: Final = _ROWS | {"thead", "tbody", "tfoot"}
_TABLE: Final = frozenset({"table"})
_ENDED: Final = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    **dict.fromkeys(("dt", "dd"), (frozenset({"dt", "dd"}), frozenset({"dl"}))),
    **dict.fromkeys(_CELLS, (_CELLS, _TABLE | {"tr"})),
    "tr": (_ROWS, _TABLE),
    **dict.fromkeys(_PARTS - _ROWS, (_PARTS, _TABLE)),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
"""Element -> which open ones its start tag ends, up to which element around them (HTML Standard, 13.1.2.4)."""
_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "div", "dl", "fieldset", "footer", "form", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul"),
    }
)
"""Elements whose start tag ends an open paragraph."""
_AROUND: Final = _BLOCKS - {"p"} | {"li", "dd", "dt", "td", "th", "body", "button"}


class HtmlElements(BeautifulSoup):
    """The elements of a page; raises `RunError` if more than `MAX_DEPTH` are inside each other."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data, "html.parser")  # finds out the encoding as browsers do

    def handle_starttag(self, name: str, *around: Any, **more: Any) -> Tag | None:
        """End the elements that this one ends, then begin it."""
        self.endData()
        if name in _BLOCKS:
            self._end(frozenset({"p"}), _AROUND)
        if name in _ENDED:
            self._end(*_ENDED[name])
        return super().handle_starttag(name, *around, **more)

    def pushTag(self, tag: Tag) -> None:  # noqa: N802 - Beautiful Soup's name
        """Note an open element."""
        super().pushTag(tag)
        if len(self.tagStack) > MAX_DEPTH:
            raise RunError(f"can't be read as HTML: more than {MAX_DEPTH} elements are inside each other")

    def _end(self, ended: frozenset[str], border: frozenset[str]) -> None:
        outermost = 0
        for depth in range(len(self.tagStack) - 1, 0, -1):
            name = self.tagStack[depth].name
            if name in ended:
                outermost = depth
            elif name in border:
                break
        while outermost and len(self.tagStack) > outermost:
            self.popTag()
