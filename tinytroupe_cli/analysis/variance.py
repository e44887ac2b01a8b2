"""Where the variance of each measure is, and whether answers follow the persona or the model's noise.

Only for people who answer alone, each in every condition: answers of people who talked are not separable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from pydantic import JsonValue

from tinytroupe_cli.analysis.measure_values import measured_options, number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, units_of
from tinytroupe_cli.analysis.variance_result import VarianceResult
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.types import Plan


def variances(plan: Plan, rows: Sequence[Observation]) -> list[VarianceResult]:
    """Return the variance of each measure, where each person has several answers."""
    is_alone = units_of(plan, "people").kind == "person"
    if plan.replicates * len(plan.conditions) * len(_versions(plan)) == 1 or not is_alone or plan.design != "within":
        return []
    seed = Stream(plan.seed, "analysis", "variance").integer()
    found: list[VarianceResult] = []
    for query, field, option in _measures(plan):
        own = [row for row in rows if (row.query, row.field) == (query, field.name)]
        blank = VarianceResult(
            measure=f"{query}.{field.name}",
            option=option,
            conditions=len(plan.conditions),
            replicates=plan.replicates,
            wordings=len(_versions(plan)),
            alpha=plan.inference.alpha,
        )
        cells = complete_cells(plan, own, field, option)
        blank = blank.model_copy(update={"people": len(cells)})
        found.append(blank.model_copy(update=_estimates(plan, cells, seed)))
    return found


def _estimates(plan: Plan, cells: list[list[list[float]]], seed: int) -> dict[str, Any]:
    if len(cells) < MIN_UNITS:
        return {"why_not": f"fewer than {MIN_UNITS} people answered in every cell"}
    # A run of a few people loads no numpy.
    from tinytroupe_cli.analysis.variance_estimates import estimated  # noqa: PLC0415

    names = [condition.name for condition in plan.conditions]
    return estimated(cells, names, plan.inference, seed, wordings=len(_versions(plan)))


def _versions(plan: Plan) -> Sequence[int]:
    """Return the wordings that everyone meets; 0 alone where people meet one each."""
    is_crossed = plan.wordings is not None and plan.wordings.cross == "all"
    return range(1, plan.wordings.count + 1) if plan.wordings and is_crossed else (0,)


def complete_cells(
    plan: Plan, rows: Sequence[Observation], field: PlannedField, option: JsonValue
) -> list[list[list[float]]]:
    """Return person x condition x replicate, the mean of samples, of everyone who answered in all of them.

    Where everyone meets several wordings, the replicates of the first come first, then those of the second.
    """
    number, answers = number_of(field, option), defaultdict[tuple[str, str, tuple[int, int]], list[float]](list)
    versions = _versions(plan)
    for row in rows:
        if row.person and row.outcome == "stated" and (value := number(row)) is not None:
            answers[row.person, row.condition, (row.wording if len(versions) > 1 else 0, row.replicate)].append(value)
    conditions = [condition.name for condition in plan.conditions]
    replicates = [(version, replicate) for version in versions for replicate in range(1, plan.replicates + 1)]
    people = dict.fromkeys(row.person for row in rows if row.person)
    return [
        [[fmean(answers[person, name, replicate]) for replicate in replicates] for name in conditions]
        for person in people
        if all((person, name, replicate) in answers for name in conditions for replicate in replicates)
    ]


def _measures(plan: Plan) -> Iterator[tuple[str, PlannedField, JsonValue]]:
    for (query, _), field in plan.fields.items():
        if not field.is_auxiliary and type_of(field).scale is not None:
            yield from ((query, field, option) for option in measured_options(field))
