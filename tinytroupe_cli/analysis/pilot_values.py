"""The answers of a pilot run's people to one measure, at the levels of a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.measure_values import number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.types import Plan

PilotCells = list[list[list[list[float]]]]
"""Person x level x condition x replicate."""


def pilot_values(pilot: Plan, rows: Sequence[Observation], question: Question, *, is_within: bool) -> PilotCells:
    """Return the values of everyone who answered in each of their conditions and replicates.

    Within: both levels of a person. Between: the level that each person was assigned to, with the level's mean moved
    to the mean of both, so that people of different levels can be drawn together.
    """
    number = number_of(question.field, question.option)
    answers = defaultdict[tuple[str, str, int], list[float]](list)
    for row in rows:
        is_measure = (row.query, row.field) == (question.planned.query, question.field.name)
        if is_measure and row.person and row.outcome == "stated" and (value := number(row)) is not None:
            answers[row.person, row.condition, row.replicate].append(value)
    means = {cell: fmean(values) for cell, values in answers.items()}
    sides = [_complete(means, conditions, pilot.replicates) for conditions in question.conditions]
    if is_within:
        shared = [person for person in sides[0] if person in sides[1]]
        return [[sides[0][person], sides[1][person]] for person in shared]
    return [[person] for side in _at_one_height(sides) for person in side]


def _complete(
    means: dict[tuple[str, str, int], float], conditions: Sequence[str], replicates: int
) -> dict[str, list[list[float]]]:
    """Return person -> condition x replicate, of the people with most conditions at a level."""
    found: dict[str, list[list[float]]] = {}
    for person in dict.fromkeys(person for person, _, _ in means):
        cells = [[means.get((person, name, number)) for number in range(1, replicates + 1)] for name in conditions]
        whole = [[value for value in cell if value is not None] for cell in cells]
        if own := [cell for cell in whole if len(cell) == replicates]:
            found[person] = own
    most = max((len(own) for own in found.values()), default=0)
    return {person: own for person, own in found.items() if len(own) == most}


def _at_one_height(sides: Sequence[dict[str, list[list[float]]]]) -> list[list[list[list[float]]]]:
    """Return each level's people; values that are not all 0 or 1 are moved so that both levels have the same mean."""
    flat = [[value for own in side.values() for cell in own for value in cell] for side in sides]
    every = [value for values in flat for value in values]
    if not every or set(every) <= {0.0, 1.0}:
        return [list(side.values()) for side in sides]
    grand = fmean(every)
    shifts = [grand - fmean(values) if values else 0.0 for values in flat]
    return [
        [[[value + shift for value in cell] for cell in own] for own in side.values()]
        for side, shift in zip(sides, shifts, strict=True)
    ]
