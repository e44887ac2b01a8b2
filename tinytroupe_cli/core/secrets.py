"""Removes secrets from texts before they are printed or written."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast
from urllib.parse import quote, quote_plus, unquote, urlsplit

from tinytroupe_cli.core.environment_references import REFERENCE

HIDDEN: Final = "[secret]"
MIN_CHARACTERS: Final = 6
"""Characters; a shorter value would occur in ordinary words."""
_MIN_ENCODED: Final = 8
"""Characters of a value inside longer base64."""
_PLACEHOLDERS: Final = {
    *("ollama", "lm-studio", "lmstudio", "llamafile", "not-needed", "no-key", "no-key-required", "sk-no-key-required"),
    *("placeholder", "anything", "default", "unused", "example", "openai", "secret", "api-key", "dummy-key"),
}
"""What people set where a server wants a key and checks none; hiding it would hide ordinary words."""
_NAME: Final = re.compile(
    r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PW|PASSPHRASE|CREDENTIALS?|AUTH|PAT|DSN)(?:_ID)?$", re.IGNORECASE
)
_ESCAPES: Final = ("\\u", "\\/")
"""What a text has in which a secret may be written with escapes of JSON."""
_USER: Final = re.compile(r"(?<=://)(?!\$\{env:)[^/\s@'\"${}]+(?=@)")
QUERY_SECRET: Final = re.compile(
    r"(?<=[?&])((?:[\w.-]*[._-])?(?:api|access|auth|app)?(?:key|token|secret|passw(?:or)?d|signature|sig|auth|credential)=)"
    r"(?!\$\{env:)([^&\s#'\"<>{}\[\]]{6,})",
    re.IGNORECASE,
)
"""A key in the query of an address: `?api_key=…`."""


class Secrets:
    """The secret values in use: keys in the environment, users and passwords in addresses, and what a run refers to."""

    def __init__(self, env: Mapping[str, str], *, referring: str = "") -> None:
        """Take the environment; `referring` is a text whose `${env:NAME}` are in use."""
        named = {match.group(1) for match in REFERENCE.finditer(referring)}
        values = {
            value: name
            for name, value in env.items()
            if name in named or (_NAME.search(name) and not is_placeholder(value))
        }
        for name, address in env.items():
            if "://" in address:
                values |= dict.fromkeys(_of_address(address), name)
        self._values = {value: name for value, name in values.items() if len(value) >= MIN_CHARACTERS}
        forms = {form for value in self._values for form in _forms(value)}
        forms |= {json.dumps(form, ensure_ascii=False)[1:-1] for form in forms}  # in a reply or a cell that is JSON
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None
        escaped = sorted(map(_escaped, self._values), key=len, reverse=True)
        self._escaped = re.compile("|".join(escaped)) if escaped else None

    def hide(self, text: str) -> str:
        """Return a text in which every secret is replaced, also in base64, URL, HTML or JSON encoding."""
        text = without_password(text)
        if self._escaped is not None and any(sign in text for sign in _ESCAPES):
            text = self._escaped.sub(HIDDEN, text)
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def hide_in(self, value: Any) -> Any:
        """Return JSON data in which every text has its secrets replaced."""
        match value:
            case str():
                return self.hide(value)
            case dict():
                items = cast("dict[str, Any]", value).items()
                return {self.hide(key): self.hide_in(inner) for key, inner in items}
            case list():
                return [self.hide_in(inner) for inner in cast("list[Any]", value)]
            case _:
                return value

    def names_in(self, text: str) -> list[str]:
        """Return the names of the variables whose values a text contains as they are."""
        return sorted({name for value, name in self._values.items() if _is_distinctive(value) and value in text})


def without_password(text: str) -> str:
    """Return a text without the users, passwords and keys in its addresses."""
    return QUERY_SECRET.sub(rf"\1{HIDDEN}", _USER.sub(HIDDEN, text)) if "://" in text else text


def is_placeholder(value: str) -> bool:
    """Return whether a value is what people write where a server wants a key and checks none."""
    return value.lower() in _PLACEHOLDERS


def _is_distinctive(value: str) -> bool:
    """Return whether a value can't be in a text by chance."""
    return len(value) > MIN_CHARACTERS + 1 and any(character.isdigit() for character in value)


def _of_address(address: str) -> set[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return set()
    found = {part for part in (parts.password,) if part} | {key[1] for key in QUERY_SECRET.findall(address)}
    return found | {unquote(part) for part in found}


def _escaped(value: str) -> str:
    """Return an expression for a value of which any characters are written as escapes of JSON."""
    return "".join(rf"(?:\\{{0,4}}{re.escape(letter)}|\\{{1,4}}u(?i:{ord(letter):04x}))" for letter in value)


def _forms(value: str) -> Iterator[str]:
    yield value
    yield from (quote(value, safe=""), quote(value), quote_plus(value), quote(value, safe="").lower())
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    yield from (html.escape(value), html.escape(value, quote=False), html.escape(value).replace("&#x27;", "&#39;"))
    data = value.encode(errors="surrogatepass")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(data).decode()
        yield from (whole, whole.rstrip("="))
        yield from (part for part in _inside(data, encode) if len(part) >= _MIN_ENCODED)


def _inside(data: bytes, encode: Any) -> Iterator[str]:
    """Yield what base64 of a longer text has of a value, wherever in it the value begins."""
    for before, lost in ((0, 0), (1, 2), (2, 3)):
        length = (before + len(data)) * 8 // 6  # characters that depend on these bytes alone
        yield encode(b"\0" * before + data).decode()[lost:length]
