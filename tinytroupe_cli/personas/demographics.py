"""Converts a description of a population in words and percentages, such as TinyTroupe's, into a population file.

The figures are parsed by code; which tables are fields of a person is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import yaml
from pydantic import JsonValue

from tinytroupe_cli.core.ids import slug

MAX_TABLES: Final = 40
OLDEST: Final = 90
WHOLE: Final = (90, 110)
"""Percentages with a sum in this range are parts of a whole."""
_PERCENT: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_LISTED: Final = re.compile(r"(?P<label>[^:(%]+?)\s*[:(–-]\s*~?(?P<share>\d+(?:[.,]\d+)?)\s*%\)?.*")  # noqa: RUF001
_YEARS: Final = r"(?<![\d.,])(\d{1,3})(?!\d|[.,]\d)"
"""A whole number that is not part of a longer one: neither of `10,000` nor of `18.5`."""
_RANGE: Final = re.compile(rf"{_YEARS}\s*(?:-|–|to)\s*{_YEARS}", re.IGNORECASE)  # noqa: RUF001
_FROM: Final = re.compile(
    rf"{_YEARS}\s*(?:\+|years? and (?:over|older|above)|and (?:over|older|above)|or (?:over|older))", re.IGNORECASE
)
_UNDER: Final = re.compile(rf"(?:under|below|<)\s*{_YEARS}", re.IGNORECASE)
_AT_LEAST: Final = re.compile(
    r"[\s_-]*(?<![a-z])(?:or|and)[\s_-]+(?:higher|more|above|over|better|greater|up|older)(?![a-z])"
    r"|^(?:at[\s_-]+least|minimum|min)[\s_-]+|^(?:>=|≥)\s*|(?<=[a-z0-9])(?:[\s_-]+plus|\s*\+)$",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(
    r"[\s_-]*(?<![a-z])(?:or|and)[\s_-]+(?:lower|less|below|under|fewer|worse|smaller|down|younger)(?![a-z])"
    r"|^(?:at[\s_-]+most|maximum|max|up[\s_-]+to|no[\s_-]+more[\s_-]+than)[\s_-]+|^(?:<=|≤)\s*",
    re.IGNORECASE,
)
_TOTALS: Final = ("total", "source")
_VAGUE: Final = ("other", "others")
LABELS: Final = 24
"""Maximum labels of a table."""


@dataclass(frozen=True, slots=True)
class DemographicTable:
    """A few labels and their percentages."""

    heading: str
    """`Demographics / Age distribution`."""
    shares: Mapping[str, float]
    """In percent."""

    @property
    def is_whole(self) -> bool:
        """Return whether everybody has exactly one of the labels."""
        return WHOLE[0] <= sum(self.shares.values()) <= WHOLE[1]

    def levels(self) -> dict[str, float] | None:
        """Return the shares of each exact level, lowest first, if labels are `this or higher` or `or lower`; else None.

        Sampled independently, such rows would produce people with a degree and no school.
        """
        if len(self.shares) < 2:  # noqa: PLR2004
            return None
        if all(_AT_LEAST.search(label) for label in self.shares):
            names, exact, rest = self._steps(_AT_LEAST)
            below = {f"less than {names[0]}": rest} if rest > 0 else {}
            return below | dict(zip(names, exact, strict=True))
        if all(_AT_MOST.search(label) for label in self.shares):
            names, exact, rest = self._steps(_AT_MOST)
            above = {f"more than {names[0]}": rest} if rest > 0 else {}
            return dict(zip(reversed(names), reversed(exact), strict=True)) | above
        return None

    def _steps(self, bound: re.Pattern[str]) -> tuple[list[str], list[float], float]:
        """Return the levels from the largest share down, their exact shares, and the share beyond all of them."""
        ordered = sorted(self.shares.items(), key=lambda row: -row[1])
        shares = [share for _, share in ordered]
        exact = [share - beyond for share, beyond in zip(shares, [*shares[1:], 0.0], strict=True)]
        return [bound.sub("", label) for label, _ in ordered], exact, 100 - shares[0]


def tables_in(value: JsonValue, heading: tuple[str, ...] = ()) -> Iterator[DemographicTable]:
    """Yield every table of percentages, at any depth.

    Nested tables that add up to a whole are merged: religions, some of them under `Christian`.
    """
    if isinstance(value, dict):
        shares = {key: share for key, inner in value.items() if (share := _share(key, inner)) is not None}
        whole = dict(_flat(value))
        if len(whole) > len(shares) > 0 and WHOLE[0] <= sum(whole.values()) <= WHOLE[1]:
            yield from _table(heading, whole)
            return
        yield from _table(heading, shares)
        for key, inner in value.items():
            if key not in shares:
                yield from tables_in(inner, (*heading, key))
    elif isinstance(value, list):
        found = [match for item in value if isinstance(item, str) and (match := _LISTED.fullmatch(item.strip()))]
        yield from _table(heading, {match["label"].strip(): _number(match["share"]) for match in found})
        for item in value:
            if isinstance(item, dict | list):
                yield from tables_in(item, heading)


def _flat(value: Mapping[str, JsonValue], within: str = "") -> Iterator[tuple[str, float]]:
    for key, inner in value.items():
        share = _share(key, inner)
        if share is not None:
            label = key if key.casefold() not in _VAGUE else f"{within} {key}".strip()
            yield label, share
        elif isinstance(inner, dict):
            yield from _flat(inner, key)


def population_yaml(
    name: str,
    context: str,
    fields: Mapping[str, DemographicTable],
    generated_fields: tuple[str, ...],
    *,
    about: tuple[str, ...],
) -> str:
    """Return a population file of the selected tables, by field."""
    attributes: dict[str, Any] = {}
    for field, table in fields.items():
        attributes |= _attributes(field, table)
    whole = {
        "troupe-population": 1,
        "name": name,
        "context": context,
        "attributes": attributes,
        "also": list(generated_fields),
    }
    lines = (*about, *(_note(field, table) for field, table in fields.items()))
    comment = "".join(f"# {' '.join(line.split())}\n" for line in lines if line.strip())
    return comment + yaml.dump(whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def _note(field: str, table: DemographicTable) -> str:
    """Return how rows are read that are no parts of a whole; empty where they are."""
    if table.levels():
        return f"{field}: the file counts all from a level on, up or down; here each has one level."
    if table.is_whole or len(table.shares) == 1:
        return ""
    return f"{field}: the rows add up to {sum(table.shares.values()):g}%, so each is drawn on its own, as yes or no."


def field_name(text: str) -> str:
    """Return a field's name: lower-case words joined by underscores; empty if nothing is left."""
    plain = slug(text).replace("-", "_")
    return "" if plain in ("x", "none", "no", "name") else plain


