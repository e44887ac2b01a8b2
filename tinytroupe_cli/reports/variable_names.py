"""Names of columns as SPSS and Stata accept them, and the codes these programs have for missing answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from tinytroupe_cli.reports.data_tables import DataTable, MissingAnswer

Program = Literal["spss", "stata"]

LENGTHS: Final[Mapping[Program, int]] = {"spss": 64, "stata": 32}
"""Maximum length of a name."""
_FOREIGN: Final[Mapping[Program, re.Pattern[str]]] = {
    "spss": re.compile(r"[^A-Za-z0-9_.]+"),
    "stata": re.compile(r"[^A-Za-z0-9_]+"),
}
_RESERVED: Final[Mapping[Program, frozenset[str]]] = {
    "spss": frozenset("all and by eq ge gt le lt ne not or to with".split()),  # noqa: SIM905 - words of a language
    "stata": frozenset(
        "_all _b _coef _cons _n _pi _pred _rc _skip byte double float if in int long str strl using with".split()  # noqa: SIM905
    ),
}
_USUAL: Final = -991
_RARE: Final = -9_999_991
STATA_LETTERS: Final[Mapping[MissingAnswer, str]] = dict(zip(MissingAnswer, "abcd", strict=True))
"""Missing answer -> the letter of Stata's extended missing value (`.a`)."""


def variable_names(names: Sequence[str], program: Program) -> list[str]:
    """Return a valid, unique name for each column: `choice.ad: loud` is `choice.ad_loud` (Stata: `choice_ad_loud`)."""
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        valid = _valid(name, program)
        number, fresh = 2, valid
        while fresh.casefold() in taken:
            end = f"_{number}"
            fresh, number = f"{valid[: LENGTHS[program] - len(end)]}{end}", number + 1
        taken.add(fresh.casefold())
        found.append(fresh)
    return found


def _valid(name: str, program: Program) -> str:
    cleaned = _FOREIGN[program].sub("_", name)[: LENGTHS[program]].strip("_.") or "variable"
    if not cleaned[0].isalpha():
        cleaned = f"v_{cleaned}"[: LENGTHS[program]]
    return f"{cleaned}_" if cleaned.casefold() in _RESERVED[program] else cleaned


def missing_codes(tables: Iterable[DataTable]) -> dict[MissingAnswer, int]:
    """Return the numbers that stand for missing answers in SPSS: -991 to -994, or below if answers are that low."""
    lowest = min(
        (value for table in tables for row in table.rows for value in row if isinstance(value, int | float)), default=0
    )
    first = _RARE if lowest <= _USUAL + 1 else _USUAL
    return {reason: first - place for place, reason in enumerate(MissingAnswer)}
