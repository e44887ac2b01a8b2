"""How what came from outside is told in short."""

from __future__ import annotations

from typing import Final

MAX_CHARACTERS: Final = 300
MAX_LINES: Final = 8


def shortened(text: str) -> str:
    """Return the beginning of a text in one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_CHARACTERS else f"{flat[:MAX_CHARACTERS]}…"


def tail(output: str | bytes) -> str:
    """Return the last lines of what a program wrote."""
    text = output.decode(errors="replace") if isinstance(output, bytes) else output
    lines = [line.rstrip() for line in text.strip().splitlines()]
    last = "\n".join(lines[-MAX_LINES:])
    return last if len(last) <= 2 * MAX_CHARACTERS else f"…{last[-2 * MAX_CHARACTERS :]}"
