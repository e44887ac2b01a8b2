"""Estimates the private answers of polls before the end; a person's past is shorter then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tinytroupe_cli.plan.planned_polls import PlannedPoll
from tinytroupe_cli.plan.types import PlannedQuery, Trial
from tinytroupe_cli.preview.estimate.lengths import PlannedCall

Measures = Callable[[PlannedQuery, str], Iterator[PlannedCall]]


def poll_calls(trial: Trial, polls: Sequence[PlannedPoll], measures: Measures) -> Iterator[PlannedCall]:
    """Yield the calls of a trial's polls; `measures` gives those of a query and a person at the end."""
    for poll in polls:
        for query in trial.queries:
            fields = tuple(field for field in query.fields if field.name == poll.field)
            if query.name != poll.query or not fields:
                continue
            asked = query.model_copy(update={"fields": fields, "samples": 1})
            for moment in poll.moments(trial.world.steps):
                for person in query.people:
                    for call in measures(asked, person):
                        yield replace(call, key=call.key + f"poll {moment}".encode(), is_certain=moment <= 0)
