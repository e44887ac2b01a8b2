"""How far two methods of asking the same question agree: directly, and rated from words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import not_
from statistics import fmean
from typing import Final

from pydantic import Field

from tinytroupe_cli.analysis.answer_distributions import ks_distance, mixture, standard_deviation
from tinytroupe_cli.analysis.answer_points import points_of
from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share
from tinytroupe_cli.core.rank_correlation import rank_correlation
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan

MIN_PEOPLE: Final = 3
"""People with both answers, below which there is no correlation."""


class MethodAgreement(Frozen):
    """A question asked directly and rated from words, compared."""

    direct: str
    """The measure that was asked for directly, as `query.field`."""
    rated: str
    """The measure that was rated from words."""
    condition: str = ""
    """Name of the condition; empty: all conditions."""
    people: int
    """People with both answers."""
    means: tuple[float, float] | None = None
    """Mean of the direct answers, and of the expected values of the rated ones."""
    mean_difference: float | None = None
    """The rated mean minus the direct one."""
    sd_ratio: float | None = None
    """Standard deviation of the rated distribution, divided by that of the direct answers."""
    ks: float | None = None
    """Largest difference between the cumulative distributions (Kolmogorov-Smirnov), 0 to 1."""
    rho: float | None = None
    """Spearman's correlation of people's mean answers by both methods."""
    why_not: str = Field(default="", exclude_if=not_)
    """Why a figure is missing."""


def method_agreements(plan: Plan, rows: Sequence[Observation]) -> Iterator[MethodAgreement]:
    """Yield the agreement of each question that was asked both ways, over all conditions and in each."""
    conditions = ["", *(planned.name for planned in plan.conditions)] if len(plan.conditions) > 1 else [""]
    for query, rated, direct in _asked_both_ways(plan):
        for condition in conditions:
            own = [row for row in rows if row.query == query and condition in {"", row.condition}]
            sides = [
                [row for row in own if row.field == field.name and row.outcome == "stated"] for field in (direct, rated)
            ]
            blank = MethodAgreement(
                direct=f"{query}.{direct.name}", rated=f"{query}.{rated.name}", condition=condition, people=0
            )
            yield blank.model_copy(update=_figures(rated, *sides))


def _asked_both_ways(plan: Plan) -> Iterator[tuple[str, PlannedField, PlannedField]]:
    """Yield query, rated field and direct field."""
    queries = {query.name: query for trial in plan.trials for query in trial.queries}
    for name, query in queries.items():
        fields = {field.name: field for field in query.fields}
        for field in query.fields:
            if field.rating is not None and field.rating.beside:
                yield name, field, fields[field.rating.beside]


def _figures(field: PlannedField, direct: Sequence[Observation], rated: Sequence[Observation]) -> dict[str, object]:
    points = points_of(field)
    if points is None or not direct or not rated:
        return {"why_not": "one of the two has no answers"}
    answers = type_of(field).answers(field)
    first, second = (
        mixture([[answer_share(row, field, value) for value in answers] for row in side]) for side in (direct, rated)
    )
    ones, others = (_by_person(side, field) for side in (direct, rated))
    both = [person for person in ones if person in others]
    means = tuple(fmean(_numbers(side, field)) for side in (direct, rated))
    spread = standard_deviation(points, first)
    why: list[str] = [] if spread else ["all direct answers are equal: no ratio of standard deviations"]
    rho = rank_correlation([ones[person] for person in both], [others[person] for person in both])
    if rho is None or len(both) < MIN_PEOPLE:
        rho = None
        why.append("too few people, or no differences between them: no correlation")
    return {
        "people": len(both),
        "means": means,
        "mean_difference": means[1] - means[0],
        "sd_ratio": standard_deviation(points, second) / spread if spread else None,
        "ks": ks_distance(points, first, second),
        "rho": rho,
        "why_not": "; ".join(why),
    }


def _numbers(rows: Sequence[Observation], field: PlannedField) -> list[float]:
    return [number for row in rows if (number := answer_number(row, field)) is not None]


def _by_person(rows: Sequence[Observation], field: PlannedField) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if (number := answer_number(row, field)) is not None:
            found[row.person].append(number)
    return {person: fmean(numbers) for person, numbers in found.items()}
