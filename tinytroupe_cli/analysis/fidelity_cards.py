"""One measure held against human answers: makes the two sets of answers, and asks each figure of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_sets import Whole, answer_set
from tinytroupe_cli.analysis.attribute_ceiling import attribute_ceiling
from tinytroupe_cli.analysis.distances import Floats, mean
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale, FidelityFigures, figure_functions
from tinytroupe_cli.analysis.fidelity_groups import Level, contrasts, subgroups
from tinytroupe_cli.analysis.fidelity_result import FidelityResult, MeasureCorrelation
from tinytroupe_cli.analysis.held_measure import (
    MIN_HUMANS,
    MIN_UNITS,
    Held,
    blank_result,
    numbers_of,
    place_among,
)
from tinytroupe_cli.analysis.human_sampling import Sides
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.twin_agreement import Twins, agreements
from tinytroupe_cli.analysis.unit_distributions import unit_distributions
from tinytroupe_cli.fields.field_types import type_of

DRAWS = 2_000
"""Most bootstrap samples of one card."""
GRID = 101
"""Points of a number's range at which equal shares are laid out."""
MIN_CORRELATED = 6
KeyT = TypeVar("KeyT", str, int)
NumberT = TypeVar("NumberT", int, float)


@dataclass(frozen=True, slots=True)
class _Answers:
    """Both sides' answers by their place among the possible ones."""

    sides: Sides
    scale: AnswerScale
    names: tuple[str, ...]
    """The simulated units."""
    rows: tuple[int, ...]
    """The rows of the file that have an answer."""
    options: tuple[JsonValue, ...]


def card(held: Held) -> FidelityResult:
    """Return all figures of one measure."""
    alpha = held.plan.inference.alpha
    humans = held.planned.humans
    stated = {row.person for row in held.rows if row.outcome == "stated"}
    blank = blank_result(held.planned).model_copy(
        update={
            "unit": held.units.kind,
            "alpha": alpha,
            "missing": (
                sum(row.outcome != "stated" for row in held.rows),
                sum(value is None for value in humans.answers),
            ),
        }
    )
    both = _answers(held, held.rows)
    if both is None:
        why = "no simulated answers" if not stated else "no human answers"
        return blank.model_copy(update={"why_not": why})
    draws = min(DRAWS, held.plan.inference.resamples)
    found = FidelityFigures(both.sides, both.scale, draws, held.seed, alpha)
    simulated, human = found.shares
    few = _too_few(both.sides)
    values = both.scale.values
    update: dict[str, object] = {
        "n": (both.sides.simulated.count, both.sides.humans.count),
        "effective_n": _effective(both.sides.humans.weight) if humans.weights else None,
        "answers": both.options,
        "simulated": tuple(simulated.tolist()) if both.options else (),
        "human": tuple(human.tolist()) if both.options else (),
        "means": None if values is None else (float(mean(simulated, values)), float(mean(human, values))),
        "primary": both.scale.primary,
        "figures": found.figures(),
        "ceiling_size": found.halves.size,
        "verdicts": () if few else found.verdicts(),
        "why_not": few,
        "attribute_ceiling": attribute_ceiling(humans, held.seed) if humans.attributes else None,
    }
    return blank.model_copy(update={**update, **_of_twins(held, both, draws), **_of_groups(held, both, draws)})


def with_correlations(found: Sequence[FidelityResult], held: Sequence[Held]) -> list[FidelityResult]:
    """Add each measure's correlations with the later measures of the same data."""
    by_measure = {(f"{entry.planned.query}.{entry.planned.field}", entry.planned.humans.hash): entry for entry in held}
    made: list[FidelityResult] = []
    for place, result in enumerate(found):
        own = by_measure.get((result.measure, result.hash))
        pairs = [
            (later.measure, by_measure[later.measure, later.hash])
            for later in found[place + 1 :]
            if later.hash == result.hash and later.figures and later.measure != result.measure
        ]
        kept = [one for name, other in pairs if own is not None and (one := _correlated(name, own, other))]
        gap = float(np.mean([abs(correlation.simulated - correlation.human) for correlation in kept])) if kept else None
        made.append(result.model_copy(update={"correlations": tuple(kept), "correlation_gap": gap}))
    return made


