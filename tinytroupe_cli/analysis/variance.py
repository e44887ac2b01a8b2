"""Where the variance of each measure is, and whether answers follow the persona or the model's noise.

For people who answer alone, of people; else of groups, whose people's answers are averaged. In a between design, they
are nested in the cells that they were assigned to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from pydantic import JsonValue

from tinytroupe_cli.analysis.measure_values import measured_options, number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, Units, units_of
from tinytroupe_cli.analysis.variance_result import VarianceResult
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.types import Plan


def variances(plan: Plan, rows: Sequence[Observation]) -> list[VarianceResult]:
    """Return the variance of each measure, where each person (or group) has several answers."""
    units = units_of(plan, "people")
    cells = _cells(plan, units)
    if plan.replicates * len(_versions(plan)) * len(plan.conditions) == 1:
        return []
    seed = Stream(plan.seed, "analysis", "variance").integer()
    found: list[VarianceResult] = []
    for query, field, option in _measures(plan):
        own = [row for row in rows if (row.query, row.field) == (query, field.name)]
        blank = VarianceResult(
            measure=f"{query}.{field.name}",
            option=option,
            unit="person" if units.kind == "person" else "group",
            conditions=max((len(cell) for cell in cells), default=1),
            replicates=plan.replicates,
            wordings=len(_versions(plan)),
            alpha=plan.inference.alpha,
        )
        answers = [complete_cells(plan, own, field, option, units=units, conditions=cell) for cell in cells]
        asked = len({units.of[row.person] for row in own if row.person})
        used = sum(map(len, answers))
        blank = blank.model_copy(update={"people": used, "left_out": asked - used})
        found.append(blank.model_copy(update=_estimates(plan, cells, answers, seed, noun=_NOUNS[blank.unit])))
    return found


_NOUNS = {"person": "people", "group": "groups of people"}


def _cells(plan: Plan, units: Units) -> list[tuple[str, ...]]:
    """Return the conditions that units were in, once for each set of units that were in the same ones."""
    met: dict[str, list[str]] = defaultdict(list)
    for trial in (part.trial for whole in plan.trials for part in parts_of(whole)):
        for unit in dict.fromkeys(units.of[member.id] for member in trial.people):
            met[unit] += [] if trial.condition in met[unit] else [trial.condition]
    order = [condition.name for condition in plan.conditions]
    found = dict.fromkeys(tuple(sorted(own, key=order.index)) for own in met.values())
    return sorted(found, key=lambda cell: order.index(cell[0]))


def _estimates(
    plan: Plan,
    cells: Sequence[tuple[str, ...]],
    answers: Sequence[list[list[list[float]]]],
    seed: int,
    *,
    noun: str,
) -> dict[str, Any]:
    least = min((len(cell) for cell in answers), default=0)
    if plan.replicates * len(_versions(plan)) * max((len(cell) for cell in cells), default=1) == 1:
        return {"why_not": f"all {noun} answer only once; with `replicates: 2`, {noun} and noise can be told apart"}
    if len(cells) > 1 and len(_versions(plan)) > 1:
        return {"why_not": "with crossed wordings, only designs in which everyone is in all conditions are split"}
    if len({len(cell) for cell in cells}) > 1:
        return {"why_not": f"not all {noun} were in the same number of conditions"}
    if least < MIN_UNITS:
        where = " of each condition" if len(cells) > 1 else ""
        return {"why_not": f"fewer than {MIN_UNITS} {noun}{where} answered in every cell"}
    # A run of a few people loads no numpy.
    from tinytroupe_cli.analysis import variance_estimates as estimates  # noqa: PLC0415

    if len(cells) > 1:
        return estimates.estimated_in_cells(answers, (cells[0][0], cells[-1][-1]), plan.inference, seed)
    return estimates.estimated(answers[0], cells[0], plan.inference, seed, wordings=len(_versions(plan)))


def _versions(plan: Plan) -> Sequence[int]:
    """Return the wordings that everyone meets; 0 alone where people meet one each."""
    is_crossed = plan.wordings is not None and plan.wordings.cross == "all"
    return range(1, plan.wordings.count + 1) if plan.wordings and is_crossed else (0,)


def complete_cells(
    plan: Plan,
    rows: Sequence[Observation],
    field: PlannedField,
    option: JsonValue,
    *,
    units: Units,
    conditions: Sequence[str],
) -> list[list[list[float]]]:
    """Return unit x condition x replicate, the mean of samples and of a group's people, of all units with all of them.

    Where everyone meets several wordings, the replicates of the first come first, then those of the second.
    """
    number, answers = number_of(field, option), defaultdict[tuple[str, str, tuple[int, int]], list[float]](list)
    versions = _versions(plan)
    for row in rows:
        if row.person and row.outcome == "stated" and (value := number(row)) is not None:
            version = row.wording if len(versions) > 1 else 0
            answers[units.of[row.person], row.condition, (version, row.replicate)].append(value)
    replicates = [(version, replicate) for version in versions for replicate in range(1, plan.replicates + 1)]
    return [
        [[fmean(answers[unit, name, replicate]) for replicate in replicates] for name in conditions]
        for unit in dict.fromkeys(units.of[row.person] for row in rows if row.person)
        if all((unit, name, replicate) in answers for name in conditions for replicate in replicates)
    ]


def _measures(plan: Plan) -> Iterator[tuple[str, PlannedField, JsonValue]]:
    for (query, _), field in plan.fields.items():
        if not field.is_auxiliary and type_of(field).scale is not None:
            yield from ((query, field, option) for option in measured_options(field))
