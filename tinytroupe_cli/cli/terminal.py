"""Where words go: data to stdout, everything else to stderr; colour only where it is welcome."""

from __future__ import annotations

import sys

from rich.console import Console


def out() -> Console:
    """Return the console for data: what a pipe should receive."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=True)


def err() -> Console:
    """Return the console for progress, notes and errors."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)
