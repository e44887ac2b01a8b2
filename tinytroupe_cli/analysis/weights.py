"""Weights of a plan's people: raked to the margins that `weights` names, and what they cost in precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from operator import not_
from typing import TYPE_CHECKING, Final

from pydantic import Field

from tinytroupe_cli.analysis.weight_levels import (
    WeightProblem,
    base_problems,
    base_weights,
    level_problems,
    levels_of_people,
)
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.types import CastMember, Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.raking import RakingMargin

LOW: Final = 1 / 3
"""Effective people, as a share of all, below which the weights are marked."""
MAX_CELLS: Final = 200
"""Cells without people that are listed."""
MISSED: Final = 5e-5
"""Smallest gap between a weighted and a wanted share that counts."""
EQUAL: Final = 1e-9
"""Largest difference from 1 at which weights change nothing."""


class WeightedMargin(Frozen):
    """One level of a weighted attribute."""

    attribute: str
    """The field of people."""
    level: str
    """The value, or band of a number."""
    people: int
    """Number of people at this level."""
    wanted: float
    """Target share under `weights`."""
    before: float
    """Share of the people."""
    after: float
    """Share with weights; with trimmed weights, it can differ from the target."""


class Weighting(Frozen):
    """How people are weighted, and what it costs in precision."""

    people: int
    """Number of people."""
    base: str = ""
    """Field that holds the initial weight; empty: everyone has 1."""
    trim: tuple[float, float] | None = None
    """Smallest and largest weight, as multiples of the mean; null: no bounds."""
    is_trimmed: bool = Field(default=False, exclude_if=not_)
    """Whether `trim` changed a weight: raking alone leads to weights beyond its bounds."""
    margins: tuple[WeightedMargin, ...] = ()
    """The margins before and after."""
    effective: float | None = None
    """Effective sample size (Kish, 1965): the number of people with equal weights that would be as precise. Null: no
    weights."""
    design_effect: float | None = None
    """Number of people divided by the effective sample size."""
    least: float | None = None
    """Smallest weight; the mean is 1."""
    largest: float | None = None
    """Largest weight."""
    cells: int = 0
    """Combinations of one level of each attribute."""
    empty: int = 0
    """Combinations without people, which weights can't fill."""
    empty_cells: tuple[dict[str, str], ...] = Field(default=())
    """The first 200 combinations without people, as attribute -> level."""
    is_low: bool = False
    """The effective sample size is below a third of the people: weighted figures are imprecise."""
    why_not: str = ""
    """Why there are no weights; empty: there are."""

    @property
    def misses_margins(self) -> bool:
        """Return whether a weighted share is not the wanted one."""
        return any(abs(margin.after - margin.wanted) > MISSED for margin in self.margins)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights of people, with what is needed to rake them again."""

    weighting: Weighting
    weights: Mapping[str, float]
    """Person -> weight, of mean 1; empty: there are none."""
    margins: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...] = ()
    """Of each margin everybody's level, in the order of `weights`, and the wanted shares."""
    problems: tuple[WeightProblem, ...] = ()

    @property
    def for_figures(self) -> Mapping[str, float] | None:
        """Return the weights; None where there are none, or all are equal and would change nothing."""
        is_equal = all(abs(weight - 1) <= EQUAL for weight in self.weights.values())
        return None if is_equal else self.weights


def weighed_people(plan: Plan) -> Weighed | None:
    """Return the weights of a plan's people; None: `weights` was not written."""
    return None if plan.weights is None else weigh(plan.cast, plan.weights)


def weigh(people: Sequence[CastMember], planned: PlannedWeights) -> Weighed:
    """Return the weights of some people, or the problems that make weighting impossible."""
    codes = levels_of_people(people, planned)
    problems = [*level_problems(people, planned, codes), *base_problems(people, planned)]
    if problems:
        return _unweighted(people, planned, problems)
    levels = {attribute: [code for code in own if code is not None] for attribute, own in codes.items()}
    bases = [base for base in base_weights(people, planned) if base is not None]
    return _raked(people, planned, levels, bases)