def _answers(held: Held, rows: Sequence[Observation]) -> _Answers | None:
    """Return both sides; None where one is empty."""
    kind, field = type_of(held.field), held.field
    options = tuple(kind.answers(field))
    if options:
        return _in_order(held, rows, options)
    simulated = unit_distributions(rows, held.units, lambda row: _alone(kind.as_number(field, row.value)), held.weights)
    numbers = [kind.as_number(field, value) if value is not None else None for value in held.planned.humans.answers]
    all_numbers = [number for number in numbers if number is not None]
    every = {number for own in simulated.values() for number in own} | set(all_numbers)
    if not simulated or not all_numbers:
        return None
    low, high = (
        bound if np.isfinite(bound) else edge
        for bound, edge in zip(kind.range(field), (min(every), max(every)), strict=True)
    )
    values = np.unique(np.array([*every, *np.linspace(low, high, GRID)]))
    scale = AnswerScale(values, is_ordered=True, has_categories=False, width=float(high - low) or 1.0)
    at = {float(value): place for place, value in enumerate(values)}
    units = {name: [(at[number], mass) for number, mass in own.items()] for name, own in simulated.items()}
    places = [None if number is None else at[number] for number in numbers]
    return _sides(held, units, places, scale, ())


def _in_order(held: Held, rows: Sequence[Observation], options: tuple[JsonValue, ...]) -> _Answers | None:
    simulated = unit_distributions(rows, held.units, lambda row: _places(row, options), held.weights)
    places = [None if value is None else place_among(options, value) for value in held.planned.humans.answers]
    if not simulated or not any(place is not None for place in places):
        return None
    numbers = numbers_of(held.field)
    is_ordered = numbers is not None and type_of(held.field).shape != "binary"
    values = None if numbers is None else np.array(numbers)
    width = 1.0 if values is None else float(values.max() - values.min())
    scale = AnswerScale(values, is_ordered, has_categories=True, width=width)
    units = {name: list(own.items()) for name, own in simulated.items()}
    return _sides(held, units, places, scale, options)


def _places(row: Observation, options: Sequence[JsonValue]) -> Mapping[int, float] | None:
    """Return the places of a row's answers among the options, with their shares."""
    if row.pmf:
        return {place: share for place, share in enumerate(row.pmf) if share}
    return _alone(place_among(options, row.value))


def _alone(value: NumberT | None) -> Mapping[NumberT, float] | None:
    return None if value is None else {value: 1.0}


def _sides(
    held: Held,
    units: Mapping[str, Sequence[tuple[int, float]]],
    places: Sequence[int | None],
    scale: AnswerScale,
    options: tuple[JsonValue, ...],
) -> _Answers:
    size = len(options) if options else 0 if scale.values is None else len(scale.values)
    rows = tuple(row for row, place in enumerate(places) if place is not None)
    weights = held.planned.humans.weights or (1.0,) * len(places)
    humans = answer_set([[(place, 1.0)] for place in places if place is not None], [weights[row] for row in rows], size)
    simulated = answer_set(list(units.values()), [held.weight_of(unit) for unit in units], size)
    at = {name: number for number, name in enumerate(units)}
    pairs = [
        (at[held.twins[row]], number) for number, row in enumerate(rows) if row in held.twins and held.twins[row] in at
    ]
    twins: Whole = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return _Answers(Sides(simulated, humans, twins), scale, tuple(units), rows, options)


def _too_few(sides: Sides) -> str:
    if sides.humans.count < MIN_HUMANS:
        return f"fewer than {MIN_HUMANS} people: figures, no verdict"
    if sides.simulated.count < MIN_UNITS:
        return f"fewer than {MIN_UNITS} simulated units: figures, no verdict"
    return ""


def _effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / np.square(weights).sum())


