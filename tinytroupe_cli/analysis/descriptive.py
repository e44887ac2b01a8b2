"""Counts, shares and averages of each field, for each condition and for all together.

A share is of the answers that were stated; what is missing is counted beside it, by reason.
Intervals are at the level of the comparisons: Wilson's (E. B. Wilson, 1927) where every answer comes from another unit,
else Student's t over the units' own shares: answers of one person, or of people who talked, are not independent.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import not_

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings, settings_of
from tinytroupe_cli.analysis.answer_points import mixture_figures
from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share
from tinytroupe_cli.analysis.option_means import OptionMean, option_means
from tinytroupe_cli.analysis.score_intervals import wilson
from tinytroupe_cli.analysis.units import MIN_UNITS, Units, units_of
from tinytroupe_cli.analysis.weighted_summaries import PersonWeights, WeightedSummary, weighted_summary
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan, PlannedField
from tinytroupe_cli.spec.measures import FieldKind


class Share(Frozen):
    """How many times one answer was given."""

    value: JsonValue
    """The answer."""
    count: int
    """How many gave it. An entry of a list counts once per list; a ranking counts for the option it puts first; an
    answer that is a distribution counts for its `value`."""
    share: float | None
    """Share of the stated answers; null: there are none. The shares of a list's entries can add up to more than 1. For
    answers that are distributions: the mean probability."""
    low: float | None = None
    """Lower end of the share's interval at the experiment's level (`inference.alpha`): Wilson's if each answer is from
    another unit; else Student's t around the mean of the units' own shares, cut at 0 and 1, and null for fewer than 6
    units."""
    high: float | None = None
    """Upper end."""


class NumericSummary(Frozen):
    """Answers as numbers: a Likert label counts as its point, from 1; a date as days since 1970-01-01."""

    mean: float
    """Mean."""
    sd: float | None
    """Standard deviation of the sample; null for a single answer."""
    median: float
    """Median."""
    min: float
    """Lowest value."""
    max: float
    """Highest value."""


class MeanRank(Frozen):
    """An option's places in the rankings; 1 is first."""

    option: JsonValue
    """The option."""
    mean: float
    """Its mean place."""
    first_places: int = Field(validation_alias="firsts", serialization_alias="firsts")
    """How often it came first."""


class Summary(Frozen):
    """All answers to one field, for one condition or for all of them."""

    query: str
    """Name of the query."""
    field: str
    """Name of the field."""
    kind: FieldKind
    """Type of the field."""
    condition: str = ""
    """Name of the condition; empty: all conditions."""
    planned: int
    """Number of rows; the sum of the next five."""
    stated: int
    """Rows with an answer."""
    not_stated: int
    """Rows answered "not stated"."""
    refused: int
    """Rows the model declined."""
    failed: int
    """Rows without a usable answer."""
    unasked: int
    """Rows the run did not get to."""
    people: int
    """Number of different people who stated something."""
    shares: tuple[Share, ...] = ()
    """How often each answer was given."""
    is_distribution: bool = Field(default=False, exclude_if=not_)
    """The answers are distributions: `mean`, `sd` and `median` are those of their mean distribution, `min` and `max`
    those of their expected values."""
    numbers: NumericSummary | None = None
    """Figures of numeric answers; null if there are no numbers."""
    places: tuple[MeanRank, ...] = ()
    """rank: the places of each option."""
    amounts: tuple[OptionMean, ...] = Field(default=(), exclude_if=not_)
    """budget, maxdiff: the mean of each option; not written for other fields."""
    weighted: WeightedSummary | None = None
    """The same with people's weights; null: there are none, all of them are equal, nobody stated an answer, or the
    field is not about people."""


def summaries(plan: Plan, rows: Sequence[Observation]) -> list[Summary]:
    """Summarise every field, first over all conditions, then (if there are several) for each."""
    several = [condition.name for condition in plan.conditions] if len(plan.conditions) > 1 else []
    units, weighed = units_of(plan, plan.inference.about), weighed_people(plan)
    settings = settings_of(plan.inference, plan.seed)
    weights = weighed.for_figures if weighed else None
    found: list[Summary] = []
    for (query, _), field in plan.fields.items():
        own = [row for row in rows if row.query == query and row.field == field.name]
        found.append(summary_of(query, field, own, units, weights=weights, settings=settings))
        parts = {name: [row for row in own if row.condition == name] for name in several}
        found += [
            summary_of(query, field, part, units, name, weights=weights, settings=settings)
            for name, part in parts.items()
        ]
    return found


