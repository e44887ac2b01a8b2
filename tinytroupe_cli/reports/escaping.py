"""Other people's text inside Markdown: whatever a user or a model wrote stays text.

No table, heading, link, HTML or terminal command can come from it. Everything a template
puts out passes through here, unless our own code made it and says so with `Ready`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPECIAL = re.compile(r"([\\`*\[\]<|~])")
_EDGE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINK = re.compile(r"(https?|ftp|mailto|www)(:|\.)", re.IGNORECASE)
_START = re.compile(r"^(#|>|[-+=](?=\s|$|-|=)|(?:\d{1,9})(?=[.)](?:\s|$)))")


class SafeMarkdown(str):
    """Markdown of our own making, put out as it is."""

    __slots__ = ()


def plain(text: str) -> SafeMarkdown:
    """Return the text as one line of Markdown that reads the same and does nothing."""
    flat = " ".join(_CONTROL.sub("", text.replace("\u2028", " ").replace("\u2029", " ")).split())
    safe = _SPECIAL.sub(r"\\\1", flat)
    safe = _EDGE_UNDERSCORE.sub(r"\\_", safe)
    safe = _ENTITY.sub("&amp;", safe)
    safe = _LINK.sub(r"\1\\\2", safe)
    return SafeMarkdown(_START.sub(_escaped_start, safe))


def escape(value: object) -> str:
    """Make a template's value safe; the `finalize` of our Jinja environment."""
    return value if isinstance(value, SafeMarkdown) else plain(str(value))


def command(text: str) -> SafeMarkdown:
    """Return a command for a fenced block: one line, no control characters."""
    return SafeMarkdown(" ".join(_CONTROL.sub("", text).split()).replace("```", "` ` `"))


def fenced(lines: Sequence[str]) -> SafeMarkdown:
    """Return lines as a block of plain text; nothing where there are none."""
    if not lines:
        return SafeMarkdown("")
    flat = [_CONTROL.sub("", " ".join(line.splitlines())).replace("```", "` ` `") for line in lines]
    return SafeMarkdown("\n".join(["```text", *flat, "```"]))


def table(rows: list[list[str]]) -> SafeMarkdown:
    """Draw a table; the first row is its head, the first column its labels, the rest figures or texts."""
    cells = [[escape(cell) or " " for cell in row] for row in rows]
    head, body = cells[0], cells[1:]
    lines = [head, ["---"] * len(head), *body]
    return SafeMarkdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _escaped_start(found: re.Match[str]) -> str:
    start = found.group(1)
    return f"{start}\\" if start.isdigit() else f"\\{start}"