def _of_twins(held: Held, both: _Answers, draws: int) -> dict[str, object]:
    pairs = both.sides.twins
    if not len(pairs):
        return {}
    humans = held.planned.humans
    human_places = both.sides.humans.answer[np.argsort(both.sides.humans.unit)]
    again = [_retest_place(held, both, both.rows[int(person)]) for person in pairs[:, 1]]
    twins = Twins(
        both.sides.simulated.matrix()[pairs[:, 0]],
        human_places[pairs[:, 1]],
        np.array(again if humans.retest else [-1] * len(pairs), dtype=np.int64),
        both.sides.humans.weight[pairs[:, 1]],
    )
    values = both.scale.values if both.scale.is_ordered else None
    return {
        "twins": len(pairs),
        "agreements": agreements(
            twins,
            values,
            has_categories=both.scale.has_categories,
            draws=draws,
            seed=held.seed,
            alpha=held.plan.inference.alpha,
        ),
    }


def _retest_place(held: Held, both: _Answers, row: int) -> int:
    retest = held.planned.humans.retest
    value = retest[row] if retest else None
    if value is None:
        return -1
    if both.options:
        place = place_among(both.options, value)
        return -1 if place is None else place
    number = type_of(held.field).as_number(held.field, value)
    values = both.scale.values
    return -1 if number is None or values is None else int(np.argmin(np.abs(values - number)))


def _of_groups(held: Held, both: _Answers, draws: int) -> dict[str, object]:
    """Return contrasts between the levels of `by`, and the group of people that is furthest off."""
    by = held.planned.factor or held.planned.attribute
    if not by:
        return {}
    written = held.planned.humans.groups
    levels: dict[str, Level] = {}
    for name, (conditions, people) in held.levels.items():
        rows = [row for row in held.rows if row.condition in conditions and row.person in people]
        own = _answers(held, rows)
        humans = np.array([written[row] == name for row in (own.rows if own else ())], dtype=bool)
        if own is not None and humans.any():
            levels[name] = Level(own.sides.simulated, own.sides.humans.only(humans), own.scale.values)
    found: dict[str, object] = {
        "contrasts": contrasts(levels, both.options, draws=draws, seed=held.seed, alpha=held.plan.inference.alpha)
    }
    if held.planned.attribute and held.units.kind == "person":
        names = list(held.levels)
        of_person = {person: number for number, (_, people) in enumerate(held.levels.values()) for person in people}
        groups = (
            np.array([of_person.get(name, -1) for name in both.names]),
            np.array([names.index(written[row]) if written[row] in names else -1 for row in both.rows]),
        )
        distance = figure_functions(both.scale)[both.scale.primary]
        found["subgroups"] = subgroups(by, both.sides, names, groups, distance, seed=held.seed)
    return found


def _correlated(name: str, first: Held, second: Held) -> MeasureCorrelation | None:
    """Return the correlation of two measures on both sides; None where one has no numbers or no variance."""
    simulated = _correlation(_unit_scores(first), _unit_scores(second))
    human = _correlation(_row_scores(first), _row_scores(second))
    if simulated is None or human is None:
        return None
    return MeasureCorrelation(measure=name, simulated=simulated, human=human)


def _correlation(first: Mapping[KeyT, float], second: Mapping[KeyT, float]) -> float | None:
    shared = [key for key in first if key in second]
    pair = np.array([[column[key] for key in shared] for column in (first, second)])
    if len(shared) < MIN_CORRELATED or (pair.std(axis=1) == 0).any():
        return None
    return float(np.corrcoef(pair)[0, 1])


def _unit_scores(held: Held) -> dict[str, float]:
    both = _answers(held, held.rows)
    if both is None or both.scale.values is None:
        return {}
    return dict(zip(both.names, both.sides.simulated.scores(both.scale.values).tolist(), strict=True))


def _row_scores(held: Held) -> dict[int, float]:
    both = _answers(held, held.rows)
    if both is None or both.scale.values is None:
        return {}
    return dict(zip(both.rows, both.sides.humans.scores(both.scale.values).tolist(), strict=True))
