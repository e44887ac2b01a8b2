"""Parses a completion's text: the requested value, a refusal, or a description of the fault.

Used for turns, answers, verdicts and every other structured answer. It takes the JSON object that fits best, wherever
it is and whatever surrounds it. It never raises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import JsonValue

from tinytroupe_cli.core.safe_text import safe_text
from tinytroupe_cli.models.answer_fitting import (
    REFUSAL_KEYS,
    AnswerFit,
    Object,
    bare_key,
    checked,
    fits_of,
    has_enough,
    same,
)
from tinytroupe_cli.models.declining import is_refusal_in_prose, is_stock_refusal
from tinytroupe_cli.models.json_in_text import (
    MAX_CHARACTERS,
    repaired_values_in,
    values_in,
)
from tinytroupe_cli.models.port import AnswerSchema, Completion
from tinytroupe_cli.models.thinking import without_thinking

NOT_JSON = "it is not a JSON object"
NOTHING_ASKED = "it has nothing of what was asked for"
TWO_ANSWERS = "it holds two different answers"
_LOOKS_LIKE_JSON = re.compile(r"""\{\s*["'{]|^\s*[\[{]|```""")
_DECLINES = re.compile(
    r"refus|declin|can['\u2019]?t|cannot|unable|not able|not allowed|policy|policies|inappropriate|unsafe"
)


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The parsed reply: values, or why there are none."""

    values: Object | None = None
    raw: Object = field(default_factory=dict[str, JsonValue])
    """Key -> original text, if its value was read from other words."""
    fault: str = ""
    is_refusal: bool = False


def read_answer(completion: Completion, answer: AnswerSchema) -> ReadAnswer:
    """Parse a completion by the requested shape."""
    if len(completion.text) > MAX_CHARACTERS:
        return ReadAnswer(fault="it is longer than any answer")
    text = without_thinking(completion.text)
    found = _by_fit(values_in(text), answer)
    if found.fault in {NOT_JSON, NOTHING_ASKED}:
        if _declines(text, values_in(text)):
            return ReadAnswer(fault="it declines", is_refusal=True)
        if completion.finish != "length":
            found = _less_well_written(text, answer) or found
    if found.values is not None and _is_refused(found.values, answer):
        return ReadAnswer(fault="it declines", is_refusal=True)
    return found


def _by_fit(values: Iterable[Any], answer: AnswerSchema) -> ReadAnswer:
    """Return the object that fits best; nested objects count less."""
    read = list(values)
    objects = [cast("Object", value) for value in read if isinstance(value, dict)]
    everything: list[Any] = [*read, objects] if len(objects) > 1 else read  # an object for each key
    fits = [fit for value in everything for fit in (*fits_of(value, answer), *_bare(value, answer))]
    if not fits:
        return ReadAnswer(fault=NOTHING_ASKED if any(isinstance(value, dict) for value in read) else NOT_JSON)
    best = max(fits, key=lambda fit: (fit.points, -fit.depth))
    rivals = [fit for fit in fits if (fit.points, fit.depth) == (best.points, best.depth)]
    if not all(same(best, fit) for fit in rivals):
        return ReadAnswer(fault=TWO_ANSWERS)
    return _taken(best.values, answer)


def _taken(values: Object, answer: AnswerSchema) -> ReadAnswer:
    clean = cast("Object", _cleaned(values))
    if answer.as_written:
        missing = [name for name in cast("list[str]", answer.body["required"]) if name not in answer.optional]
        return ReadAnswer(clean) if has_enough(clean, answer) else ReadAnswer(fault=f"'{missing[0]}' is missing")
    fitting, raw, fault = checked(clean, answer)
    if not fault and not fitting:
        fault = "none of it can be used"
    return ReadAnswer(fault=fault) if fault else ReadAnswer(fitting, raw)


def _bare(value: Any, answer: AnswerSchema) -> Iterator[AnswerFit]:
    """Yield a value without a key, if only one was requested."""
    key = bare_key(answer)
    if key and not isinstance(value, dict):
        is_list_of_objects = isinstance(value, list) and any(
            isinstance(item, dict) for item in cast("list[Any]", value)
        )
        is_json = isinstance(value, str) and value.lstrip()[:1] == "{"
        if not is_list_of_objects and not is_json and value is not None:
            yield AnswerFit({key: value}, 1, 0)


def _less_well_written(text: str, answer: AnswerSchema) -> ReadAnswer | None:
    """Parse invalid JSON: JSON with mistakes, lines of `key: value`, or plain words for a single value."""
    found = _by_fit((value for value in repaired_values_in(text) if _has_asked_key(value, answer)), answer)
    if found.values is not None or found.fault == TWO_ANSWERS:
        return found
    lines = _lines(text, answer)
    if lines and (read := _taken(lines, answer)).values is not None:
        return read
    key = bare_key(answer)
    is_plain = bool(text.strip()) and not _LOOKS_LIKE_JSON.search(text)
    read = _taken({key: text.strip()}, answer) if key and is_plain else None
    return read if read and read.values is not None else None


def _has_asked_key(value: Any, answer: AnswerSchema) -> bool:
    """Return whether mended text has one: any brace in prose can be mended into an object."""
    names = {*cast("dict[str, Any]", answer.body.get("properties", {})), *answer.aliases}
    return isinstance(value, dict) and any(name in json.dumps(value) for name in names)


def _lines(text: str, answer: AnswerSchema) -> Object:
    """Parse `item_1: 7`, a row `| item_1 | 7 |`, or `<item_1>7</item_1>`; a text may span several lines."""
    names = cast("dict[str, JsonValue]", answer.body.get("properties", {}))
    if len(names) < 2 or "{" in text:  # noqa: PLR2004
        return {}
    keys = "|".join(re.escape(name).replace("_", "[_ -]") for name in names)
    parts = re.split(rf"(?im)^[\s*#>|-]*[\"'`]?({keys})[\"'`]?(?:\*\*)?\s*[:=|](?:\*\*)?", text)
    pairs = list(zip(parts[1::2], parts[2::2], strict=True))
    pairs = pairs or re.findall(rf"(?is)<({keys})>(.*?)</\1\s*>", text)
    found = {re.sub(r"[ -]", "_", key).casefold(): words.strip(" \t\r\n,|") for key, words in pairs}
    return {name: found[name.casefold()] for name in names if found.get(name.casefold())} if len(found) > 1 else {}


def _declines(text: str, values: Iterable[Any]) -> bool:
    """Return whether a reply without an answer declines: in prose, or under a key for that."""
    if "{" not in text:
        return is_refusal_in_prose(text.strip(" \t\r\n\"'`[]"))
    return any(isinstance(value, dict) and _declines_by_key(cast("Object", value)) for value in values) or (
        is_refusal_in_prose(text)
    )


def _declines_by_key(value: Object) -> bool:
    for key, words in value.items():
        name = key.casefold()
        if isinstance(words, dict) and _declines_by_key(words):
            return True
        if name in REFUSAL_KEYS and words not in (None, False, "", "no"):
            return True
        if isinstance(words, str) and is_refusal_in_prose(words):
            return True
        if name in {"error", "errors"} and isinstance(words, str) and _DECLINES.search(words.casefold()):
            return True
    return False


def _is_refused(values: Object, answer: AnswerSchema) -> bool:
    """Return whether the only thing that was asked for is a model's stock refusal."""
    key = bare_key(answer)
    words = values.get(key) if key else None
    return isinstance(words, str) and is_stock_refusal(words)


def _cleaned(value: JsonValue) -> JsonValue:
    """Clean every text of a value for storage, and remove thoughts in tags."""
    match value:
        case str():
            return safe_text(without_thinking(value) if "</" in value else value)
        case list():
            return [_cleaned(entry) for entry in value]
        case dict():
            return {safe_text(key): _cleaned(part) for key, part in value.items()}
        case _:
            return value
