"""How far each trial of a run got: turns, answers, and what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import not_
from typing import Literal

from pydantic import Field

from tinytroupe_cli.events.types import Event
from tinytroupe_cli.events.views import Counts, counts
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_assignment import PlannedPeriod
from tinytroupe_cli.plan.types import Plan


class PlayedTrial(Frozen):
    """A trial, and how far it got."""

    id: str
    """Id of the trial."""
    condition: str
    """Name of the condition; empty: several, one after another, as in `periods`."""
    periods: tuple[PlannedPeriod, ...] = Field(default=(), exclude_if=not_)
    """The conditions that its people experience one after another; not written if there is one."""
    replicate: int
    """Number of the replicate, from 1."""
    group: int = 0
    """Number of its room, if the cast is divided into rooms; 0: it is not."""
    block: int = Field(default=0, exclude_if=not_)
    """Number of the block of people, from 1; not written if everyone took part from the start."""
    wording: int = 0
    """Number of its wording, from 1; 0: every text has one."""
    seed: int
    """Its seed."""
    people: tuple[str, ...]
    """Ids of its people."""
    status: Literal["finished", "unfinished", "not_begun"]
    """How far it got."""
    turns: int = 0
    """Turns played."""
    silent_turns: int = 0
    """Turns in which nothing was said or shown."""
    talks: int = 0
    """Things said to somebody."""
    refused_turns: int = 0
    """Turns the model declined."""
    failed_turns: int = 0
    """Turns that failed."""
    faulty_turns: int = 0
    """Turns whose words a guard found faulty."""
    misaddressed: int = 0
    """Words addressed to an unknown name."""
    answers: int = 0
    """Queries that gave at least one value."""
    refused_answers: int = 0
    """Queries the model declined."""
    failed_answers: int = 0
    """Queries that gave no usable value."""
    failed_fields: int = 0
    """Single fields that failed in queries with other values."""


def played_trials(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[PlayedTrial]:
    """Return every trial of the plan, with how far it got by its events."""
    tallies = {trial.id: counts(events.get(trial.id, ())) for trial in plan.trials}
    return [
        PlayedTrial(
            id=trial.id,
            condition=trial.condition,
            periods=trial.periods,
            replicate=trial.replicate,
            group=trial.group,
            block=trial.block,
            wording=trial.wording,
            seed=trial.seed,
            people=tuple(member.id for member in trial.people),
            status=_status(tallies[trial.id], events.get(trial.id, ())),
            turns=tallies[trial.id].turns,
            silent_turns=tallies[trial.id].silent,
            talks=tallies[trial.id].talks,
            refused_turns=tallies[trial.id].refused_turns,
            failed_turns=tallies[trial.id].failed_turns,
            faulty_turns=tallies[trial.id].faulty_turns,
            misaddressed=tallies[trial.id].misaddressed,
            answers=tallies[trial.id].answers,
            refused_answers=tallies[trial.id].refused_answers,
            failed_answers=tallies[trial.id].failed_answers,
            failed_fields=tallies[trial.id].failed_fields,
        )
        for trial in plan.trials
    ]


def _status(tally: Counts, events: Sequence[Event]) -> Literal["finished", "unfinished", "not_begun"]:
    if tally.is_finished:
        return "finished"
    return "unfinished" if events else "not_begun"
