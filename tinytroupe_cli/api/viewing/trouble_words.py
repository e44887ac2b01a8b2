"""Why a run can't be shown, and what to do, as sentences of a page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from tinytroupe_cli.core.errors import TroupeError


class Trouble(NamedTuple):
    """What is wrong, and what to do; `code` is in backticks."""

    problem: str
    hint: str


def trouble_of(error: Exception) -> Trouble:
    """Return an error in sentences; paths are those from the current folder, as they are typed."""
    if isinstance(error, TroupeError):
        return Trouble(sentence(error.message), sentence(error.hint))
    return Trouble(sentence(str(error)), "")


def sentence(text: str) -> str:
    """Return a text with a capital letter, unless it begins with a path, and a full stop; empty if it is."""
    text = text.replace(f"{Path.cwd()}{os.sep}", "")
    if not text:
        return ""
    is_path = os.sep in text.split(maxsplit=1)[0]
    first = text[:1] if is_path else text[:1].upper()
    return f"{first}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