def _raked(
    people: Sequence[CastMember], planned: PlannedWeights, levels: Mapping[str, list[int]], bases: Sequence[float]
) -> Weighed:
    # A run without weights loads no numpy.
    import numpy as np  # noqa: PLC0415

    from tinytroupe_cli.analysis.raking import RakingMargin, effective_size, rake  # noqa: PLC0415

    margins = [
        RakingMargin(np.array(levels[name]), np.array(list(shares.values()))) for name, shares in planned.to.items()
    ]
    whole = rake(np.array(bases), margins)
    if not whole.is_met:
        return _unweighted(people, planned, [_unmet(planned, whole.gaps)])
    weights = whole.weights if planned.trim is None else rake(np.array(bases), margins, trim=planned.trim).weights
    effective = effective_size(weights)
    cells, empty, without = _empty_cells(planned, levels)
    weighting = Weighting(
        people=len(people),
        base=planned.base,
        trim=planned.trim,
        is_trimmed=not np.allclose(weights, whole.weights, rtol=0, atol=EQUAL),
        margins=tuple(_margins(planned, margins, weights.tolist())),
        effective=effective,
        design_effect=len(people) / effective,
        least=float(weights.min()),
        largest=float(weights.max()),
        is_low=effective < LOW * len(people),
        cells=cells,
        empty=empty,
        empty_cells=tuple(without),
    )
    kept = tuple((tuple(levels[name]), tuple(shares.values())) for name, shares in planned.to.items())
    return Weighed(weighting, dict(zip((person.id for person in people), weights.tolist(), strict=True)), kept)


def _unweighted(people: Sequence[CastMember], planned: PlannedWeights, problems: Sequence[WeightProblem]) -> Weighed:
    why = "; ".join(problem.message for problem in problems)
    weighting = Weighting(people=len(people), base=planned.base, trim=planned.trim, why_not=why)
    return Weighed(weighting, {}, problems=tuple(problems))


def _unmet(planned: PlannedWeights, gaps: Sequence[float]) -> WeightProblem:
    worst, attribute = max(zip(gaps, planned.to, strict=True))
    message = f"no weights fit all margins: {attribute} remains off by {100 * worst:.1f} points"
    hint = (
        "two attributes are too closely associated in these people: leave one margin out, merge levels, or add people"
    )
    return WeightProblem("E552", message, ("to", attribute), hint)


def _margins(
    planned: PlannedWeights, margins: Sequence[RakingMargin], weights: Sequence[float]
) -> Iterator[WeightedMargin]:
    for (attribute, shares), margin in zip(planned.to.items(), margins, strict=True):
        codes: list[int] = margin.codes.tolist()
        for number, (level, wanted) in enumerate(shares.items()):
            own = [weight for weight, code in zip(weights, codes, strict=True) if code == number]
            yield WeightedMargin(
                attribute=attribute,
                level=level,
                people=len(own),
                wanted=wanted,
                before=len(own) / len(codes),
                after=sum(own) / sum(weights),
            )


def _empty_cells(planned: PlannedWeights, levels: Mapping[str, Sequence[int]]) -> tuple[int, int, list[dict[str, str]]]:
    """Return how many combinations of levels there are, how many of them have nobody, and the first of these."""
    if not levels:
        return 0, 0, []
    taken = set(zip(*levels.values(), strict=True))
    names = [tuple(shares) for shares in planned.to.values()]
    total = prod(len(own) for own in names)
    found: list[dict[str, str]] = []
    for cell in product(*(range(len(own)) for own in names)):
        if len(found) >= min(MAX_CELLS, total - len(taken)):
            break
        if cell not in taken:
            own = (levels[number] for levels, number in zip(names, cell, strict=True))
            found.append(dict(zip(planned.to, own, strict=True)))
    return total, total - len(taken), found
