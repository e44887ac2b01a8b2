"""A field's answers as numbers, and what follows from them for an answer that is a distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_distributions import median, mixture, standard_deviation
from tinytroupe_cli.core.quantile_distributions import mixture_moments
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField


def points_of(field: PlannedField) -> list[float] | None:
    """Return a field's answers as numbers, in their order; None: they are none."""
    kind = type_of(field)
    numbers = [kind.as_number(field, value) for value in kind.answers(field)]
    found = [number for number in numbers if number is not None]
    return found if found and len(found) == len(numbers) else None


def expected_value(field: PlannedField, pmf: Sequence[float]) -> float | None:
    """Return the expected value of a distribution over a field's answers; None: they are no numbers."""
    points = points_of(field)
    return None if points is None else math.fsum(x * p for x, p in zip(points, pmf, strict=True))


def probability_of(field: PlannedField, pmf: Sequence[float], answer: JsonValue) -> float:
    """Return the probability that a distribution gives an answer."""
    kind = type_of(field)
    return math.fsum(
        p for value, p in zip(kind.answers(field), pmf, strict=True) if kind.is_answer(field, value, answer)
    )


class MixtureFigures(NamedTuple):
    """Figures of the mean of several distributions over a field's answers."""

    mean: float
    sd: float
    median: float


def mixture_figures(
    field: PlannedField, pmfs: Sequence[Sequence[float]], weights: Sequence[float] | None = None
) -> MixtureFigures | None:
    """Return the figures of the mean of distributions, weighted if there are weights; None: answers are no numbers.

    The distributions are probabilities of the field's answers; of a number, they are quantiles.
    """
    if field.kind == "number":
        return MixtureFigures(*mixture_moments(pmfs, weights))
    points = points_of(field)
    if points is None:
        return None
    pmf = mixture(pmfs, weights)
    mean = math.fsum(x * p for x, p in zip(points, pmf, strict=True))
    return MixtureFigures(mean, standard_deviation(points, pmf), median(points, pmf))
