"""Best-worst tasks: how often each option was best and worst, and a logit of the choices, for each condition."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import not_
from typing import TYPE_CHECKING, Any

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS, UnitKind, Units, units_of
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.fields.maxdiff import choices
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.best_worst_logit import BestWorstChoices


class BestWorstOption(Frozen):
    """One option of a best-worst task."""

    option: JsonValue
    """The option."""
    shown: int
    """Sets it was in."""
    best: int
    """Times it was the best."""
    worst: int
    """Times it was the worst."""
    utility: float | None = None
    """Its utility in a conditional logit of the choices; the mean over options is 0."""
    low: float | None = None
    """Lower end of the utility's interval at 1 - `inference.alpha` (t with errors clustered by person)."""
    high: float | None = None
    """Upper end."""
    preferred: float | None = None
    """How often it would be the best of all options, according to the logit."""


class BestWorstFigures(Frozen):
    """What a best-worst task shows, in one condition or in all together; scores are in `summaries`."""

    measure: str
    """The measure, as `query.field`."""
    condition: str = ""
    """Name of the condition; empty: all conditions."""
    n: int = 0
    """Number of independent units."""
    units: UnitKind = "person"
    """What they are: people, groups of people who talked, or replicates."""
    sets: int = 0
    """Sets that were answered."""
    options: tuple[BestWorstOption, ...] = ()
    """The options, as written."""
    alpha: float = 0.05
    """1 minus the level of confidence."""
    why_not: str = Field(default="", exclude_if=not_)
    """Why there are no utilities."""


def best_worst_tasks(plan: Plan, rows: Sequence[Observation]) -> Iterator[BestWorstFigures]:
    """Yield the figures of each best-worst task, over all conditions and, if there are several, for each."""
    conditions = ["", *(condition.name for condition in plan.conditions if len(plan.conditions) > 1)]
    units, weighed = units_of(plan, plan.inference.about), weighed_people(plan)
    weights = weighed.for_figures if weighed and units.kind != "replicate" else None
    for (query, _), field in plan.fields.items():
        if field.kind == "maxdiff":
            own = [row for row in rows if (row.query, row.field) == (query, field.name) and row.outcome == "stated"]
            for condition in conditions:
                told = [row for row in own if condition in {"", row.condition}]
                blank = BestWorstFigures(
                    measure=f"{query}.{field.name}", condition=condition, alpha=plan.inference.alpha
                )
                yield blank.model_copy(update=_figures(field, told, units, weights, plan.inference.alpha))


def _figures(
    field: PlannedField,
    rows: Sequence[Observation],
    units: Units,
    weights: Mapping[str, float] | None,
    alpha: float,
) -> dict[str, Any]:
    sets = [one for row in rows for one in choices(row.value)]
    best, worst = Counter(one[0] for one in sets), Counter(one[1] for one in sets)
    shown = Counter(name for one in sets for name in one[2])
    names = [label(option) for option in field.options]
    options = [BestWorstOption(option=name, shown=shown[name], best=best[name], worst=worst[name]) for name in names]
    found: dict[str, Any] = {
        "n": len({units.unit(row) for row in rows}),
        "units": units.kind,
        "sets": len(sets),
        "options": tuple(options),
    }
    if found["n"] < MIN_UNITS:
        return {**found, "why_not": f"fewer than {MIN_UNITS} units: no utilities"}
    return {**found, **_with_utilities(options, _arrays(rows, names, units, weights), found["n"], alpha)}


def _with_utilities(
    options: Sequence[BestWorstOption], asked: BestWorstChoices, n: int, alpha: float
) -> dict[str, Any]:
    # A run without best-worst tasks loads neither numpy nor scipy.
    from tinytroupe_cli.analysis.best_worst_logit import best_worst_utilities  # noqa: PLC0415
    from tinytroupe_cli.analysis.differences import student  # noqa: PLC0415

    found = best_worst_utilities(asked, len(options))
    if found is None:
        return {"why_not": "some option was always or never chosen, so that its utility has no limit: see the counts"}
    figures = zip(options, found.values.tolist(), found.errors.tolist(), found.shares.tolist(), strict=True)
    told = [
        option.model_copy(
            update={
                "utility": value,
                **student(value, error, n - 1, alpha, math.inf)._asdict(),
                "preferred": share,
            }
        )
        for option, value, error, share in figures
    ]
    return {"options": tuple(told)}


def _arrays(
    rows: Sequence[Observation], names: Sequence[str], units: Units, weights: Mapping[str, float] | None
) -> BestWorstChoices:
    import numpy as np  # noqa: PLC0415

    from tinytroupe_cli.analysis.best_worst_logit import BestWorstChoices  # noqa: PLC0415

    at = {name: place for place, name in enumerate(names)}
    unit_at = {unit: number for number, unit in enumerate(dict.fromkeys(units.unit(row) for row in rows))}
    sets = [(row, one) for row in rows for one in choices(row.value)]
    return BestWorstChoices(
        options=np.array([[at[name] for name in shown] for _, (_, _, shown) in sets], dtype=np.int64),
        best=np.array([shown.index(best) for _, (best, _, shown) in sets], dtype=np.int64),
        worst=np.array([shown.index(worst) for _, (_, worst, shown) in sets], dtype=np.int64),
        person=np.array([unit_at[units.unit(row)] for row, _ in sets], dtype=np.int64),
        weight=np.array([1.0 if weights is None else weights.get(row.person, 1.0) for row, _ in sets]),
    )
