"""Where people were, step by step: the mean number in each place, over trials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.events.types import Event, Moved, StateSet, TrialBegan
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog

MAX_STEPS: Final = 12


def place_table(results: Results, log: RunLog) -> list[list[str]]:
    """Return a row for each place and a column for each step, the first row being the head; empty: no places."""
    if not results.world.places:
        return []
    steps = _shown_steps(results.world.steps)
    found = [dict(_people_in_places(events, results.world.steps)) for events in log.events.values() if events]
    rows = [["place", "start" if steps[0] == 0 else "", *(f"step {step}" for step in steps[1:])]]
    for place in results.world.places:
        counts = [[trial.get((place, step), 0) for trial in found] for step in steps]
        rows.append([place, *(number(sum(own) / len(own)) if own else "" for own in counts)])
    return rows


def _shown_steps(steps: int) -> list[int]:
    """Return the start, and all steps or some of them evenly spread."""
    shown = min(steps, MAX_STEPS)
    return sorted({0, *(round(place * steps / shown) for place in range(1, shown + 1))})


def _people_in_places(events: Sequence[Event], steps: int) -> Iterator[tuple[tuple[str, int], int]]:
    """Yield place and step -> how many people were there at the end of the step."""
    where: dict[str, str] = {}
    by_step: dict[int, dict[str, str]] = {}
    for event in events:
        match event:
            case TrialBegan():
                where = {person: event.places.get(person, event.place) for person in event.people}
            case Moved():
                where = {**where, event.person: event.place}
            case StateSet() if "place" in event.values:
                where = {**where, **dict.fromkeys(event.people, str(event.values["place"]))}
            case _:
                pass
        by_step[event.step] = where
    last: dict[str, str] = {}
    for step in range(steps + 1):
        last = by_step.get(step, last)
        for place in set(last.values()):
            yield (place, step), sum(own == place for own in last.values())
