"""Fits a JSON value to the requested shape: form is forgiven, content is never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from pydantic import JsonValue

from tinytroupe_cli.language.said_lists import said_entries
from tinytroupe_cli.language.said_numbers import UNCLEAR, NumberRange, said_number
from tinytroupe_cli.language.said_options import said_options
from tinytroupe_cli.language.said_values import label, unwrapped
from tinytroupe_cli.models.json_in_text import values_in
from tinytroupe_cli.models.port import AnswerSchema

REFUSAL_KEYS: Final = frozenset({"refusal", "refused", "refuse", "declined"})
"""Keys under which models decline in JSON."""
MAX_WRAPPERS: Final = 4
"""Maximum nesting of objects and lists around an answer."""
_KEYS: Final = ("key", "name", "id", "item", "field", "question")
_VALUES: Final = ("value", "answer", "response")
"""What models call the parts of an answer in a list: [{"key": "item_1", "value": 7}, …]."""
Object = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class AnswerFit:
    """An object under the requested keys."""

    values: Object
    points: int
    """Higher if more of it fits the request."""
    depth: int
    """Number of wrappers around it."""


def fits_of(value: Any, answer: AnswerSchema) -> Iterator[AnswerFit]:
    """Yield every object in a value that contains some of the requested keys."""
    for found, depth in _objects(value, 0):
        values = _by_asked_key(found, answer)
        points = sum(_points(name, part, answer) for name, part in values.items())
        if points:
            yield AnswerFit(values, points, depth)


def bare_key(answer: AnswerSchema) -> str:
    """Return the key of a bare value: the only one; empty if several were requested."""
    names = list(_properties(answer))
    return answer.bare or (names[0] if len(names) == 1 else "")


def has_enough(values: Mapping[str, JsonValue], answer: AnswerSchema) -> bool:
    """Return whether there is a part that makes an answer, where parts are read one by one."""
    return any(name not in answer.optional and _points(name, part, answer) for name, part in values.items())


def checked(values: Object, answer: AnswerSchema) -> tuple[Object, Object, str]:
    """Return the values in the schema's form, the original text where it differs, and the faults."""
    fitting: Object = {}
    raw: Object = {}
    for name, schema in _properties(answer).items():
        is_needed = name in _required(answer) and name not in answer.optional
        if name not in values:
            if is_needed:
                return {}, {}, f"'{name}' is missing"
            continue
        value = as_asked(values[name], schema, is_open=name in answer.open)
        fault = _fault(value, schema, is_open=name in answer.open)
        if fault and is_needed:
            return {}, {}, f"{name}: {fault}"
        if not fault:
            fitting[name] = value
        if fault or value != values[name]:
            raw[name] = values[name]
    return fitting, raw, ""


def as_asked(value: JsonValue, schema: Mapping[str, Any], *, is_open: bool = False) -> JsonValue:
    """Return a value in the form a property has, if the conversion is unambiguous; else unchanged."""
    if "enum" in schema:
        return value if is_open else _option(value, schema["enum"])
    kinds = schema.get("type")
    takes_null = isinstance(kinds, list) and "null" in kinds
    value = value if kinds == "object" else unwrapped(value, lists=kinds != "array")
    if value is None and takes_null:
        return None
    match next(kind for kind in cast("list[str]", kinds) if kind != "null") if isinstance(kinds, list) else kinds:
        case "string":
            return _text(value)
        case "integer" | "number" as kind:
            return _number(value, schema, is_whole=kind == "integer")
        case "boolean":
            return _truth(value)
        case "array":
            return _list(value, schema)
        case _:
            return value


def _objects(value: Any, depth: int) -> Iterator[tuple[Object, int]]:
    if depth > MAX_WRAPPERS:
        return
    if isinstance(value, dict):
        found = cast("Object", value)
        yield found, depth
        for inner in found.values():
            yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        entries = cast("list[Any]", value)
        merged = _merged(entries)
        if merged:
            yield merged, depth
        for inner in entries:
            yield from _objects(inner, depth + 1)
    elif isinstance(value, str) and value.lstrip()[:1] in {"{", "[", '"'} and value.strip() != value[:1]:
        for inner in values_in(value):
            if inner != value:
                yield from _objects(inner, depth + 1)


def _merged(entries: list[Any]) -> Object:
    """Merge a list of objects that hold different keys each."""
    objects = [_pair(cast("Object", entry)) for entry in entries if isinstance(entry, dict)]
    keys = [key for entry in objects for key in entry]
    if len(objects) < 2 or len(objects) < len(entries) or len(set(keys)) < len(keys):  # noqa: PLR2004
        return {}
    return {key: value for entry in objects for key, value in entry.items()}


def _pair(entry: Object) -> Object:
    """Return {"key": "item_1", "value": 7} as {"item_1": 7}; any other object as it is."""
    keys = [name for name in _KEYS if isinstance(entry.get(name), str)]
    values = [name for name in _VALUES if name in entry]
    return {str(entry[keys[0]]): entry[values[0]]} if keys and len(values) == 1 else entry


