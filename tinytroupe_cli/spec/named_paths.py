"""Dotted paths in an experiment in which entries of lists go by their names: `extract.choice.fields.intent.method`."""

from __future__ import annotations

from typing import Any, cast


def numbered(root: Any, dotted: str) -> str | None:
    """Return a path with numbers in place of the names of entries, as `--set` takes it; None: there is no such place.

    The last key need not be written yet.
    """
    found: list[str] = []
    current: Any = root
    parts = dotted.split(".")
    for place, part in enumerate(parts):
        key, current = _step(current, part, is_last=place == len(parts) - 1)
        if key is None:
            return None
        found.append(key)
    return ".".join(found)


def _step(current: Any, part: str, *, is_last: bool) -> tuple[str | None, Any]:
    if isinstance(current, dict):
        held = cast("dict[str, Any]", current)
        if part == "model" and not isinstance(held.get(part), dict):  # one model for all roles, or none named
            return part, {}
        if part in held:
            return part, held[part]
        return (part, None) if is_last else (None, None)
    if isinstance(current, list):
        entries = cast("list[Any]", current)
        names = [cast("dict[str, Any]", one).get("name") if isinstance(one, dict) else one for one in entries]
        if part in names:
            return str(names.index(part)), entries[names.index(part)]
        if part.isdigit() and int(part) < len(entries):
            return part, entries[int(part)]
    return None, None
