"""Deals the sets of best-worst tasks to people: in each cell of the design the same versions, in cast order.

Another person at the end of the cast changes nobody else's sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from tinytroupe_cli.compiler.measures.block_designs import versions_of_sets
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.planned_sets import PlannedSets
from tinytroupe_cli.plan.types import PlannedQuery, Trial

MAX_VERSIONS: Final = 30
"""Different versions; with more people in a cell, they come again."""


def with_sets(
    trials: Sequence[Trial], cells: Mapping[str, Mapping[str, Sequence[str]]], seed: int
) -> tuple[Trial, ...]:
    """Return the trials with the sets of each person; `cells`: query -> cell -> its people."""
    dealt: dict[tuple[str, str], PlannedSets] = {}
    for query, field in _tasks(trials):
        own = cells[query]
        count = min(MAX_VERSIONS, max((len(people) for people in own.values()), default=1))
        endless = versions_of_sets(
            len(field.options), field.sets, field.set_size, seed=seed, purpose=(query, field.name)
        )
        numbers = {person: place % count for people in own.values() for place, person in enumerate(people)}
        versions = tuple(islice(endless, count))
        dealt[query, field.name] = PlannedSets(field=field.name, versions=versions, version_of=numbers)
    if not dealt:
        return tuple(trials)
    return tuple(
        trial.model_copy(update={"queries": tuple(_with(query, dealt) for query in trial.queries)}) for trial in trials
    )


def _tasks(trials: Sequence[Trial]) -> dict[tuple[str, PlannedField], None]:
    return {
        (query.name, field): None for trial in trials for query in trial.queries for field in query.fields if field.sets
    }


def _with(query: PlannedQuery, dealt: Mapping[tuple[str, str], PlannedSets]) -> PlannedQuery:
    found = [dealt[query.name, field.name] for field in query.fields if (query.name, field.name) in dealt]
    own = [
        sets.model_copy(update={"version_of": {person: sets.version_of[person] for person in query.people}})
        for sets in found
    ]
    return query.model_copy(update={"sets": tuple(own)}) if own else query
