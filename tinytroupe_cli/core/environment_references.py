"""References to the environment, `${env:NAME}` and `${env:NAME:-default}`, which are filled in where a call is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

REFERENCE: Final = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def filled_late(text: str, env: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Fill in `${env:NAME}` and `${env:NAME:-default}`; return the text, and what each reference stood for.

    Raises `KeyError` with the name of a variable that isn't there.
    """
    values: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        value = env[name] if default is None else env.get(name, default)
        values[match.group()] = value
        return value

    return REFERENCE.sub(fill, text), values
