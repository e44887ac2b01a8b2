"""Writes data to stdout and everything else to stderr; color only where supported."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any, TextIO, cast

from rich.console import Console
from rich.text import Text

from tinytroupe_cli.core.secrets import Secrets

MAX_COLUMNS = 100
"""Maximum width of sentences, however wide the terminal is."""
MIN_COLUMNS = 8
"""Minimum width of a row's words, however narrow the terminal is."""
INDENT = 2
"""Indentation of run output; continuation rows are indented as much again."""
_COMMANDS_TO_TERMINALS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def out() -> Console:
    """Return the console for data: what a pipe should receive."""
    return Console(file=_without_secrets(sys.stdout), highlight=False, soft_wrap=True, emoji=False)


def err() -> Console:
    """Return the console for progress, notes and errors."""
    return Console(file=_without_secrets(sys.stderr), highlight=False, soft_wrap=True, emoji=False)


class _HidingStream:
    """A stream that prints no secret of the environment, wherever a text comes from."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(Secrets(os.environ).hide(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _without_secrets(stream: TextIO) -> TextIO:
    return cast("TextIO", _HidingStream(stream))


def printable(text: str) -> str:
    """Remove characters that move the cursor, color or reverse text: files and models may contain anything."""
    return _COMMANDS_TO_TERMINALS.sub("", text)


def relative_path(path: Path) -> str:
    """Return a path relative to the current folder, as one would type it."""
    project_dir = Path.cwd()
    return shlex.quote(str(path.relative_to(project_dir) if path.is_relative_to(project_dir) else path))


def print_json(value: object) -> None:
    """Write one JSON document to stdout, characters unescaped except control characters."""
    _print_escaped(json.dumps(value, ensure_ascii=False, indent=2))


def print_json_line(value: object) -> None:
    """Write one JSON record to stdout as one line."""
    _print_escaped(json.dumps(value, ensure_ascii=False))


def _print_escaped(text: str) -> None:
    out().print(Text(_COMMANDS_TO_TERMINALS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)))


def print_text(console: Console, words: str, *, style: str = "") -> None:
    """Print a sentence; wrapped on a terminal, one line in a pipe."""
    text = Text(printable(words), style=style)
    console.print(wrapped(text, console) if console.is_terminal else Text(" " * INDENT) + text)


def wrapped(text: Text, console: Console, *, hang: int = INDENT) -> Text:
    """Wrap a line; continuation rows are indented so that names stand out."""
    width = min(console.width, MAX_COLUMNS) - INDENT - hang
    rows = text.wrap(console, max(width, MIN_COLUMNS))
    for row in rows:
        row.rstrip()
    first, *rest = rows or [Text()]
    return Text("\n").join([Text(" " * INDENT) + first, *(Text(" " * (INDENT + hang)) + row for row in rest)])


def can_show(text: str, console: Console) -> bool:
    """Return whether a terminal's encoding has these characters."""
    try:
        text.encode(console.encoding)
    except UnicodeEncodeError:
        return False
    return True
