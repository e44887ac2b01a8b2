"""Runs in which the same people are asked at each price, or once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.events.types import Measured, TrialEnded
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)


def a_priced_run(
    fields: Sequence[PlannedField],
    values: Callable[[int], Mapping[str, Any]],
    *,
    prices: Sequence[int] = (),
    people: int = 12,
    replicates: int = 1,
    **changes: Any,
):
    """Return plan and events; `values` gives the answers of a person, by number, and is called in order."""
    arms = [Condition(name=f"p{price}", levels={"price": price}) for price in prices]
    cast = a_cast(people)
    ids = tuple(member.id for member in cast)
    trials, events = [], {}
    for arm in arms or [Condition(name="all", levels={})]:
        for replicate in range(1, replicates + 1):
            name = f"{arm.name}-r{replicate}"
            queries = (a_question(ids, name="q", fields=tuple(fields)),)
            trials.append(a_trial(cast, id=name, condition=arm.name, replicate=replicate, world=ALONE, queries=queries))
            answers = [
                Measured(trial=name, query="q", person=person, values=dict(values(number)))
                for number, person in enumerate(ids)
            ]
            events[name] = [*answers, TrialEnded(trial=name)]
    if arms:
        changes |= {"conditions": tuple(arms), "factors": {"price": tuple(prices)}}
    return a_plan(*trials, replicates=replicates, design="within", **changes), events
