"""What stands under an attribute -> how it is spread. Findings go to the caller."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, cast

from tinytroupe_cli.core.diagnostics import did_you_mean, meant_keys
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.personas.distributions import (
    Bands,
    Conditional,
    Distribution,
    Plain,
    Rounding,
    Scalar,
    Shares,
    fits,
    label,
    range_of,
    share_in,
)
from tinytroupe_cli.personas.number_reading import (
    KINDS,
    TOLERANCE,
    NumberReader,
    ReportProblem,
    in_our_words,
    is_number,
)

_SPAN: Final = re.compile(r"(\d{1,6})\s*(?:-|–|—|to)\s*(\d{1,6})")  # noqa: RUF001


class DistributionReader:
    """Parses distributions; every error goes to `refuse`."""

    def __init__(self, refuse: ReportProblem) -> None:
        self._refuse = refuse
        self._numbers = NumberReader(refuse)

    def read(self, value: Any, path: Path) -> Distribution | None:
        """Parse one, conditional or not; return None after an error."""
        if isinstance(value, dict) and ("by" in value or "table" in value):
            return self._given(cast("dict[str, Any]", value), path)
        return self._plain(value, path)

    def gaps(self, given: Conditional, parent: Distribution) -> tuple[list[str], list[str]]:
        """Return a parent's values without a row, and the rows without a matching value."""
        plains = [parent] if not isinstance(parent, Conditional) else [plain for _, plain in parent.table]
        if isinstance(parent, Conditional) and parent.default is not None:
            plains.append(parent.default)
        missing, used = dict[str, None](), set[str]()
        for plain in plains:
            if isinstance(plain, Shares):
                found, free = self.gaps_in(given, [level for level, share in plain.levels if share])
                missing |= dict.fromkeys(found)
                used |= {key for key, _ in given.table if key not in free}
            else:
                shares = {key: share_in(plain, key) for key, _ in given.table}
                used |= {key for key, share in shares.items() if share}
                if sum(shares.values()) < 1 - 1e-9:
                    missing["outside its ranges"] = None
        return list(missing), [key for key, _ in given.table if key not in used]

    def gaps_in(self, given: Conditional, values: Sequence[Scalar]) -> tuple[list[str], list[str]]:
        """Return the values that have no row, and the rows without a matching value."""
        keys = [key for key, _ in given.table]
        missing = [label(value) for value in values if not any(fits(key, value) for key in keys)]
        return missing, [key for key in keys if not any(fits(key, value) for value in values)]

    def _given(self, value: dict[str, Any], path: Path) -> Conditional | None:
        for key in value:
            if key not in ("by", "table"):
                hint = did_you_mean(key, ("by", "table"), label="keys")
                self._refuse("E104", f"unknown key '{key}'", (*path, key), hint=hint, key=True)
        if meant_keys(value, ("by", "table")) - value.keys():
            return None
        by, table = value.get("by"), value.get("table")
        if not isinstance(by, str) or not by:
            self._refuse("E106", "'by' expects the attribute that this one depends on", (*path, "by"))
            return None
        if not isinstance(table, dict) or not table:
            hint = "for example, table: {north: {yes: 0.3, no: 0.7}, default: {yes: 0.5, no: 0.5}}"
            self._refuse("E106", f"'table' expects a row for each {by}", (*path, "table"), hint=hint)
            return None
        rows = {
            key: self._plain(spread, (*path, "table", key)) for key, spread in cast("dict[str, Any]", table).items()
        }
        default = rows.pop("default", None)
        return Conditional(by, tuple((key, plain) for key, plain in rows.items() if plain is not None), default)

    def _plain(self, value: Any, path: Path) -> Plain | None:
        match value:
            case dict() if value:
                return self._mapping(cast("dict[str, Any]", value), path)
            case list() if value:
                return self._equal(cast("list[Any]", value), path)
            case str() if found := _SPAN.fullmatch(value.strip()):
                return self._numbers.number("uniform", {"min": int(found[1]), "max": int(found[2])}, path)
            case str() | bool() | int() | float() if value != "":
                return Shares(((value, 1.0),))
            case _:
                hint = "shares {a: 0.4, b: 0.6}, a number {normal: {mean: 45, sd: 15}}, or one value for everyone"
                self._refuse("E106", f"'{path[-1]}' needs a distribution", path, hint=hint)
                return None

    def _equal(self, items: list[Any], path: Path) -> Shares | None:
        is_pair = len(items) == 2 and all(is_number(item) for item in items)  # noqa: PLR2004 - two ends
        if is_pair and items[1] - items[0] > 1:
            low, high = items
            hint = f"write {{min: {low}, max: {high}}} for the range, or {{{low}: 0.5, {high}: 0.5}} for these two only"
            self._refuse("E107", "two numbers could be two labels or the ends of a range", path, hint=hint)
            return None
        if not all(isinstance(item, str | int | float) for item in items):
            self._refuse("E106", "a list here must contain labels, which are all equally likely", path)
            return None
        levels = list(dict.fromkeys(cast("list[Scalar]", items)))
        return Shares(tuple((level, 1 / len(levels)) for level in levels))

    def _mapping(self, value: dict[str, Any], path: Path) -> Plain | None:
        if named := self._numbers.parameters(value):
            kind, parameters = named
            return self._numbers.number(kind, parameters, path)
        value = in_our_words(value)
        kinds = [key for key, inner in value.items() if isinstance(inner, dict)]
        if not kinds:
            return self._shares(value, path)
        if len(value) > 1 or kinds[0] not in KINDS:
            hint = did_you_mean(kinds[0], KINDS, label="kinds of numbers")
            message = f"the value of '{kinds[0]}' is neither a share nor a distribution of numbers"
            self._refuse("E107", message, (*path, kinds[0]), hint=hint, key=True)
            return None
        inner = cast("dict[str, Any]", value[kinds[0]])
        if kinds[0] == "bands":
            return self._bands(inner, (*path, "bands"))
        return self._numbers.number(kinds[0], inner, (*path, kinds[0]))

    def _shares(self, value: dict[str, Any], path: Path) -> Plain | None:
        if len(value) > 1 and all(range_of(key) for key in value):
            return self._bands(value, path)
        shares = self._proportions(value, path)
        if shares is None:
            return None
        levels: dict[Scalar, float] = {}
        for key, share in shares.items():
            plain = plain_scalar(key)
            levels[key if plain is None else plain] = share
        return Shares(tuple(levels.items()))

    def _bands(self, value: dict[str, Any], path: Path) -> Bands | None:
        shares = self._proportions(value, path)
        if shares is None:
            return None
        bands: list[tuple[float, float, float]] = []
        for key, share in shares.items():
            bounds = range_of(key)
            if bounds is None or math.inf in (abs(bounds[0]), abs(bounds[1])) or bounds[0] > bounds[1]:
                hint = "write both ends, such as 65-90: numbers are drawn between them"
                self._refuse("E107", f"'{key}' is not a range with two ends", (*path, key), hint=hint, key=True)
                return None
            bands.append((*bounds, share))
        bands.sort()
        decimals = max(len(digits) for key in shares for digits in re.findall(r"\.(\d+)|$", key))
        for (low, high, _), (following, _, _) in pairwise(bands):
            if following <= high and not (decimals and following == high):
                self._refuse("E107", f"the ranges {low:g}-{high:g} and {following:g}-… overlap", path)
                return None
        return Bands(tuple(bands), Rounding(bands[0][0], bands[-1][1], decimals))

    def _proportions(self, value: dict[str, Any], path: Path) -> dict[str, float] | None:
        """Parse shares that add up to 1, or to 100; others are scaled to 1 with a warning."""
        numbers: dict[str, float] = {}
        for key, share in value.items():
            number = _share(share)
            if number is None:
                message = f"'{key}' expects a share: a number of 0 or more"
                self._refuse("E106", message, (*path, key), hint="for example, 0.51, 51 or 51%")
            else:
                numbers[key] = number
        total = sum(numbers.values())
        if len(numbers) < len(value):
            return None
        if not total:
            self._refuse("E107", "all shares are 0", path)
            return None
        if abs(total - 1) > TOLERANCE and abs(total - 100) > 100 * TOLERANCE:
            message = f"the shares add up to {total:.4g}"
            self._refuse("E221", message, path, hint="they are scaled to add up to 1", warn=True)
        return {key: number / total for key, number in numbers.items()}


def _share(value: Any) -> float | None:
    text = value.strip().removesuffix("%").strip() if isinstance(value, str) and value.strip().endswith("%") else None
    number: Any = plain_scalar(text) if text is not None else value
    return float(number) if is_number(number) and number >= 0 else None
