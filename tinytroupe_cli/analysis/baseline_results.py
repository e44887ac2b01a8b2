"""Puts each measure of a run beside its baselines: distances, contrasts, what a person accounts for, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tinytroupe_cli.analysis.answer_sets import AnswerSet, answer_set
from tinytroupe_cli.analysis.baseline_figures import (
    BootstrapDraws,
    DistanceEstimate,
    baseline_distances,
    contrast_estimate,
    is_same_conclusion,
    person_share,
    primary_distance,
    spreads,
    verdict_of,
)
from tinytroupe_cli.analysis.baseline_result import BaselineContrast, BaselineResult, PersonShare
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.distances import Floats, mean
from tinytroupe_cli.analysis.fidelity_figures import AnswerScale
from tinytroupe_cli.analysis.fidelity_result import FigureName
from tinytroupe_cli.analysis.held_measure import numbers_of, place_among
from tinytroupe_cli.analysis.human_sampling import Sides
from tinytroupe_cli.analysis.measure_values import measured_options, number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.unit_distributions import unit_distributions
from tinytroupe_cli.analysis.units import MIN_UNITS, Units, cell_values, units_of
from tinytroupe_cli.analysis.variance import complete_cells
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.baselines import BaselineKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 2_000
"""Most bootstrap samples."""
PAIRED: frozenset[BaselineKind] = frozenset({"demographics"})
"""Baselines whose people are the simulation's people."""


@dataclass(frozen=True)
class _Beside:
    """One measure of the simulation and of a baseline."""

    plan: Plan
    kind: BaselineKind
    measure: tuple[str, str]
    field: PlannedField
    units: Units
    own: Sequence[Observation]
    other: Sequence[Observation]

    @cached_property
    def draws(self) -> BootstrapDraws:
        """Return how samples are drawn: equally for all baselines of a measure."""
        inference = self.plan.inference
        seed = Stream(self.plan.seed, "baseline", *self.measure).integer()
        return BootstrapDraws(min(DRAWS, inference.resamples), seed, inference.alpha)

    @cached_property
    def weights(self) -> Mapping[str, float] | None:
        """Return people's weights; None: all count the same."""
        weighed = weighed_people(self.plan)
        return weighed.for_figures if weighed else None

    def weight_of(self, unit: str) -> float:
        """Return how much a unit counts."""
        if self.weights is None or unit not in self.units.of.values():
            return 1.0
        return sum(weight for person, weight in self.weights.items() if self.units.of.get(person) == unit)


def baseline_results(
    plan: Plan,
    rows: Sequence[Observation],
    others: Mapping[BaselineKind, Sequence[Observation]],
    compared: Sequence[ComparisonResult],
    fields: Mapping[tuple[str, str], PlannedField],
) -> list[BaselineResult]:
    """Return every measure beside every baseline, baseline by baseline."""
    units = units_of(plan, "people")
    own = {measure: [row for row in rows if (row.query, row.field) == measure] for measure in fields}
    return [
        _result(
            _Beside(
                plan,
                kind,
                measure,
                field,
                units,
                own[measure],
                [row for row in found if (row.query, row.field) == measure],
            ),
            [comparison for comparison in compared if comparison.measure == ".".join(measure)],
        )
        for kind, found in others.items()
        for measure, field in fields.items()
    ]


