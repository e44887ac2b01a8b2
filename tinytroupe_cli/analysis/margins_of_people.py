"""The margins of people's fields, beside those they should have: shares, intervals, SRMSE and a test of fit."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.person_fields import Column
from tinytroupe_cli.analysis.profile_result import AttributeProfile, LevelShare
from tinytroupe_cli.analysis.score_intervals import wilson

MAX_LEVELS: Final = 16
BANDS: Final = 5
DRAWS: Final = 1_999
DECADE: Final = 10
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(-?\d+(?:\.\d+)?)")  # noqa: RUF001 - a dash people type
_FROM = re.compile(r"(-?\d+(?:\.\d+)?)\s*\+")

ValueShares = Mapping[str, float]


def attribute_profile(column: Column, wanted: ValueShares, generator: np.random.Generator) -> AttributeProfile:
    """Return the margins of one field; `wanted` has the shares it should have, empty: not known."""
    known = [value for value in column.values if value is not None]
    numbers = [number for number in column.numbers if number is not None]
    is_number = column.kind == "number"
    blank = AttributeProfile(
        attribute=column.name,
        kind=column.kind,
        n=len(known),
        missing=len(column.values) - len(known),
        mean=float(np.mean(numbers)) if is_number else None,
        sd=float(np.std(numbers, ddof=1)) if is_number and len(numbers) > 1 else None,
    )
    if column.kind == "text":
        return blank
    counts = level_counts(column, wanted)
    shown = counts.most_common(MAX_LEVELS)
    levels = tuple(_level(name, count, len(known), wanted) for name, count in shown)
    return blank.model_copy(update={"levels": levels, **_fit(counts, wanted, generator)})


def level_counts(column: Column, wanted: ValueShares) -> Counter[str]:
    """Return how many people are at each label; of a number: those of `wanted`, else decades or fifths of its range."""
    if column.kind != "number":
        return Counter({**dict.fromkeys(wanted, 0), **Counter(label for label in column.labels if label is not None)})
    numbers = [number for number in column.numbers if number is not None]
    bands = {name: ends for name in wanted if (ends := _ends(name)) is not None}
    if bands:
        found = Counter(dict.fromkeys(bands, 0))
        for number in numbers:
            name = next((name for name, (low, high) in bands.items() if low <= number <= high), "outside these")
            found[name] += 1
        return found
    if column.name.split(".")[-1] == "age":
        return Counter(_decade(number) for number in numbers)
    return _fifths(numbers)


def _decade(number: float) -> str:
    start = math.floor(number / DECADE) * DECADE
    return f"{start}–{start + DECADE - 1}"  # noqa: RUF001 - a range


def _fifths(numbers: Sequence[float]) -> Counter[str]:
    low, width = min(numbers), (max(numbers) - min(numbers)) / BANDS
    places = [min(BANDS - 1, int((number - low) / width)) for number in numbers]
    return Counter(f"{low + place * width:,.6g} to {low + (place + 1) * width:,.6g}" for place in places)


def _ends(name: str) -> tuple[float, float] | None:
    if found := _RANGE.fullmatch(name.strip()):
        return float(found[1]), float(found[2])
    if found := _FROM.fullmatch(name.strip()):
        return float(found[1]), math.inf
    return None


def _level(name: str, count: int, total: int, wanted: ValueShares) -> LevelShare:
    low, high = wilson(count, total)
    return LevelShare(level=name, count=count, share=count / total, low=low, high=high, wanted=wanted.get(name))


def _fit(counts: Counter[str], wanted: ValueShares, generator: np.random.Generator) -> dict[str, float]:
    """Return SRMSE and Pearson's test against the wanted shares."""
    known = [name for name in counts if wanted.get(name, 0.0) > 0]
    if len(known) < 2:  # noqa: PLR2004 - one share tells nothing
        return {}
    observed = np.array([counts[name] for name in known], dtype=np.float64)
    if not observed.sum():
        return {}
    shares = np.array([wanted[name] for name in known])
    shares = shares / shares.sum()
    expected = shares * observed.sum()

    def statistic(drawn: Floats) -> Floats:
        return (np.square(drawn - expected) / expected).sum(axis=-1)

    drawn = statistic(generator.multinomial(int(observed.sum()), shares, size=DRAWS).astype(np.float64))
    chi2 = float(statistic(observed))
    gaps = observed / observed.sum() - shares
    return {
        "srmse": float(np.sqrt(np.square(gaps).mean()) / shares.mean()),
        "chi2": chi2,
        "p": (1 + int((drawn >= chi2 - 1e-9).sum())) / (DRAWS + 1),
    }
