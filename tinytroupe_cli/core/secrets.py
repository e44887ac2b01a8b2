"""Removes secrets from texts before they are printed or written."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

HIDDEN: Final = "[secret]"
MIN_CHARACTERS: Final = 6
"""Characters; a shorter value would occur in ordinary words."""
_NAME: Final = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|AUTH)(?:_ID)?$", re.IGNORECASE)
_USER: Final = re.compile(r"(?<=://)[^/\s@'\"]+(?=@)")


class Secrets:
    """The secret values in use: keys in the environment, and users and passwords in addresses."""

    def __init__(self, env: Mapping[str, str], addresses: tuple[str, ...] = ()) -> None:
        values = {value for name, value in env.items() if _NAME.search(name)}
        for address in (*addresses, *(value for value in env.values() if "://" in value and "@" in value)):
            values |= _of_address(address)
        forms = {form for value in values if len(value) >= MIN_CHARACTERS for form in _forms(value)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def hide(self, text: str) -> str:
        """Return a text in which every secret is replaced, also in base64 or URL encoding."""
        text = without_password(text)
        return self._pattern.sub(HIDDEN, text) if self._pattern else text


def without_password(text: str) -> str:
    """Return a text without the users and passwords in its addresses."""
    return _USER.sub(HIDDEN, text) if "://" in text else text


def _of_address(address: str) -> set[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return set()
    found = {part for part in (parts.password,) if part}
    return found | {unquote(part) for part in found}


def _forms(value: str) -> set[str]:
    encoded = base64.b64encode(value.encode()).decode()
    return {
        value,
        quote(value, safe=""),
        encoded,
        encoded.rstrip("="),
        base64.urlsafe_b64encode(value.encode()).decode(),
    }
