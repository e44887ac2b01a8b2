"""From rows to the distribution of each unit's answers: samples, people of a group, replicates, then conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import Units

AnswerT = TypeVar("AnswerT", int, float)

Nested = dict[str, dict[int, dict[str, list[Mapping[AnswerT, float]]]]]


def unit_distributions(
    rows: Iterable[Observation],
    units: Units,
    answer: Callable[[Observation], Mapping[AnswerT, float] | None],
    weights: Mapping[str, float] | None = None,
) -> dict[str, dict[AnswerT, float]]:
    """Return unit -> answer -> its share among the unit's answers; units without a stated answer are left out.

    `answer` gives a row's answers with their shares: one, or several where the answer is a distribution itself. Each
    condition counts the same within a unit, each replicate within a condition, and each person within a group, or by
    their weight.
    """
    nested: dict[str, Nested[AnswerT]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    )
    for row in rows:
        if row.outcome == "stated" and (value := answer(row)) is not None:
            nested[units.unit(row)][row.condition][row.replicate][row.person].append(value)
    return {unit: _mixed(conditions, weights or {}) for unit, conditions in nested.items()}


def _mixed(
    conditions: Mapping[str, Mapping[int, Mapping[str, list[Mapping[AnswerT, float]]]]], weights: Mapping[str, float]
) -> dict[AnswerT, float]:
    found: dict[AnswerT, float] = defaultdict(float)
    for replicates in conditions.values():
        for people in replicates.values():
            whole = sum(weights.get(person, 1.0) for person in people)
            for person, values in people.items():
                share = weights.get(person, 1.0) / (whole * len(conditions) * len(replicates) * len(values))
                for value, mass in (pair for distribution in values for pair in distribution.items()):
                    found[value] += share * mass
    return dict(found)