def _result(beside: _Beside, compared: Sequence[ComparisonResult]) -> BaselineResult:
    blank = BaselineResult(
        baseline=beside.kind,
        measure=".".join(beside.measure),
        unit=beside.units.kind,
        missing=sum(row.outcome != "stated" for row in beside.other),
        alpha=beside.draws.alpha,
    )
    sides = _sides(beside)
    if isinstance(sides, str):
        return blank.model_copy(update={"why_not": sides})
    both, scale = sides
    found = baseline_distances(both, scale, beside.draws)
    contrasts = _contrasts(beside, compared)
    persons = _persons(beside) if beside.kind == "no_persona" else None
    update = {**_figures(both, scale, found), "contrasts": contrasts, "persons": persons}
    update["answers"] = tuple(type_of(beside.field).answers(beside.field))
    if both.simulated.count < MIN_UNITS:
        update["why_not"] = f"fewer than {MIN_UNITS} units: figures, no verdict"
    else:
        is_same = all(contrast.is_same for contrast in contrasts)
        primary = found[primary_distance(scale)]
        update["verdict"] = verdict_of(primary, is_same=is_same, alpha=beside.draws.alpha, people=persons)
    return blank.model_copy(update=update)


def _figures(both: Sides, scale: AnswerScale, found: Mapping[FigureName, DistanceEstimate]) -> dict[str, object]:
    """Return the distances between both sides, and what each is like."""
    name = primary_distance(scale)
    spread = [spreads(side, scale) for side in (both.simulated, both.humans)]
    shares = both.simulated.shares(), both.humans.shares()
    update: dict[str, object] = {
        "n": (both.simulated.count, both.humans.count),
        "figure": name,
        "distance": found[name].value,
        "low": found[name].low,
        "high": found[name].high,
        "means": None if scale.values is None else tuple(float(mean(side, scale.values)) for side in shares),
        "sd": None if spread[0][0] is None else tuple(side[0] for side in spread),
        "entropy": None if spread[0][1] is None else tuple(side[1] for side in spread),
    }
    if scale.has_categories:
        update |= {"simulated": tuple(shares[0].tolist()), "shares": tuple(shares[1].tolist())}
    if "wasserstein" in found:
        distance = found["wasserstein"]
        update |= {"wasserstein": distance.value, "wasserstein_low": distance.low, "wasserstein_high": distance.high}
    return update


def _sides(beside: _Beside) -> tuple[Sides, AnswerScale] | str:
    """Return both sides' answers by their place among the possible ones; else why there are none."""
    field, kind = beside.field, type_of(beside.field)
    options = tuple(kind.answers(field))

    def answers(row: Observation) -> Mapping[float, float] | None:
        if row.pmf:
            return {float(place): share for place, share in enumerate(row.pmf) if share}
        value = place_among(options, row.value) if options else kind.as_number(field, row.value)
        return None if value is None else {float(value): 1.0}

    own = unit_distributions(beside.own, beside.units, answers, beside.weights)
    other = unit_distributions(beside.other, beside.units, answers, beside.weights)
    if not own:
        return "the simulation has no answers"
    if not other:
        return _why_none(beside)
    if options:
        values = numbers_of(field)
        is_ordered = values is not None and kind.shape != "binary"
        places = {float(place): place for place in range(len(options))}
        numbers = None if values is None else np.array(values)
    else:
        numbers = np.array(sorted({value for side in (own, other) for values in side.values() for value in values}))
        is_ordered, places = True, {float(value): place for place, value in enumerate(numbers)}
    scale = AnswerScale(numbers, is_ordered, has_categories=bool(options), width=_width(field, numbers))
    sets = [_set(beside, side, places) for side in (own, other)]
    return Sides(sets[0], _known(sets[1]), _pairs(beside, list(own), list(other))), scale


def _why_none(beside: _Beside) -> str:
    reasons = {row.why for row in beside.other if row.why}
    match beside.kind:
        case "single_prompt" if not beside.other:
            return "one prompt is asked for the shares of a few possible answers; this measure has none"
        case "single_prompt":
            return f"the model gave no distribution: {min(reasons)}" if reasons else "the model gave none"
        case "random":
            return "random answers need a lowest and a highest number"
        case _:
            return "the baseline has no answers"


def _width(field: PlannedField, numbers: Floats | None) -> float:
    if numbers is None:
        return 1.0
    low, high = type_of(field).range(field)
    bounds = (low, high) if np.isfinite([low, high]).all() else (numbers.min(), numbers.max())
    return float(bounds[1] - bounds[0]) or 1.0


