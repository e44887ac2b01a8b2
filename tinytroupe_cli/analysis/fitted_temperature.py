"""Fits the temperature of a rating from words to half of some human answers, and checks it with the other half.

Ratings are logged at temperature 1; a fitted temperature is applied to them when results are built, so that fitting
makes no model call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_distributions import entropy
from tinytroupe_cli.analysis.answer_points import expected_value
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.human_data import PlannedFidelity
from tinytroupe_cli.plan.planned_temperature import PlannedTemperatureFit
from tinytroupe_cli.plan.types import Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.temperature_search import Floats

MIN_ANSWERS: Final = 40
"""Human answers below which there is no fit: each half has 20."""


class FittedTemperature(Frozen):
    """The temperature of a rating from words, fitted to half of the people in a file of human answers."""

    measure: str
    """The measure, as `query.field`."""
    data: str
    """The file."""
    column: str
    """Its column."""
    hash: str
    """SHA-256 of the file's text."""
    temperature: float = 1.0
    """The temperature with the smallest distance; 1: nothing was fitted."""
    fitted_on: int = 0
    """People it was fitted to."""
    held_out: int = 0
    """People it was checked with."""
    distance_fitted: float | None = None
    """Kolmogorov-Smirnov distance to the people it was fitted to; too small by chance."""
    distance: float | None = None
    """Distance to the other people."""
    low: float | None = None
    """Lower end of its 95% interval: bootstrap of both sides, percentiles."""
    high: float | None = None
    """Upper end."""
    distance_unfitted: float | None = None
    """Distance to the other people at temperature 1."""
    why_not: str = ""
    """Why nothing was fitted."""


def fitted_temperatures(plan: Plan, rows: Sequence[Observation]) -> list[FittedTemperature]:
    """Return the temperature of each measure that has a fit; `rows` are rated at temperature 1."""
    fields = plan.fields
    return [_fitted(plan, rows, fit, fields[fit.query, fit.field]) for fit in plan.temperature_fits]


def with_temperatures(plan: Plan, rows: Sequence[Observation], found: Sequence[FittedTemperature]) -> list[Observation]:
    """Return the rows with distributions at the fitted temperatures."""
    wanted = {result.measure: result.temperature for result in found if not result.why_not}
    if not wanted:
        return list(rows)
    from tinytroupe_cli.analysis.temperature_search import at_temperatures  # noqa: PLC0415 - loads numpy

    fields, changed = plan.fields, list(rows)
    for place, row in enumerate(rows):
        temperature = wanted.get(f"{row.query}.{row.field}")
        if temperature is None or not row.pmf:
            continue
        pmf = tuple(at_temperatures([row.pmf], [temperature])[0, 0].tolist())
        score = expected_value(fields[row.query, row.field], pmf)
        changed[place] = row.model_copy(update={"pmf": pmf, "score": score, "entropy": entropy(pmf)})
    return changed


def without_fitted_people(plan: Plan) -> tuple[PlannedFidelity, ...]:
    """Return the comparisons with human answers, without those that a temperature of the measure was fitted to."""
    fits = {(fit.query, fit.field, fit.humans.hash): fit for fit in plan.temperature_fits}
    found: list[PlannedFidelity] = []
    for planned in plan.fidelity:
        fit = fits.get((planned.query, planned.field, planned.humans.hash))
        if fit is None:
            found.append(planned)
            continue
        used = set(_halves(plan, fit)[0])
        answers = tuple(None if row in used else answer for row, answer in enumerate(planned.humans.answers))
        found.append(planned.model_copy(update={"humans": planned.humans.model_copy(update={"answers": answers})}))
    return tuple(found)


def _halves(plan: Plan, fit: PlannedTemperatureFit) -> tuple[list[int], list[int]]:
    """Return the rows of the people for fitting, and of the others; drawn at random, once for a measure and a file."""
    rows = [row for row, answer in enumerate(fit.humans.answers) if answer is not None]
    order = Stream(plan.seed, "temperature", fit.query, fit.field, fit.humans.hash).shuffled(rows)
    half = len(order) // 2
    return sorted(order[:half]), sorted(order[half:])


def _fitted(
    plan: Plan, rows: Sequence[Observation], fit: PlannedTemperatureFit, field: PlannedField
) -> FittedTemperature:
    first, second = _halves(plan, fit)
    humans = fit.humans
    blank = FittedTemperature(
        measure=f"{fit.query}.{fit.field}",
        data=humans.data,
        column=humans.column,
        hash=humans.hash,
        fitted_on=len(first),
        held_out=len(second),
    )
    own = [row for row in rows if (row.query, row.field) == (fit.query, fit.field) and row.pmf and not row.is_flat]
    if not own:
        return blank.model_copy(update={"why_not": "no answer was rated"})
    # A run without fits loads no numpy.
    from tinytroupe_cli.analysis.temperature_search import fit_temperature  # noqa: PLC0415

    options = type_of(field).answers(field)
    places = [_place(options, humans.answers[row]) for row in (*first, *second)]
    pmfs, weights = _weighed(plan, own)
    seed = Stream(plan.seed, "temperature bootstrap").integer()
    halves = places[: len(first)], places[len(first) :]
    found: dict[str, Any] = fit_temperature(pmfs, weights, halves, seed=seed)
    return blank.model_copy(update=found)


def _place(options: Sequence[JsonValue], answer: JsonValue) -> int:
    return next(place for place, option in enumerate(options) if is_same(option, answer))


def _weighed(plan: Plan, rows: Sequence[Observation]) -> tuple[Floats, dict[str, list[tuple[int, float]]]]:
    """Return the distributions, and unit -> rows with their shares; a unit counts once, however often it answered."""
    import numpy as np  # noqa: PLC0415

    units, weighed = units_of(plan, "people"), weighed_people(plan)
    weights: Mapping[str, float] = (weighed.weights if weighed else None) or {}
    nested: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, row in enumerate(rows):
        nested[units.unit(row)].append((place, weights.get(row.person, 1.0)))
    shares = {unit: [(place, weight / len(own)) for place, weight in own] for unit, own in nested.items()}
    return np.array([row.pmf for row in rows]), shares
