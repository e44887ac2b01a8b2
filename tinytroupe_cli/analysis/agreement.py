"""Agreement of coders beyond chance. Codes in, numbers out; knows no plan, event or prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

from tinytroupe_cli.core.random_streams import Stream

RELIABLE: Final = 0.8
TENTATIVE: Final = 0.667
"""Krippendorff's bounds: below the first, conclusions are tentative; below the second, there are none."""

RatedUnits = Sequence[Sequence[Hashable | None]]
"""For each text the code of each coder; None: it has none."""


def krippendorff_alpha(units: RatedUnits) -> float | None:
    """Return Krippendorff's alpha for nominal codes (Krippendorff 2011); None where only one code was given, or none.

    Units with fewer than two codes don't count.
    """
    coded = [[code for code in unit if code is not None] for unit in units]
    counts = [(Counter(codes), len(codes)) for codes in coded if len(codes) > 1]
    totals: Counter[Hashable] = Counter(code for codes in coded if len(codes) > 1 for code in codes)
    total = sum(totals.values())
    expected = total * total - sum(count * count for count in totals.values())
    if not expected:
        return None
    observed = sum((size * size - sum(n * n for n in counted.values())) / (size - 1) for counted, size in counts)
    return 1 - (total - 1) * observed / expected


def alpha_interval(units: RatedUnits, *, resamples: int, seed: int, level: float = 0.05) -> tuple[float, float] | None:
    """Return the percentile bootstrap interval of alpha at 1 - level, over units; None where too few draws have one."""
    stream, count = Stream(seed, "alpha"), len(units)
    drawn = (krippendorff_alpha([units[stream.integer(count)] for _ in range(count)]) for _ in range(resamples))
    found = sorted(alpha for alpha in drawn if alpha is not None)
    if len(found) < resamples / 2:
        return None
    last = len(found) - 1
    return found[round(last * level / 2)], found[round(last * (1 - level / 2))]
