"""Figures of a comparison whose levels the same people met one after another, in different orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.crossover import (
    Crossover,
    contrast_test,
    crossover_contrast,
    crossover_fit,
    crossover_of,
    is_estimable,
    levels_test,
    partial_eta_squared_of_levels,
    without_periods,
)
from tinytroupe_cli.analysis.crossover_result import FirstPeriod
from tinytroupe_cli.analysis.differences import DifferenceTest, bound, effect, figures, row_of, student
from tinytroupe_cli.analysis.estimands import WITHOUT_DIFFERENCE
from tinytroupe_cli.analysis.permutation import TOLERANCE, Floats
from tinytroupe_cli.analysis.score_intervals import Interval
from tinytroupe_cli.analysis.shares_of_options import cramers_v
from tinytroupe_cli.analysis.units import MIN_UNITS, CellValues

Sequences = Mapping[str, tuple[str, ...]]
"""Person -> the names of the conditions in the order in which they met them."""
TOO_FEW = f"fewer than {MIN_UNITS} people have an answer in every period"
NOT_TOLD_APART = "in these people's orders, the conditions can't be told from the periods"


class PeriodValues:
    """The values of the people who have one in every period."""

    def __init__(self, cells: CellValues, sequences: Sequences) -> None:
        """Take each person's values in their conditions, and their order of conditions."""
        self.people = tuple(
            person for person, own in sequences.items() if all((person, condition) in cells for condition in own)
        )
        self.conditions = tuple(sorted({condition for own in sequences.values() for condition in own}))
        numbers = {condition: number for number, condition in enumerate(self.conditions)}
        orders = [sequences[person] for person in self.people]
        self.sequences: NDArray[np.int64] = np.array([[numbers[one] for one in own] for own in orders], dtype=np.int64)
        self.values: Floats = np.array(
            [[cells[person, one] for one in own] for person, own in zip(self.people, orders, strict=True)]
        )

    @property
    def design(self) -> Crossover:
        """Return their orders."""
        return crossover_of(self.sequences)

    @property
    def by_condition(self) -> Floats:
        """Return values without the effects of periods, in the order of `conditions`; shape (people, conditions)."""
        values = without_periods(self.values, self.design)
        return np.take_along_axis(values, np.argsort(self.sequences, axis=1), axis=1)

    def weights(self, levels: Sequence[Sequence[str]]) -> Floats:
        """Return the weight of each condition in the mean of each level; shape (levels, conditions)."""
        shares = np.array([[own.count(condition) for condition in self.conditions] for own in map(list, levels)])
        return shares / shares.sum(axis=1, keepdims=True)


def crossover_figures(asked: AskedQuestion, blank: ComparisonResult, settings: AnalysisSettings) -> dict[str, Any]:
    """Return the fields of `ComparisonResult` that come from answers."""
    question = asked.question
    whole = question.kind in ("omnibus", "whole") and asked.is_of_options
    options = question.field.options if whole else (question.option,)
    each = [_values(asked, replace(question, option=option)) for option in options]
    found: dict[str, Any] = {"n": (len(each[0].people),) * len(question.levels)}
    if not each[0].people:
        return {**found, "why_not": "nobody has an answer in every period"}
    if asked.estimand in WITHOUT_DIFFERENCE:
        return {**found, "why_not": "with conditions in one trial, only means and shares are compared"}
    levels = each[0].weights(question.conditions)
    if not whole:
        means = without_noise(levels @ crossover_fit(each[0].values, each[0].design).means)
        shown = np.clip(means, 0, 1) if blank.scale == "share" else means
        found["values"] = tuple(shown.tolist())
        found |= {"estimate": float(means[1] - means[0])} if question.kind != "omnibus" else {}
    if question.kind == "pair" and asked.estimand != "log":
        found["first_period"] = _first_period(asked, blank, settings)
    found |= {"named_why_not": "tests by name do not take periods into account"} if question.planned.test else {}
    if len(each[0].people) < MIN_UNITS:
        return {**found, "why_not": TOO_FEW}
    settings = replace(settings, blocks=tuple(asked.block_of.get(person, "") for person in each[0].people))
    if not all(is_estimable(each[0].design, row - levels[0]) for row in levels[1:]):
        return {**found, "why_not": NOT_TOLD_APART}
    if question.kind in ("omnibus", "whole"):
        return found | _omnibus(each, levels, settings, is_nominal=whole, is_whole=question.kind == "whole")
    return found | _pair(each[0], levels, asked, blank, settings)


