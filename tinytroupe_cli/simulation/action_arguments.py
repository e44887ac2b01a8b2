"""Reads what people write as the argument of an action: a name, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_NOTHING: Final = frozenset({"empty", "none", "nothing", "null", "n/a", "all", "everything", "no argument"})
"""What models write where they have nothing to give."""


def clean_argument(argument: str) -> str:
    """Return an argument on one line and without quotes; empty where it says that there is none."""
    text = " ".join(argument.strip(" \t\n\"'`").split())
    return "" if text.strip("()[]. ").casefold() in _NOTHING else text


def match_name(written: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """Return the key that goes by a name; failing that, the only one whose name is part of what was written."""
    wanted = written.strip(" .,!\"'").casefold()
    exact = [key for key, known in names.items() if wanted in {name.casefold() for name in known}]
    if len(exact) == 1:
        return exact[0]
    within = [key for key, known in names.items() if any(name and name.casefold() in wanted for name in known)]
    return within[0] if len(within) == 1 else None
