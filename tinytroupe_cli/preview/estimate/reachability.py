"""Computes who could hear whom in a trial, and how soon: bounds before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tinytroupe_cli.plan.tie_graph import neighbors
from tinytroupe_cli.plan.types import Trial

NEVER: Final = 10**9


def could_hear(trial: Trial) -> dict[str, frozenset[str]]:
    """Return person -> everyone whose words could ever reach them."""
    ids = [member.id for member in trial.people]
    match trial.world.type:
        case "interviews":
            return dict.fromkeys(ids, frozenset[str]())
        case "network" if trial.world.reach_out == "nobody":
            return {person: frozenset(others) for person, others in neighbors(ids, trial.world.ties).items()}
        case "room" | "network":
            everyone = frozenset(ids)
            return {person: everyone - {person} for person in ids}


def first_reached(trial: Trial, hearing: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Return person -> the first step at which something could have reached them; NEVER if nothing can.

    Word goes from one person to the next in a step, or in the same step where people act one after another.
    """
    delay = 1 if trial.world.order == "simultaneous" else 0
    first = {member.id: NEVER for member in trial.people}
    for stimulus in trial.stimuli:
        for person in stimulus.to:
            first[person] = min(first[person], stimulus.step)
    waiting = sorted((person for person in first if first[person] < NEVER), key=first.__getitem__)
    while waiting:  # in order of their steps, so that everyone is looked at once or twice
        later: list[str] = []
        for person in waiting:
            for other in hearing[person]:
                if first[person] + delay < first[other]:
                    first[other] = first[person] + delay
                    later.append(other)
        waiting = later
    return first