def summary_of(
    query: str,
    field: PlannedField,
    rows: Sequence[Observation],
    units: Units,
    condition: str = "",
    *,
    weights: PersonWeights | None = None,
    settings: AnalysisSettings,
) -> Summary:
    """Summarise the rows of one field; `weights` are people's, None where all count the same."""
    stated = [row for row in rows if row.outcome == "stated"]
    numbers = [number for row in stated if (number := answer_number(row, field)) is not None]
    pmfs = [row.distribution for row in stated if row.distribution]
    shares = tuple(_shares(field, stated, units, settings.inference.alpha))
    return Summary(
        query=query,
        field=field.name,
        kind=field.kind,
        condition=condition,
        planned=len(rows),
        stated=len(stated),
        not_stated=_count(rows, "not_stated"),
        refused=_count(rows, "refused"),
        failed=_count(rows, "failed"),
        unasked=_count(rows, "unasked"),
        people=len({row.person for row in stated}),
        shares=shares,
        is_distribution=bool(pmfs),
        numbers=_of_mixture(field, pmfs, numbers) if pmfs else _numbers(numbers) if numbers else None,
        places=tuple(_places(field, stated)) if type_of(field).shape == "ranking" and stated else (),
        amounts=tuple(option_means(field, stated, units, settings)) if type_of(field).shape == "amounts" else (),
        weighted=weighted_summary(
            field, stated, units, weights, [share.value for share in shares], alpha=settings.inference.alpha
        ),
    )


def _shares(field: PlannedField, stated: Sequence[Observation], units: Units, alpha: float) -> Iterator[Share]:
    total = len(stated)
    is_pmf = any(row.pmf for row in stated)
    is_independent = total > 0 and not is_pmf and len({units.unit(row) for row in stated}) == total
    for value, count in _counted(field, stated):
        share = count / total if total else None
        if is_pmf:
            share = statistics.fmean(answer_share(row, field, value) for row in stated)
        if is_independent:
            low, high = wilson(count, total, alpha=alpha)
        else:
            low, high = _over_units(field, stated, units, value, alpha)
        yield Share(value=value, count=count, share=share, low=low, high=high)


def _over_units(
    field: PlannedField, stated: Sequence[Observation], units: Units, value: JsonValue, alpha: float
) -> tuple[float | None, float | None]:
    own: dict[str, list[float]] = defaultdict(list)
    for row in stated:
        own[units.unit(row)].append(answer_share(row, field, value))
    if len(own) < MIN_UNITS:
        return None, None
    from tinytroupe_cli.analysis.mean_intervals import mean_interval  # noqa: PLC0415 - it needs numpy

    shares = [statistics.fmean(answers) for answers in own.values()]
    interval = mean_interval(shares, resamples=0, seed=0, alpha=alpha, bounds=(0.0, 1.0))
    return interval or (None, None)


def _counted(field: PlannedField, stated: Sequence[Observation]) -> list[tuple[JsonValue, int]]:
    """Count each answer: in the order written or, for lists, the most frequent first."""
    kind = type_of(field)
    if kind.shape == "entries":
        return _entries(stated)
    return [(value, sum(kind.is_answer(field, row.value, value) for row in stated)) for value in kind.answers(field)]


def _entries(stated: Sequence[Observation]) -> list[tuple[JsonValue, int]]:
    """Count in how many lists each entry is, alike whatever its case; then in order of appearance."""
    first: dict[str, str] = {}
    counts: dict[str, int] = {}
    for row in stated:
        named = (
            {str(entry).strip().casefold(): str(entry) for entry in row.value} if isinstance(row.value, list) else {}
        )
        for key, entry in named.items():
            first.setdefault(key, entry)
            counts[key] = counts.get(key, 0) + 1
    return [(first[key], counts[key]) for key in sorted(counts, key=lambda key: -counts[key])]


def _numbers(values: Sequence[float]) -> NumericSummary:
    return NumericSummary(
        mean=statistics.fmean(values),
        sd=statistics.stdev(values) if len(values) > 1 else None,
        median=statistics.median(values),
        min=min(values),
        max=max(values),
    )


def _of_mixture(
    field: PlannedField, pmfs: Sequence[Sequence[float]], numbers: Sequence[float]
) -> NumericSummary | None:
    found = mixture_figures(field, pmfs)
    if found is None or not numbers:
        return None
    return NumericSummary(mean=found.mean, sd=found.sd, median=found.median, min=min(numbers), max=max(numbers))


def _places(field: PlannedField, stated: Sequence[Observation]) -> Iterator[MeanRank]:
    for option in field.options:
        places = [place for row in stated if (place := type_of(field).as_number(field, row.value, option)) is not None]
        yield MeanRank(option=option, mean=statistics.fmean(places), first_places=sum(place == 1 for place in places))


def _count(rows: Sequence[Observation], outcome: str) -> int:
    return sum(row.outcome == outcome for row in rows)
