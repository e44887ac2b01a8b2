"""How what came from outside is told in short."""

from __future__ import annotations

from typing import Final

MOST_LETTERS: Final = 300
MOST_LINES: Final = 8


def shortened(text: str) -> str:
    """Return the beginning of a text in one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_LETTERS else f"{flat[:MOST_LETTERS]}…"


def tail(output: str | bytes) -> str:
    """Return the last lines of what a program wrote."""
    text = output.decode(errors="replace") if isinstance(output, bytes) else output
    lines = [line.rstrip() for line in text.strip().splitlines()]
    last = "\n".join(lines[-MOST_LINES:])
    return last if len(last) <= 2 * MOST_LETTERS else f"…{last[-2 * MOST_LETTERS :]}"