def _attributes(field: str, table: DemographicTable) -> dict[str, Any]:
    levels = table.levels()
    if levels:
        return {field: _rounded(levels)}
    if not table.is_whole:
        return {
            f"{field}.{field_name(label) or 'other'}": _rounded({"yes": share, "no": 100 - share})
            for label, share in table.shares.items()
            if share <= 100  # noqa: PLR2004 - percent
        }
    ranges = {label: bounds for label in table.shares if (bounds := _bounds(label))}
    if len(ranges) == len(table.shares):
        keys = {label: f"{low}-{high}" for label, (low, high) in ranges.items()}
        if len(set(keys.values())) == len(keys):
            return {field: _rounded({keys[label]: share for label, share in table.shares.items()})}
    return {field: _rounded(table.shares)}


def _bounds(label: str) -> tuple[int, int] | None:
    """Parse `15-24 years`, `65 years and over`, `under 18`."""
    closed, opened, under = _RANGE.search(label), _FROM.search(label), _UNDER.search(label)
    if closed:
        return int(closed.group(1)), int(closed.group(2))
    if opened and int(opened.group(1)) < OLDEST:
        return int(opened.group(1)), OLDEST
    return (0, int(under.group(1)) - 1) if under else None


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """Scale shares to 1, with four digits; the largest absorbs the rounding error."""
    total = sum(shares.values())
    found = {label: round(share / total, 4) for label, share in shares.items()}
    largest = max(found, key=lambda label: found[label])
    found[largest] = round(found[largest] + 1 - sum(found.values()), 4)
    return found


def _table(heading: tuple[str, ...], shares: Mapping[str, float]) -> Iterator[DemographicTable]:
    if sum(shares.values()):
        yield DemographicTable(" / ".join(heading) or "people", dict(list(shares.items())[:LABELS]))


def _share(label: str, value: JsonValue) -> float | None:
    if not isinstance(value, str) or label.casefold() in _TOTALS:
        return None
    found = _PERCENT.search(value)
    return _number(found.group(1)) if found else None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


class _Dumper(yaml.SafeDumper):
    """Writes the shares of one attribute on one line."""


def _write_mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    flat = all(isinstance(share, float) for share in value.values())
    return dumper.represent_mapping("tag:yaml.org,2002:map", cast("Any", value.items()), flow_style=flat)


_Dumper.add_representer(dict, _write_mapping)
