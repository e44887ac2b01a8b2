"""The mean of each option's number over units: amounts of a budget, best-worst scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean

from pydantic import JsonValue

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, Units
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen


class OptionMean(Frozen):
    """An option's mean over people: what it is given of a budget, or its best-worst score."""

    option: JsonValue
    """The option."""
    mean: float
    """Mean over people, each counted with the mean of their answers. A best-worst score is the number of times the
    option was best minus the times it was worst, divided by the number of sets it was in: from -1 to 1."""
    low: float | None = None
    """Lower end of its interval at the experiment's level (`inference.alpha`; bootstrap-t over units, from 500 units
    Student's t); null below 6 of these."""
    high: float | None = None
    """Upper end."""


def option_means(
    field: PlannedField, stated: Sequence[Observation], units: Units, settings: AnalysisSettings
) -> Iterator[OptionMean]:
    """Yield the mean of each option over the units of stated answers."""
    for option in field.options if stated else ():
        own: dict[str, list[float]] = defaultdict(list)
        for row in stated:
            number = type_of(field).as_number(field, row.value, option)
            if number is not None:
                own[units.unit(row)].append(number)
        if own:
            values = [fmean(numbers) for numbers in own.values()]
            low, high = _interval(field, values, settings)
            yield OptionMean(option=option, mean=fmean(values), low=low, high=high)


def _interval(
    field: PlannedField, values: Sequence[float], settings: AnalysisSettings
) -> tuple[float | None, float | None]:
    if len(values) < MIN_UNITS:
        return None, None
    from tinytroupe_cli.analysis.mean_intervals import mean_interval  # noqa: PLC0415 - it needs numpy

    bounds, inference = type_of(field).range(field), settings.inference
    found = mean_interval(
        values, resamples=inference.resamples, seed=settings.seed, alpha=inference.alpha, bounds=bounds
    )
    return found or (None, None)