def _by_asked_key(found: Object, answer: AnswerSchema) -> Object:
    """Keep the requested keys; a key in another spelling counts as that key."""
    names = (*_properties(answer), *answer.aliases.values())
    values = {name: found[name] for name in dict.fromkeys(names) if name in found}
    known = {_folded(name): name for name in names} | {_folded(alias): key for alias, key in answer.aliases.items()}
    for key, value in found.items():
        name = known.get(_folded(key))
        if name is not None:
            values.setdefault(name, value)
    bare = bare_key(answer)
    if not values and bare and len(found) == 1:
        [(key, value)] = found.items()
        values = {} if key.casefold() in {*REFUSAL_KEYS, "error", "errors"} else {bare: value}
    return values


@lru_cache(maxsize=1_000)
def _folded(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).casefold()


def _points(name: str, value: JsonValue, answer: AnswerSchema) -> int:
    schema = _properties(answer).get(name)
    is_open = name in answer.open
    if schema is None:
        return 2
    if not _fault(value, schema, is_open=is_open):
        return 4
    if not _fault(as_asked(value, schema, is_open=is_open), schema, is_open=is_open):
        return 3
    return 0 if isinstance(value, dict) else 1


def _fault(value: JsonValue, schema: Mapping[str, Any], *, is_open: bool) -> str:
    wanted = {key: part for key, part in schema.items() if key != "enum" or not is_open}
    if _is_listed_text(value, wanted):
        return ""
    import jsonschema  # noqa: PLC0415 - a run that only replays good answers starts sooner without it

    library = cast("Any", jsonschema)  # its stubs are partial
    try:
        error = library.exceptions.best_match(library.Draft202012Validator(wanted).iter_errors(value))
    except (RecursionError, ValueError, OverflowError) as problem:
        return f"it can't be checked: {problem}"
    return "" if error is None else _short(str(error.message))


def _is_listed_text(value: JsonValue, schema: Mapping[str, Any]) -> bool:
    """Return whether a value is text where any text, or this one, is wanted: seen at once, as most replies are text."""
    is_text = isinstance(value, str) and schema.get("type") == "string" and schema.keys() <= {"type", "enum"}
    return is_text and ("enum" not in schema or value in schema["enum"])


def _short(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:299]}…"  # noqa: PLR2004


def _option(value: JsonValue, options: list[JsonValue]) -> JsonValue:
    value = unwrapped(value)
    if value in options or isinstance(value, dict | list) or value is None:
        return value
    labels = [label(option) for option in options]
    numbers = [float(option_label) for option_label in labels if re.fullmatch(r"-?\d+(\.\d+)?", option_label)]
    if numbers:
        number = said_number(label(value), NumberRange(min(numbers), max(numbers)))
        if number == UNCLEAR:
            return value
        found = [
            option
            for option, option_label in zip(options, labels, strict=True)
            if isinstance(number, float) and option_label == label(number)
        ]
        if found:
            return found[0]
    meant = said_options(label(value), labels)
    return options[meant[0]] if len(meant) == 1 else value


def _text(value: JsonValue) -> JsonValue:
    match value:
        case None:
            return ""
        case bool() | int() | float():
            return label(value)
        case list() if all(isinstance(entry, str) for entry in value):
            return "; ".join(cast("list[str]", value))
        case _:
            return value


def _number(value: JsonValue, schema: Mapping[str, Any], *, is_whole: bool) -> JsonValue:
    if isinstance(value, str):
        found = said_number(value, NumberRange(schema.get("minimum"), schema.get("maximum")))
        value = found if isinstance(found, float) else value
    if isinstance(value, float) and value.is_integer() and (is_whole or abs(value) < 10**15):
        return int(value)
    return value


def _truth(value: JsonValue) -> JsonValue:
    if isinstance(value, bool) or not isinstance(value, str):
        return value
    meant = said_options(value, ("yes", "no"))
    return meant == (0,) if len(meant) == 1 else value


def _list(value: JsonValue, schema: Mapping[str, Any]) -> JsonValue:
    if value is None:
        return []
    if isinstance(value, str):
        entries = said_entries(value)
        value = cast("JsonValue", list(entries)) if entries is not None else value
    if not isinstance(value, list):
        return value
    items = cast("Mapping[str, Any]", schema.get("items") or {})
    return [as_asked(entry, items) for entry in value if entry is not None]


def _properties(answer: AnswerSchema) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", answer.body.get("properties", {}))


def _required(answer: AnswerSchema) -> list[str]:
    return cast("list[str]", answer.body.get("required", []))


def same(first: AnswerFit, second: AnswerFit) -> bool:
    """Return whether two objects hold the same answer."""
    return json.dumps(first.values, sort_keys=True) == json.dumps(second.values, sort_keys=True)