def _set(beside: _Beside, side: Mapping[str, Mapping[float, float]], places: Mapping[float, int]) -> AnswerSet:
    units = [[(places[value], mass) for value, mass in own.items()] for own in side.values()]
    return answer_set(units, [beside.weight_of(unit) for unit in side], len(places))


def _known(answers: AnswerSet) -> AnswerSet:
    """Return a set as one unit where all its units have the same distribution: then it is no sample."""
    matrix = answers.matrix()
    if answers.count > 1 and not np.ptp(matrix, axis=0).max():
        return answer_set(
            [[(place, share) for place, share in enumerate(matrix[0].tolist()) if share]], [1.0], answers.size
        )
    return answers


def _pairs(beside: _Beside, own: Sequence[str], other: Sequence[str]) -> NDArray[np.int64]:
    at = {unit: place for place, unit in enumerate(other)}
    pairs = [(place, at[unit]) for place, unit in enumerate(own) if unit in at] if beside.kind in PAIRED else []
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _contrasts(beside: _Beside, compared: Sequence[ComparisonResult]) -> tuple[BaselineContrast, ...]:
    """Return what the baseline says of the comparisons of means or shares between levels of a factor."""
    plain = [
        (result, result.estimate)
        for result in compared
        if result.kind in ("pair", "contrast") and result.estimand == "difference" and result.by in beside.plan.factors
    ]
    return tuple(
        _contrast(beside, result, estimate, tests=len(plain)) for result, estimate in plain if estimate is not None
    )


def _contrast(beside: _Beside, result: ComparisonResult, simulated: float, *, tests: int) -> BaselineContrast:
    conditions = [condition.name for condition in beside.plan.conditions]
    cells = cell_values(beside.other, beside.units, number_of(beside.field, result.option), beside.weights)
    units = list(dict.fromkeys(unit for unit, _ in cells))
    values = np.array([[cells.get((unit, name), np.nan) for name in conditions] for unit in units])
    values = values.reshape(len(units), len(conditions))
    counted = np.array([beside.weight_of(unit) for unit in units])
    found = contrast_estimate(values, _condition_weights(beside.plan, result), counted, beside.draws, tests=tests)
    p = result.p if result.p_corrected is None else result.p_corrected
    is_shown = p is not None and p < result.alpha
    return BaselineContrast(
        by=result.by,
        levels=result.levels,
        option=result.option,
        simulated=simulated,
        is_shown=is_shown,
        baseline=found.estimate,
        low=found.low,
        high=found.high,
        is_same=is_same_conclusion(simulated, found, is_shown=is_shown),
    )


def _condition_weights(plan: Plan, result: ComparisonResult) -> Floats:
    """Return each condition's weight in a contrast: conditions of one level share its weight."""
    of_level = result.weights or (-1.0, 1.0)
    found = np.zeros(len(plan.conditions))
    for level, weight in zip(result.levels, of_level, strict=False):
        inside = [
            place
            for place, condition in enumerate(plan.conditions)
            if is_same(condition.levels.get(result.by), level)
            and all(is_same(condition.levels.get(name), other) for name, other in result.at.items())
        ]
        for place in inside:
            found[place] += weight / len(inside)
    return found


def _persons(beside: _Beside) -> PersonShare:
    """Return how far the simulation's answers depend on the person; nothing where people are not independent."""
    plan = beside.plan
    if beside.units.kind != "person" or plan.design != "within":
        return PersonShare()
    conditions = [condition.name for condition in plan.conditions]
    columns = [
        complete_cells(plan, beside.own, beside.field, option, units=beside.units, conditions=conditions)
        for option in measured_options(beside.field)
    ]
    values = np.array(columns, dtype=np.float64)
    return person_share(np.moveaxis(values, 0, -1), beside.draws.alpha) if values.ndim > 3 else PersonShare()  # noqa: PLR2004 - none complete
