"""Intervals that hold at every look at a run to which people are added in blocks.

With a confidence sequence, any number of looks may be made (`confidence_sequence.py`); with alpha spending, the number
is fixed, and the intervals are repeated confidence intervals (Jennison and Turnbull, 1989): the estimate plus and minus
the bound of that look times its standard error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, variance
from typing import Final

from tinytroupe_cli.analysis.comparison_questions import Question, questions
from tinytroupe_cli.analysis.confidence_sequence import Look, half_width, mixture_variance, sequential_p
from tinytroupe_cli.analysis.estimands import width_under
from tinytroupe_cli.analysis.level_values import LevelValues, UnitValues
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.stopping_result import LookResult, PairAtLook, StoppingResult
from tinytroupe_cli.analysis.units import MIN_UNITS, units_of
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.planned_stopping import PlannedStopping
from tinytroupe_cli.plan.types import Plan

ALIKE: Final = 1e-12
"""Standard error, relative to the values, below which all units agree."""
MIN_P: Final = 1e-6
"""Smallest p-value of repeated intervals."""
HALVINGS: Final = 14
"""Steps in which it is found, to a thousandth of itself."""


@dataclass(frozen=True, slots=True)
class PairLook:
    """One pair of levels at one look."""

    levels: tuple[UnitValues, UnitValues]
    """Unit -> value."""
    look: Look
    freedom: float
    """Degrees of freedom of the standard error."""

    @property
    def least(self) -> int:
        """Return the number of units at the level with fewer."""
        return min(len(level) for level in self.levels)


class LookedAt:
    """The looks at a run, from the rows of the blocks that were played."""

    def __init__(self, plan: Plan, stopping: PlannedStopping, rows: Sequence[Observation]) -> None:
        """Take the plan with the blocks that were played, its rule, and all its rows."""
        self.stopping, self._plan = stopping, plan
        self._units = units_of(plan, "people")
        self._is_within = not plan.is_between(stopping.factor)
        self._looks = [LevelValues(own) for own in _rows_at_looks(stopping, rows)]
        self._found: dict[str, list[PairLook]] = {}

    @cached_property
    def pairs(self) -> list[Question]:
        """Return the pairs whose intervals the rule is about."""
        query, field = self.stopping.query, self._plan.fields[self.stopping.query, self.stopping.field]
        planned = PlannedComparison(query=query, field=field.name, factor=self.stopping.factor)
        return [question for question in questions(self._plan, planned, field) if question.kind == "pair"]

    @property
    def alpha(self) -> float:
        """Return the level of each interval: all of them hold together."""
        return self._plan.inference.alpha / max(1, len(self.pairs))

    def at_looks(self, question: Question) -> list[PairLook]:
        """Return a pair at each look that was made; every look at the interval needs those before it."""
        key = repr((question.option, question.levels, question.conditions))
        if key not in self._found:
            sides = (values.of(question, self._units, is_within=self._is_within) for values in self._looks)
            self._found[key] = [_pair_look(first, second, is_within=self._is_within) for first, second in sides]
        return self._found[key]

    def interval(self, question: Question, looks: Sequence[PairLook], alpha: float) -> tuple[float, float] | None:
        """Return the interval at the last of these looks; `alpha` is that of all pairs together. None: there is none.

        Where all units agree, the exact bound at a level divided by the looks.
        """
        last, each = looks[-1], alpha / max(1, len(self.pairs))
        if last.least < MIN_UNITS:
            return None
        width = width_under(question.field, None)
        if last.look.error <= 0:
            from tinytroupe_cli.analysis.differences import bound  # noqa: PLC0415 - loads numpy

            found, _ = bound(last.look.estimate, last.least, width, each / len(self.stopping.blocks))
            return None if found is None else (found.low, found.high)
        half = self._half_width(last, len(looks), each)
        return max(-width, last.look.estimate - half), min(width, last.look.estimate + half)

    def p(self, looks: Sequence[PairLook]) -> float:
        """Return the least level at which an interval of one pair excluded 0 at one of these looks."""
        seen = [pair for pair in looks if pair.least >= MIN_UNITS and pair.look.error > 0]
        if self.stopping.method == "confidence_sequence":
            return sequential_p((pair.look for pair in seen), self._rho2(self.alpha))
        places = {id(pair): place for place, pair in enumerate(looks, start=1)}

        def is_excluded(alpha: float) -> bool:
            return any(abs(pair.look.estimate) >= self._half_width(pair, places[id(pair)], alpha) for pair in seen)

        low, high = math.log(MIN_P), 0.0
        if not is_excluded(1 - MIN_P):
            return 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if is_excluded(math.exp(middle)) else (middle, high)
        return math.exp(high)

    def _half_width(self, at: PairLook, number: int, alpha: float) -> float:
        if self.stopping.method == "confidence_sequence":
            return half_width(at.look, alpha, self._rho2(self.alpha))
        from tinytroupe_cli.analysis.alpha_spending import repeated_bound  # noqa: PLC0415 - loads numpy

        most = self.stopping.sizes[-1]
        return repeated_bound([size / most for size in self.stopping.sizes], number, alpha, at.freedom) * at.look.error

    def _rho2(self, alpha: float) -> float:
        """Return the parameter that makes the sequence narrowest half-way; the same at every level and look."""
        sizes = self.stopping.sizes
        share = 1.0 if self._is_within else 2 / len(self._plan.factors[self.stopping.factor])
        return mixture_variance(share * (sizes[0] + sizes[-1]) / 2, alpha)

    def result(self) -> StoppingResult:
        """Return the rule, the looks, and why the run stopped."""
        stopping, played = self.stopping, max((trial.block for trial in self._plan.trials), default=0)
        looks = [self._look(place) for place in range(len(self._looks))]
        people = stopping.sizes[played - 1]
        is_whole = len(looks) == played
        is_narrow = is_whole and bool(looks) and self.is_narrow(looks[-1])
        return StoppingResult(
            measure=f"{stopping.query}.{stopping.field}",
            by=stopping.factor,
            method=stopping.method,
            half_width=stopping.half_width,
            planned=tuple(stopping.sizes),
            alpha=self.alpha,
            looks=tuple(looks),
            stopped="narrow" if is_narrow else "limit" if is_whole and played == len(stopping.blocks) else "",
            people=people,
            not_needed=stopping.sizes[-1] - people,
        )

    def is_narrow(self, look: LookResult) -> bool:
        """Return whether every interval is narrow enough at a look."""
        return look.half_width is not None and look.half_width <= self.stopping.half_width

    def last_look(self) -> LookResult | None:
        """Return the last look; None: the first block is not complete."""
        return self._look(len(self._looks) - 1) if self._looks else None

    def _look(self, place: int) -> LookResult:
        found: list[PairAtLook] = []
        for question in self.pairs:
            looks = self.at_looks(question)[: place + 1]
            at, interval = looks[-1], self.interval(question, looks, self._plan.inference.alpha)
            first, second = question.levels
            found.append(
                PairAtLook(
                    option=question.option,
                    levels=(first, second),
                    n=(len(at.levels[0]), len(at.levels[1])),
                    estimate=at.look.estimate if at.least else None,
                    low=interval[0] if interval else None,
                    high=interval[1] if interval else None,
                )
            )
        widths = [
            (interval.high - interval.low) / 2
            for interval in found
            if interval.low is not None and interval.high is not None
        ]
        widest = max(widths) if found and len(widths) == len(found) else None
        return LookResult(people=self.stopping.sizes[place], half_width=widest, pairs=tuple(found))


def _rows_at_looks(stopping: PlannedStopping, rows: Sequence[Observation]) -> list[list[Observation]]:
    """Return the rows of the measure at each look; a look is made once everyone of its block was asked."""
    block_of = {person: number for number, block in enumerate(stopping.blocks, start=1) for person in block}
    own = [row for row in rows if (row.query, row.field) == (stopping.query, stopping.field)]
    by_block: Mapping[int, list[Observation]] = {number: [] for number in range(1, len(stopping.blocks) + 1)}
    for row in own:
        by_block[block_of[row.person]].append(row)
    found: list[list[Observation]] = []
    so_far: list[Observation] = []
    for added in by_block.values():
        if not added or any(row.outcome == "unasked" for row in added):
            break
        so_far = [*so_far, *added]
        found.append(so_far)
    return found


def _pair_look(first: UnitValues, second: UnitValues, *, is_within: bool) -> PairLook:
    """Return the difference of two levels with its standard error; of two groups that of Welch's t."""
    least = min(len(first), len(second))
    if least < 2:  # noqa: PLR2004 - no variance
        gap = fmean(second.values()) - fmean(first.values()) if least else 0.0
        return PairLook((first, second), Look(len(first), gap, 0.0), 0.0)
    if is_within:
        gaps = [second[unit] - value for unit, value in first.items()]
        error = _above_rounding(math.sqrt(variance(gaps) / len(gaps)), first, second)
        return PairLook((first, second), Look(len(gaps), fmean(gaps), error), len(gaps) - 1)
    parts = [variance(level.values()) / len(level) for level in (first, second)]
    below = sum(part**2 / (len(level) - 1) for part, level in zip(parts, (first, second), strict=True))
    people, gap = len(first) + len(second), fmean(second.values()) - fmean(first.values())
    freedom = sum(parts) ** 2 / below if below > 0 else people - 2
    error = _above_rounding(math.sqrt(sum(parts)), first, second)
    return PairLook((first, second), Look(people, gap, error), freedom)


def _above_rounding(error: float, *levels: UnitValues) -> float:
    """Return a standard error, or 0 if it is an error of rounding."""
    largest = max(abs(value) for level in levels for value in level.values())
    return error if error > ALIKE * largest else 0.0
