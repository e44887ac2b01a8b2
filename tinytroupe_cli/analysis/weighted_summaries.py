"""Weighted shares and averages of one field, beside the unweighted ones of `Summary`.

An answer counts with its person's weight. Intervals of shares are Wilson's with the effective sample size in place of
n, as Korn and Graubard (1998) do for the exact interval; they are only given where every answer comes from another
unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_points import mixture_figures
from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share
from tinytroupe_cli.analysis.score_intervals import Interval, wilson
from tinytroupe_cli.analysis.units import Units
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import PlannedField

PersonWeights = Mapping[str, float]
"""Person -> weight."""
EXACT = 1e-12
"""Distance from 0 or 1 below which a share is 0 or 1."""


class WeightedShare(Frozen):
    """The weighted share of one answer."""

    value: JsonValue
    """The answer."""
    share: float
    """Weighted share of the stated answers."""
    low: float | None = None
    """Lower end of the share's interval at the experiment's level (Wilson, with the effective sample size); null
    if answers are not independent."""
    high: float | None = None
    """Upper end."""


class WeightedNumbers(Frozen):
    """Weighted averages of answers as numbers."""

    mean: float
    """Weighted mean."""
    sd: float | None
    """Weighted standard deviation; null for a single answer."""
    median: float
    """Weighted median: the smallest number at or below which half of the weight lies; halfway to the next number if
    exactly half does."""


class WeightedPlace(Frozen):
    """An option's weighted mean place in the rankings."""

    option: JsonValue
    """The option."""
    mean: float
    """Weighted mean place."""


class WeightedSummary(Frozen):
    """Weighted figures of one field, for one condition or for all of them."""

    effective: float
    """Effective number of people who stated something (Kish, 1965)."""
    shares: tuple[WeightedShare, ...] = ()
    """Weighted share of each answer."""
    numbers: WeightedNumbers | None = None
    """Weighted averages of numeric answers; null if there are no numbers."""
    places: tuple[WeightedPlace, ...] = ()
    """rank: the weighted mean places of each option."""


def weighted_summary(
    field: PlannedField,
    stated: Sequence[Observation],
    units: Units,
    weights: PersonWeights | None,
    values: Sequence[JsonValue],
    *,
    alpha: float = 0.05,
) -> WeightedSummary | None:
    """Return the weighted figures of stated answers; None without weights, without answers, or if not about people.

    `values` are the answers whose shares are wanted.
    """
    if weights is None or not stated or any(row.person not in weights for row in stated):
        return None
    kind = type_of(field)
    own = [weights[row.person] for row in stated]
    effective = effective_people(stated, weights)
    pmfs = [row.distribution for row in stated if row.distribution]
    is_independent = not pmfs and len({units.unit(row) for row in stated}) == len(stated)
    numbers = [
        (number, weight)
        for row, weight in zip(stated, own, strict=True)
        if (number := answer_number(row, field)) is not None
    ]
    shares = [(value, weighted_mean([_counted_share(field, row, value) for row in stated], own)) for value in values]
    return WeightedSummary(
        effective=effective,
        shares=tuple(_share(value, share, effective if is_independent else None, alpha) for value, share in shares),
        numbers=_of_mixture(field, pmfs, own) if pmfs else _numbers(numbers) if numbers else None,
        places=tuple(_places(field, stated, own)) if kind.shape in ("ranking", "amounts") else (),
    )


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean."""
    return math.fsum(value * weight for value, weight in zip(values, weights, strict=True)) / math.fsum(weights)


def weighted_sd(values: Sequence[float], weights: Sequence[float]) -> float | None:
    """Return the weighted standard deviation, with n - 1 for n answers; None for a single one."""
    if len(values) < 2:  # noqa: PLR2004 - no spread
        return None
    mean = weighted_mean(values, weights)
    squares = weighted_mean([(value - mean) ** 2 for value in values], weights)
    return math.sqrt(squares * len(values) / (len(values) - 1))


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the least value at or below which half of the weight lies, or halfway to the next if exactly half does."""
    ordered = sorted(zip(values, weights, strict=True))
    half, reached = math.fsum(weights) / 2, 0.0
    for place, (value, weight) in enumerate(ordered):
        reached += weight
        if math.isclose(reached, half, rel_tol=EXACT):
            return (value + ordered[place + 1][0]) / 2
        if reached > half:
            return value
    return ordered[-1][0]


def effective_people(stated: Sequence[Observation], weights: PersonWeights) -> float:
    """Return the effective number of the people who answered (Kish, 1965)."""
    own = [weights[person] for person in dict.fromkeys(row.person for row in stated)]
    return math.fsum(own) ** 2 / math.fsum(weight * weight for weight in own)


def effective_wilson(share: float, effective: float, *, alpha: float = 0.05) -> Interval:
    """Return Wilson's interval of a weighted share, with an effective sample size."""
    exact = float(round(share)) if abs(share - round(share)) < EXACT else share
    return wilson(exact * effective, effective, alpha=alpha)


def _share(value: JsonValue, share: float, effective: float | None, alpha: float) -> WeightedShare:
    low, high = (None, None) if effective is None else effective_wilson(share, effective, alpha=alpha)
    return WeightedShare(value=value, share=share, low=low, high=high)


def _counted_share(field: PlannedField, row: Observation, value: JsonValue) -> float:
    if type_of(field).shape != "entries":
        return answer_share(row, field, value)
    named = row.value if isinstance(row.value, list) else []
    return float(str(value).strip().casefold() in {str(entry).strip().casefold() for entry in named})


def _of_mixture(
    field: PlannedField, pmfs: Sequence[Sequence[float]], weights: Sequence[float]
) -> WeightedNumbers | None:
    found = mixture_figures(field, pmfs, weights)
    return None if found is None else WeightedNumbers(mean=found.mean, sd=found.sd, median=found.median)


def _numbers(numbers: Sequence[tuple[float, float]]) -> WeightedNumbers:
    values, weights = zip(*numbers, strict=True)
    return WeightedNumbers(
        mean=weighted_mean(values, weights),
        sd=weighted_sd(values, weights),
        median=weighted_median(values, weights),
    )


def _places(field: PlannedField, stated: Sequence[Observation], weights: Sequence[float]) -> Iterator[WeightedPlace]:
    for option in field.options:
        found = [
            (place, weight)
            for row, weight in zip(stated, weights, strict=True)
            if (place := type_of(field).as_number(field, row.value, option)) is not None
        ]
        if found:
            values, own = zip(*found, strict=True)
            yield WeightedPlace(option=option, mean=weighted_mean(values, own))
