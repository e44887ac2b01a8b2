"""What the log adds up to: pure folds over a trial's events."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import (
    Acted,
    Event,
    Failed,
    Measured,
    MentalStateReported,
    Misaddressed,
    Refused,
    TrialBegan,
    TrialEnded,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often what happened in a trial."""

    turns: int = 0
    """Times a person was asked to act."""
    silent: int = 0
    """Turns in which nothing was said or shown."""
    talks: int = 0
    thoughts: int = 0
    misaddressed: int = 0
    refused_turns: int = 0
    failed_turns: int = 0
    faulty_turns: int = 0
    """Played, though something was wrong with the words."""
    answers: int = 0
    """Measures that gave at least one value."""
    refused_answers: int = 0
    failed_answers: int = 0
    """Measures that came to nothing."""
    failed_fields: int = 0
    """Single fields that came to nothing, in measures that gave others."""
    is_finished: bool = False

    @property
    def good_turns(self) -> int:
        """Return the turns that were played, with words of the person's own."""
        return self.turns - self.refused_turns - self.failed_turns - self.faulty_turns


def names(events: Iterable[Event]) -> dict[str, str]:
    """Return person id -> full name."""
    for event in events:
        if isinstance(event, TrialBegan):
            return dict(event.names)
    return {}


def counts(events: Iterable[Event]) -> Counts:
    """Count turns, words, troubles and answers of a trial."""
    tally = Tally[str]()
    turns: set[tuple[str, int]] = set()
    loud: set[tuple[str, int]] = set()
    faulty: set[tuple[str, int]] = set()
    for event in events:
        tally[_counted(event)] += 1
        if (turn := _turn(event)) is not None:
            turns.add(turn)
            if isinstance(event, Acted) and event.fault is not None:
                faulty.add(turn)
            if not isinstance(event, Acted | MentalStateReported) or _is_heard(event):
                loud.add(turn)
    return Counts(
        turns=len(turns),
        silent=len(turns - loud),
        talks=tally["talk"],
        thoughts=tally["thought"],
        misaddressed=tally["misaddressed"],
        refused_turns=tally["refused turn"],
        failed_turns=tally["failed turn"],
        faulty_turns=len(faulty),
        answers=tally["answer"],
        refused_answers=tally["refused answer"],
        failed_answers=tally["failed answer"],
        failed_fields=tally["failed field"],
        is_finished=bool(tally["end"]),
    )


def _counted(event: Event) -> str:
    match event:
        case Acted(action=Action.TALK | Action.REACH_OUT):
            return "talk"
        case Acted(action=Action.THINK):
            return "thought"
        case Misaddressed():
            return "misaddressed"
        case Refused(query="", action="") | Failed(query="", action=""):
            return "refused turn" if isinstance(event, Refused) else "failed turn"
        case Refused(query="") | Failed(query=""):
            return "failed act"
        case Refused():
            return "refused answer"
        case Failed():
            return "failed field" if event.field else "failed answer"
        case Measured():
            return "answer"
        case TrialEnded():
            return "end"
        case _:
            return ""


def _turn(event: Event) -> tuple[str, int] | None:
    """Return whose turn of which step an event belongs to; None where it is no part of a turn."""
    match event:
        case Acted() | MentalStateReported() | Misaddressed():
            return event.person, event.step
        case Refused(query="", action="") | Failed(query="", action=""):
            return event.person, event.step
        case _:
            return None


def _is_heard(event: Event) -> bool:
    return isinstance(event, Acted) and event.action in {Action.TALK, Action.REACH_OUT, Action.SHOW}
