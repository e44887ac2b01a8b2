"""What people give an act along, in words."""

from __future__ import annotations

from typing import Final

_NOTHING: Final = frozenset({"empty", "none", "nothing", "null", "n/a", "all", "everything", "no argument"})
"""What models write where they have nothing to give."""


def clean_argument(argument: str) -> str:
    """Return an argument on one line and without quotes; empty where it says that there is none."""
    text = " ".join(argument.strip(" \t\n\"'`").split())
    return "" if text.strip("()[]. ").casefold() in _NOTHING else text
