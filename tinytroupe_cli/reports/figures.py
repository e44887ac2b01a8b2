"""Numbers as people read them: no more digits than mean something."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number


def percent(share: float) -> str:
    """Write a share as a whole percentage."""
    return f"{math.floor(round(share * 100, 9) + 0.5)}%"


def fine_percent(share: float) -> str:
    """Write a share as a percentage with one decimal."""
    return f"{100 * share:.1f}%"


def answer(value: JsonValue) -> str:
    """Write an answer the way a person would."""
    match value:
        case None:
            return "not stated"
        case bool():
            return "yes" if value else "no"
        case float():
            return number(value)
        case list():
            return "; ".join(answer(entry) for entry in value) or "none"
        case _:
            return str(value)


def ranking(value: JsonValue) -> str:
    """Write a ranking, first place first."""
    return " > ".join(answer(option) for option in value) if isinstance(value, list) else answer(value)


def enumeration(words: Sequence[str], most: int = 6) -> str:
    """Write `a, b and c`; beyond `most`, how many more."""
    if len(words) > most:
        return f"{', '.join(words[: most - 1])} and {len(words) - most + 1} more"
    return " and ".join([part for part in (", ".join(words[:-1]), words[-1] if words else "") if part])


def humanized(name: str) -> str:
    """Write a key of the user's as words: `would_pay` as `would pay`."""
    return " ".join(name.replace("_", " ").split()) or name
