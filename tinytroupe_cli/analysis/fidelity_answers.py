"""A measure's simulated and human answers, and those of baselines, by their place among the possible ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_sets import AnswerSet, CountArray, answer_set
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale
from tinytroupe_cli.analysis.held_measure import Held, numbers_of, place_among
from tinytroupe_cli.analysis.human_sampling import Sides
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.unit_distributions import unit_distributions
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.spec.baselines import BaselineKind

GRID = 101
"""Points of a number's range at which equal shares are laid out."""
Baselines = Mapping[BaselineKind, Sequence[Observation]]
UnitAnswers = Mapping[str, Sequence[tuple[int, float]]]
"""Unit -> the places of its answers, with their shares."""
NumberT = TypeVar("NumberT", int, float)


@dataclass(frozen=True, slots=True)
class BothAnswers:
    """Both sides' answers by their place among the possible ones."""

    sides: Sides
    scale: AnswerScale
    names: tuple[str, ...]
    """The simulated units."""
    rows: tuple[int, ...]
    """The rows of the file that have an answer."""
    options: tuple[JsonValue, ...]
    baselines: Mapping[BaselineKind, AnswerSet]


def both_answers(held: Held, rows: Sequence[Observation], baselines: Baselines | None = None) -> BothAnswers | None:
    """Return both sides; None where one is empty."""
    kind, field = type_of(held.field), held.field
    options = tuple(kind.answers(field))
    others = dict(baselines or {})
    if options:
        return _in_order(held, rows, others, options)
    simulated, *apart = (
        unit_distributions(answers, held.units, lambda row: _alone(kind.as_number(field, row.value)), held.weights)
        for answers in (rows, *others.values())
    )
    numbers = [kind.as_number(field, value) if value is not None else None for value in held.planned.humans.answers]
    all_numbers = [number for number in numbers if number is not None]
    every = {number for side in (simulated, *apart) for own in side.values() for number in own} | set(all_numbers)
    if not simulated or not all_numbers:
        return None
    low, high = (
        bound if np.isfinite(bound) else edge
        for bound, edge in zip(kind.range(field), (min(every), max(every)), strict=True)
    )
    values = np.unique(np.array([*every, *np.linspace(low, high, GRID)]))
    scale = AnswerScale(values, is_ordered=True, has_categories=False, width=float(high - low) or 1.0)
    at = {float(value): place for place, value in enumerate(values)}
    units, *apart = (
        {name: [(at[number], mass) for number, mass in own.items()] for name, own in side.items()}
        for side in (simulated, *apart)
    )
    places = [None if number is None else at[number] for number in numbers]
    return _sides(held, units, places, scale, dict(zip(others, apart, strict=True)))


def _in_order(
    held: Held, rows: Sequence[Observation], baselines: Baselines, options: tuple[JsonValue, ...]
) -> BothAnswers | None:
    simulated, *apart = (
        unit_distributions(answers, held.units, lambda row: _places(row, options), held.weights)
        for answers in (rows, *baselines.values())
    )
    places = [None if value is None else place_among(options, value) for value in held.planned.humans.answers]
    if not simulated or not any(place is not None for place in places):
        return None
    numbers = numbers_of(held.field)
    is_ordered = numbers is not None and type_of(held.field).shape != "binary"
    values = None if numbers is None else np.array(numbers)
    width = 1.0 if values is None else float(values.max() - values.min())
    scale = AnswerScale(values, is_ordered, has_categories=True, width=width)
    units, *apart = ({name: list(own.items()) for name, own in side.items()} for side in (simulated, *apart))
    return _sides(held, units, places, scale, dict(zip(baselines, apart, strict=True)))


def _places(row: Observation, options: Sequence[JsonValue]) -> Mapping[int, float] | None:
    """Return the places of a row's answers among the options, with their shares."""
    if row.pmf:
        return {place: share for place, share in enumerate(row.pmf) if share}
    return _alone(place_among(options, row.value))


def _alone(value: NumberT | None) -> Mapping[NumberT, float] | None:
    return None if value is None else {value: 1.0}


def _sides(
    held: Held,
    units: UnitAnswers,
    places: Sequence[int | None],
    scale: AnswerScale,
    baselines: Mapping[BaselineKind, UnitAnswers],
) -> BothAnswers:
    options = tuple(type_of(held.field).answers(held.field))
    size = len(options) if options else 0 if scale.values is None else len(scale.values)
    rows = tuple(row for row, place in enumerate(places) if place is not None)
    weights = held.planned.humans.weights or (1.0,) * len(places)
    humans = answer_set([[(place, 1.0)] for place in places if place is not None], [weights[row] for row in rows], size)
    simulated, *apart = (
        answer_set(list(side.values()), [held.weight_of(unit) for unit in side], size)
        for side in (units, *baselines.values())
    )
    at = {name: number for number, name in enumerate(units)}
    pairs = [
        (at[held.twins[row]], number) for number, row in enumerate(rows) if row in held.twins and held.twins[row] in at
    ]
    twins: CountArray = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    others: dict[BaselineKind, AnswerSet] = {kind: one for kind, one in zip(baselines, apart, strict=True) if one.count}
    return BothAnswers(Sides(simulated, humans, twins), scale, tuple(units), rows, options, others)
