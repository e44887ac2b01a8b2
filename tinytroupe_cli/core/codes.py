"""Reads the explanations of error codes from codes.md.

There each code has a heading, a few sentences, and two examples: wrong and corrected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

_HEADING = re.compile(r"^# (E\d{3}) +(.+)$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """An excerpt of a file or a command."""

    kind: str
    """`experiment` (a part of one), `persona`, `fragment`, `config`, `shell` or `text`."""
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of a code."""

    title: str
    text: str
    wrong: Example
    right: Example


def explanations() -> dict[str, Explanation]:
    """Return all codes with their explanations, in order."""
    text = resources.files("tinytroupe_cli.core").joinpath("codes.md").read_text(encoding="utf-8")
    _, *parts = _HEADING.split(text)
    return {parts[at]: _explanation(parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3)}


def _explanation(title: str, body: str) -> Explanation:
    wrong, right = (Example(kind.strip(), text.rstrip("\n")) for kind, text in _EXAMPLE.findall(body))
    return Explanation(title.strip(), body.partition("```")[0].strip(), wrong, right)
