"""Finds JSON values in a reply: bare, in fences, after reasoning, or inside prose that contains other braces.

Anything too long, too deep or not JSON is skipped; nothing here raises, and all of it is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, cast

import json_repair

MAX_CHARACTERS: Final = 400_000
"""Maximum length of a reply that is parsed."""
MAX_DEPTH: Final = 24
"""Maximum nesting of lists and objects."""
_MAX_TRIES: Final = 400
"""Maximum number of positions tried as the start of an object."""
_MAX_DIGITS: Final = 40
"""Maximum digits of a number; longer ones are kept as text."""
_MAX_REPAIR: Final = 20_000
_MAX_BRACKETS: Final = 200
_MAX_REPAIRS: Final = 6

_FENCE = re.compile(r"```[a-zA-Z0-9_-]*\s*\n?(.*?)```", re.DOTALL)
_OBJECT = re.compile(r'\{\s*"')


def values_in(text: str) -> Iterator[Any]:
    """Yield the JSON values of a text in order: the whole text, or every object and every list in a fence."""
    try:
        yield _bounded(_loaded(text))
    except (ValueError, RecursionError):
        yield from _lists_in_fences(text)
        yield from _objects(text)


def repaired_values_in(text: str) -> Iterator[Any]:
    """Yield repaired JSON: single quotes, extra commas, a missing bracket."""
    for tried, match in enumerate(re.finditer(r"\{", text)):
        if tried == _MAX_REPAIRS:
            return
        region = text[match.start() : _end_of(text, match.start())]
        if len(region) > _MAX_REPAIR or region.count("{") + region.count("[") > _MAX_BRACKETS:
            continue
        try:
            value = cast("Any", json_repair.loads(region))
            yield _bounded(json.loads(json.dumps(value), **_HOOKS))
        except (ValueError, RecursionError, TypeError, LookupError, AttributeError):  # it wasn't meant for any text
            continue


def _lists_in_fences(text: str) -> Iterator[Any]:
    for tried, fence in enumerate(_FENCE.finditer(text)):
        if tried == _MAX_TRIES:
            return
        try:
            value = _bounded(_loaded(fence[1]))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, list) and not any(isinstance(entry, dict) for entry in cast("list[Any]", value)):
            yield value


def _objects(text: str) -> Iterator[Any]:
    end = tries = 0
    for match in _OBJECT.finditer(text):
        if match.start() < end:
            continue
        tries += 1
        if tries > _MAX_TRIES:
            return
        try:
            value, end = _DECODER.raw_decode(text, match.start())
            yield _bounded(value)
        except (ValueError, RecursionError):
            continue


def _loaded(text: str) -> Any:
    return json.loads(text.strip().removeprefix("\ufeff"), **_HOOKS)


def _end_of(text: str, start: int) -> int:
    """Return where the braces opened at a position are closed; strings are not examined."""
    depth = 0
    for match in re.finditer(r"[{}]", text[start : start + _MAX_REPAIR + 1]):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return start + match.end()
    last = text.rfind("}", start)
    return last + 1 if last > start else len(text)


def _bounded(value: Any) -> Any:
    """Return the value; raises `ValueError` if it is nested too deeply."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return value
    raise ValueError("nested too deeply")


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(cast("dict[str, Any]", value).values())
    return cast("list[Any]", value) if isinstance(value, list) else []


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """Drop a key that occurs twice with different values, as it is ambiguous."""
    found: dict[str, Any] = {}
    doubtful: set[str] = set()
    for key, value in items:
        if key in found and found[key] != value:
            doubtful.add(key)
        found[key] = value
    return {key: value for key, value in found.items() if key not in doubtful}


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _broken(digits: str) -> float | str:
    number = float(digits)
    return number if abs(number) != float("inf") else digits


_HOOKS: Final[dict[str, Any]] = {
    "strict": False,  # line ends inside a text are no reason to lose it
    "object_pairs_hook": _pairs,
    "parse_int": _whole,
    "parse_float": _broken,
    "parse_constant": str,  # NaN and Infinity are no numbers anybody answers with
}
_DECODER: Final = json.JSONDecoder(**_HOOKS)
