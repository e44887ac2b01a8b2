"""Effect -> events: what reaches people, what is set on them, the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from pydantic import JsonValue

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event, Perceived, StateSet, TrialStoppedEarly
from tinytroupe_cli.plan.types import DeliverStimuli, PlannedEffect, PlannedEndTrial, PlannedStateChange
from tinytroupe_cli.simulation.actions import perceived
from tinytroupe_cli.simulation.environment import Environment
from tinytroupe_cli.simulation.places import looks_after_moves


def events_of(effect: PlannedEffect, environment: Environment, stamp: LogTime, name: str) -> Iterator[Event]:
    """Yield what an effect of the intervention called `name` does at a step."""
    match effect:
        case DeliverStimuli():
            now = [stimulus for stimulus in effect.stimuli if stimulus.step in {0, stamp.step}]
            yield from (environment.perceived(stimulus, stamp.step) for stimulus in now)
            yield from looks_after_moves(now, environment.trial, stamp)
        case PlannedStateChange():
            changes = list(_changed(effect, stamp))
            yield from changes
            yield from _looks(changes, environment, stamp)
        case PlannedEndTrial():
            yield TrialStoppedEarly(trial=stamp.trial, step=stamp.step, time=stamp.time, reason=name)
        case _:
            assert_never(effect)


def _changed(effect: PlannedStateChange, stamp: LogTime) -> Iterator[StateSet]:
    """Yield what is set, grouped by the people it is set on."""
    values: dict[tuple[str, ...], dict[str, JsonValue]] = {}
    for change in effect.changes:
        if change.step in {0, stamp.step}:
            values.setdefault(change.people, {})[change.field] = change.value
    for people, fields in values.items():
        yield StateSet(trial=stamp.trial, step=stamp.step, time=stamp.time, people=people, values=fields)


def _looks(changes: Iterable[StateSet], environment: Environment, stamp: LogTime) -> Iterator[Perceived]:
    """Yield what people see of the places that they are set in."""
    for change in changes:
        if text := environment.trial.world.places.get(str(change.values.get("place", "")), ""):
            yield perceived(stamp, people=change.people, sense="location", text=text)
