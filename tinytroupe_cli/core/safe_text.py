"""Cleans text from outside so that it can be stored, hashed, rendered and printed."""

from __future__ import annotations

from pydantic import JsonValue

REPLACEMENT = "\ufffd"


def safe_text(value: object) -> str:
    """Return the text without lone surrogates and NUL; surrogate pairs are joined."""
    text = "" if value is None else str(value)
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", REPLACEMENT)


def safe_value(value: JsonValue) -> JsonValue:
    """Return a value with every text in it cleaned."""
    match value:
        case str():
            return safe_text(value)
        case list():
            return [safe_value(entry) for entry in value]
        case dict():
            return {safe_text(key): safe_value(part) for key, part in value.items()}
        case _:
            return value
