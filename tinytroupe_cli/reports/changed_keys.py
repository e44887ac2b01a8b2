"""In what two documents differ, key by key: `extract.choice.question`."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen


class ChangedKey(Frozen):
    """A key with another value; null: the key is missing on this side."""

    key: str
    """Dotted name; entries of lists by their `name` or, without one, by their number from 1."""
    before: JsonValue
    """The value in A."""
    after: JsonValue
    """The value in B."""


def changed_keys(before: JsonValue, after: JsonValue, key: str = "") -> Iterator[ChangedKey]:
    """Yield the keys in which two documents differ, in the order of the first, then of the second."""
    if before == after and type(before) is type(after):
        return
    one, other = _parts(before), _parts(after)
    if one is None or other is None:
        yield ChangedKey(key=key, before=before, after=after)
        return
    for name in dict.fromkeys([*one, *other]):
        yield from changed_keys(one.get(name), other.get(name), f"{key}.{name}" if key else name)


def _parts(value: JsonValue) -> dict[str, JsonValue] | None:
    """Return the parts of a mapping, or of a list of mappings; None: it is one value."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
        return None
    names = [str(entry.get("name", number)) for number, entry in enumerate(value, start=1) if isinstance(entry, dict)]
    return dict(zip(names, value, strict=True)) if len(set(names)) == len(names) else None
