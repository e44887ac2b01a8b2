"""Readers of single values of config.ini; each raises `ValueError` with what it expects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from tinytroupe_cli.spec.running import UNBUILT_FORMATS, ReportFormat

MAX_CODE = 255


def bounded(wanted: str, *, least: float, most: float = 1e9, is_open: bool = False) -> Callable[[str], float]:
    """Return a reader of numbers from `least` (or above it, if open) to `most`."""

    def read(raw: str) -> float:
        try:
            number = float(raw)
        except ValueError:
            raise ValueError(wanted) from None
        if not least <= number <= most or (is_open and number == least):
            raise ValueError(wanted)
        return number

    return read


def whole_number(raw: str) -> int:
    """Read a whole number above 0."""
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and int(raw)):  # noqa: PLR2004 - billions
        raise ValueError("a whole number above 0")
    return int(raw)


def listed(raw: str) -> tuple[str, ...]:
    """Read words with commas between them."""
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def code_folders(raw: str) -> tuple[str, ...]:
    """Read `yes`, `no` or folders."""
    word = raw.lower()
    return ("*",) if word in ("yes", "true", "on") else () if word in ("no", "false", "off") else listed(raw)


def flagged(value: Any) -> tuple[str, ...]:
    """Return a flag's value as a list; True allows everything."""
    return ("*",) if value is True else tuple(value or ())


def exit_code(raw: str) -> int:
    """Read an exit code."""
    if not (raw.isascii() and raw.isdigit() and int(raw[:4]) <= MAX_CODE):
        raise ValueError("an exit code, 0 to 255")
    return int(raw)


def concurrency(raw: str) -> int | None:
    """Read a number of calls at a time; None for `auto`."""
    try:
        return None if raw.lower() == "auto" else whole_number(raw)
    except ValueError:
        raise ValueError("auto, or a whole number above 0") from None


def format_names(raw: str) -> tuple[str, ...]:
    """Read names of formats that are built."""
    names = tuple(name.strip().lower() for name in raw.split(","))
    built = [name for name in get_args(ReportFormat) if name not in UNBUILT_FORMATS]
    if not {*names} <= {*built}:
        raise ValueError(f"names from {', '.join(built)}, with commas between them")
    return names


def yes_or_no(raw: str) -> bool:
    """Read a yes or a no."""
    words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if raw.lower() not in words:
        raise ValueError("yes or no")
    return words[raw.lower()]


def structured(raw: str) -> str:
    """Read how answers are given their shape."""
    if raw.lower() not in ("auto", "native", "json", "prompt"):
        raise ValueError("auto, native, json or prompt")
    return raw.lower()


def turns(raw: str) -> str:
    """Read how a turn is put to a model."""
    if raw.lower() not in ("auto", "moment", "script"):
        raise ValueError("auto, moment or script")
    return raw.lower()
