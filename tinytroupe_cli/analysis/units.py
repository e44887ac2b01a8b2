"""From rows to units: what was independent of each other, and one value for each unit in each condition.

Alone, the unit is the person. Together, it is all people who could reach each other. Samples, then replicates, then a
group's people are averaged: answers of one person, or of people who talked, are not independent of each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final, Literal

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.tie_graph import components, neighbors
from tinytroupe_cli.plan.types import Plan, Trial

MIN_UNITS: Final = 6
"""Units (in each group, where there are two) below which values are described and nothing is tested or estimated."""

UnitKind = Literal["person", "group", "replicate"]


@dataclass(frozen=True, slots=True)
class Units:
    """What is counted as one."""

    kind: UnitKind
    of: Mapping[str, str]
    """Person -> unit."""
    of_trial: Mapping[str, str] = field(default_factory=dict[str, str])
    """Trial -> unit, where all its people are one: the unit of an answer about the whole world."""

    def unit(self, row: Observation) -> str:
        """Return the unit that a row belongs to."""
        if self.kind == "replicate":
            return str(row.replicate)
        return self.of.get(row.person, "") if row.person else self.of_trial.get(row.trial, "")


CellValues = Mapping[tuple[str, str], float]
"""Unit and condition -> value."""


def units_of(plan: Plan, about: Literal["people", "cast"]) -> Units:
    """Return the units of a plan: people, groups of people who could reach each other in any trial, or replicates."""
    if about == "cast":
        return Units("replicate", {})
    around: dict[str, set[str]] = {member.id: set() for trial in plan.trials for member in trial.people}
    for trial in plan.trials:
        for group in people_together(trial):
            first = next(iter(group))  # by whom all are connected: pairs would be millions
            around[first] |= group
            for person in group:
                around[person].add(first)
    groups = components(around)
    place = {person: number for number, person in enumerate(around)}
    firsts = [min(group, key=place.__getitem__) for group in groups]
    of = {person: first for group, first in zip(groups, firsts, strict=True) for person in group}
    units_in = {trial.id: list(dict.fromkeys(of[member.id] for member in trial.people)) for trial in plan.trials}
    of_trial = {trial: own[0] for trial, own in units_in.items() if len(own) == 1}
    return Units("person" if all(len(group) == 1 for group in groups) else "group", of, of_trial)


def cell_values(
    rows: Iterable[Observation],
    units: Units,
    number: Callable[[Observation], float | None],
    weights: Mapping[str, float] | None = None,
    *,
    missing: float | None = None,
) -> CellValues:
    """Return the mean of each unit in each condition; cells without a stated answer are left out.

    Samples are averaged within a person, replicate and wording, then a group's people (by their weights), then
    replicates and wordings.
    `missing`: the value of answers that are not stated; None: they are left out.
    """
    answers: dict[tuple[str, str], dict[tuple[int, int], dict[str, list[float]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in rows:
        if (value := number(row) if row.outcome == "stated" else missing) is not None:
            answers[units.unit(row), row.condition][row.replicate, row.wording][row.person].append(value)
    return {
        cell: fmean(
            fmean(
                [fmean(values) for values in people.values()],
                None if weights is None else [weights.get(person, 1.0) for person in people],
            )
            for people in replicates.values()
        )
        for cell, replicates in answers.items()
    }


def pooled(values: CellValues) -> dict[str, float]:
    """Return unit -> its mean over its conditions."""
    found: dict[str, list[float]] = defaultdict(list)
    for (unit, _), value in values.items():
        found[unit].append(value)
    return {unit: fmean(own) for unit, own in found.items()}


def people_together(trial: Trial) -> list[set[str]]:
    """Return the groups of people who could reach each other in a trial."""
    people = [member.id for member in trial.people]
    if trial.world.type == "interviews":
        return [{person} for person in people]
    if trial.world.type == "network" and trial.world.reach_out == "nobody":
        return components(neighbors(people, trial.world.ties))
    return [set(people)] if people else []


def random_wordings(plan: Plan, units: Units) -> Literal["", "rotate", "all"]:
    """Return how random wordings are crossed with people; empty if they are fixed, or each unit has its own.

    With a wording for each unit, differences of wordings are in the differences of units already.
    """
    wordings = plan.wordings
    if wordings is None or wordings.drawn == "fixed":
        return ""
    if wordings.cross == "all" or units.kind == "replicate":
        return wordings.cross
    is_shared = any(len({units.of.get(person) for person in version}) > 1 for version in wordings.people)
    return wordings.cross if is_shared else ""
