"""Whom or what a name means that a person wrote as they please."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def match_name(written: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """Return the key that goes by a name; failing that, the only one whose name is part of what was written."""
    wanted = written.strip(" .,!\"'").casefold()
    exact = [key for key, known in names.items() if wanted in {name.casefold() for name in known}]
    if len(exact) == 1:
        return exact[0]
    within = [key for key, known in names.items() if any(name and name.casefold() in wanted for name in known)]
    return within[0] if len(within) == 1 else None