def _values(asked: AskedQuestion, question: Question) -> PeriodValues:
    return PeriodValues(asked.values.cells(question, asked.units), asked.sequences)


def _pair(
    own: PeriodValues, levels: Floats, asked: AskedQuestion, blank: ComparisonResult, settings: AnalysisSettings
) -> dict[str, Any]:
    """Return the test and interval of one difference."""
    weights = levels[1] - levels[0]
    contrast = crossover_contrast(own.values, own.design, weights)
    limit = 1.0 if blank.scale == "share" else np.inf

    def interval(alpha: float) -> tuple[Interval | None, str]:
        if contrast.error == 0:
            return bound(contrast.estimate, len(own.people), asked.width, alpha)
        return student(contrast.estimate, contrast.error, contrast.freedom, alpha, limit), "Student's t, CR2"

    inference = settings.inference
    test = contrast_test(
        own.values, own.design, weights, draws=inference.permutations, seed=settings.seed, blocks=settings.blocks
    )
    tested = DifferenceTest(_name(settings), test, contrast.error, contrast.freedom, interval)
    first, second = own.by_condition @ levels.T[:, 0], own.by_condition @ levels.T[:, 1]
    return {**effect(first, second, blank), **row_of(tested, blank, settings)}


def _omnibus(
    each: Sequence[PeriodValues], levels: Floats, settings: AnalysisSettings, *, is_nominal: bool, is_whole: bool
) -> dict[str, Any]:
    """Return the test of all levels at once; of a choice, of all its options."""
    test = levels_test(
        [own.values for own in each],
        each[0].design,
        levels,
        draws=settings.inference.permutations,
        seed=settings.seed,
        blocks=settings.blocks,
    )
    row = {"test": _name(settings), "p": test.p, "smallest_p": test.smallest, "tested": test}
    if not is_nominal:
        size = partial_eta_squared_of_levels(each[0].values, each[0].design, levels)
        return row | {"effect": "partial eta squared", "effect_size": size}
    sums = np.stack([np.maximum((own.by_condition @ levels.T).sum(axis=0), 0) for own in each], axis=1)
    row |= {"effect": "Cramér's V", "effect_size": cramers_v(sums)}
    if is_whole:
        means = np.stack([levels @ crossover_fit(own.values, own.design).means for own in each])
        row |= {"estimand": "total variation", "estimate": float(np.abs(means[:, 1] - means[:, 0]).sum()) / 2}
        row["why_not"] = "a total variation that is adjusted for periods has no interval"
    return row


def _first_period(asked: AskedQuestion, blank: ComparisonResult, settings: AnalysisSettings) -> FirstPeriod:
    """Return the difference between the people who met one level first and those who met the other first."""
    cells = asked.values.cells(asked.question, asked.units)
    firsts = {person: (person, own[0]) for person, own in asked.sequences.items() if (person, own[0]) in cells}
    sides = [
        [person for person, (_, condition) in firsts.items() if condition in conditions]
        for conditions in asked.question.conditions
    ]
    groups = [[cells[firsts[person]] for person in side] for side in sides]
    n = len(groups[0]), len(groups[1])
    if not min(n):
        return FirstPeriod(n=n, why_not="nobody met one of the levels first")
    values = fmean(groups[0]), fmean(groups[1])
    known = FirstPeriod(n=n, values=values, estimate=values[1] - values[0])
    if min(n) < MIN_UNITS:
        return known.model_copy(update={"why_not": f"fewer than {MIN_UNITS} people met one of the levels first"})
    blocks = tuple(asked.block_of.get(person, "") for side in sides for person in side)
    settings = replace(settings, blocks=blocks)
    as_between = blank.model_copy(update={"design": "between", "equivalence": None})
    row = figures(groups[0], groups[1], as_between, asked.width, settings)
    return known.model_copy(update={key: row[key] for key in ("low", "high", "p", "why_not") if key in row})


def without_noise(means: Floats) -> Floats:
    """Return means with those made equal that differ by a rounding error only, and without negative zeros."""
    close = TOLERANCE * max(1.0, float(np.abs(means).max(initial=0.0)))
    found = np.where(np.abs(means) <= close, 0.0, means)
    alike = np.abs(found[:, None] - found[None, :]) <= close
    return found[np.argmax(alike, axis=1)]


def _name(settings: AnalysisSettings) -> str:
    return "orders assigned again" + (" within blocks" if len(set(settings.blocks)) > 1 else "")
