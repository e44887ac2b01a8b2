"""One measure held against human answers: asks each figure of the two sets of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from tinytroupe_cli.analysis.answer_sets import AnswerSet
from tinytroupe_cli.analysis.attribute_ceiling import attribute_ceiling
from tinytroupe_cli.analysis.distances import Floats, mean
from tinytroupe_cli.analysis.fidelity_answers import Baselines, BothAnswers, both_answers
from tinytroupe_cli.analysis.fidelity_figures import FidelityFigures, figure_functions
from tinytroupe_cli.analysis.fidelity_groups import ComparedLevel, contrasts, subgroups
from tinytroupe_cli.analysis.fidelity_result import FidelityResult, MeasureCorrelation
from tinytroupe_cli.analysis.held_measure import (
    MIN_HUMANS,
    MIN_UNITS,
    Held,
    blank_result,
    place_among,
)
from tinytroupe_cli.analysis.human_sampling import Sides
from tinytroupe_cli.analysis.raking import effective_size
from tinytroupe_cli.analysis.twin_agreement import Twins, agreements
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.spec.baselines import BaselineKind

DRAWS = 2_000
"""Most bootstrap samples of one card."""
MIN_CORRELATED = 6
KeyT = TypeVar("KeyT", str, int)
Scores = Mapping[KeyT, tuple[float, float]]
"""Unit -> its mean value, and its weight."""


SHOWN: tuple[BaselineKind, ...] = ("demographics", "no_persona", "single_prompt")
"""Baselines that are shown; uniform and majority are computed here, from the human answers."""


def card(held: Held, baselines: Baselines | None = None) -> FidelityResult:
    """Return all figures of one measure; `baselines`: rows of what was simulated less."""
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
    both = both_answers(held, held.rows, {kind: (baselines or {}).get(kind, ()) for kind in SHOWN})
    if both is None:
        why = "no simulated answers" if not stated else "no human answers"
        return blank.model_copy(update={"why_not": why})
    draws = min(DRAWS, held.plan.inference.resamples)
    found = FidelityFigures(both.sides, both.scale, draws, held.seed, alpha, both.baselines)
    simulated, human = found.shares
    few = _too_few(both.sides)
    values = both.scale.values
    update: dict[str, object] = {
        "n": (both.sides.simulated.count, both.sides.humans.count),
        "effective_n": effective_size(both.sides.humans.weight) if humans.weights else None,
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


def _too_few(sides: Sides) -> str:
    if sides.humans.count < MIN_HUMANS:
        return f"fewer than {MIN_HUMANS} people: figures, no verdict"
    if sides.simulated.count < MIN_UNITS:
        return f"fewer than {MIN_UNITS} simulated units: figures, no verdict"
    return ""


def _of_twins(held: Held, both: BothAnswers, draws: int) -> dict[str, object]:
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


def _retest_place(held: Held, both: BothAnswers, row: int) -> int:
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


def _of_groups(held: Held, both: BothAnswers, draws: int) -> dict[str, object]:
    """Return contrasts between the levels of `by`, and the group of people that is furthest off."""
    by = held.planned.factor or held.planned.attribute
    if not by:
        return {}
    written = held.planned.humans.groups
    levels: dict[str, ComparedLevel] = {}
    for name, (conditions, people) in held.levels.items():
        rows = [row for row in held.rows if row.condition in conditions and row.person in people]
        own = both_answers(held, rows)
        humans = np.array([written[row] == name for row in (own.rows if own else ())], dtype=bool)
        if own is not None and humans.any():
            levels[name] = ComparedLevel(own.sides.simulated, own.sides.humans.only(humans), own.scale.values)
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
    simulated = weighted_correlation(_unit_scores(first), _unit_scores(second))
    human = weighted_correlation(_row_scores(first), _row_scores(second))
    if simulated is None or human is None:
        return None
    return MeasureCorrelation(measure=name, simulated=simulated, human=human)


def weighted_correlation(first: Scores[KeyT], second: Scores[KeyT]) -> float | None:
    """Return the correlation of units that have both values, with the weights of the first; None: too few, or alike."""
    shared = [key for key in first if key in second and first[key][1] > 0]
    pair = np.array([[column[key][0] for key in shared] for column in (first, second)])
    if len(shared) < MIN_CORRELATED or (pair.std(axis=1) == 0).any():
        return None
    moments = np.cov(pair, aweights=[first[key][1] for key in shared])
    return float(moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1]))


def _unit_scores(held: Held) -> Scores[str]:
    both = both_answers(held, held.rows)
    return {} if both is None else _weighted_scores(both.names, both.sides.simulated, both.scale.values)


def _row_scores(held: Held) -> Scores[int]:
    both = both_answers(held, held.rows)
    return {} if both is None else _weighted_scores(both.rows, both.sides.humans, both.scale.values)


def _weighted_scores(names: Sequence[KeyT], side: AnswerSet, values: Floats | None) -> Scores[KeyT]:
    if values is None:
        return {}
    scored = zip(side.scores(values).tolist(), side.weight.tolist(), strict=True)
    return dict(zip(names, scored, strict=True))
