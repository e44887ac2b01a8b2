"""Files that a page of docs/ shows in full: `<!-- file: NAME -->`, then a fenced block."""

from __future__ import annotations

import re

_SHOWN = re.compile(r"^<!-- file: (?P<name>\S+) -->\n```\w*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


def files_shown(page: str) -> dict[str, str]:
    """Return name -> text."""
    return {shown["name"]: shown["text"] for shown in _SHOWN.finditer(page)}
