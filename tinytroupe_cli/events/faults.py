"""What of a log counts as evidence: words that are none of the person's own don't.

A faulty line stays in its place, with a note instead of its words: others heard it and answered, so without it their
lines would hang in the air; with its words, a repeat would count twice and an assistant's talk as an opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.event import FAULT_WORDS, Fault
from tinytroupe_cli.events.transcripts import TranscriptLine, as_text, transcript
from tinytroupe_cli.events.types import Acted, Event, MentalStateReported, Misaddressed


@dataclass(slots=True)
class TurnFaults:
    """One person's turns, and what was wrong with them."""

    turns: set[int] = field(default_factory=set[int])
    """The steps in which they did something."""
    faults: dict[int, Fault] = field(default_factory=dict[int, Fault])
    """Step -> what was wrong with their words."""
    own: set[int] = field(default_factory=set[int])
    """Steps in which they said or did something that was their own."""


def turn_faults(events: Iterable[Event]) -> dict[str, TurnFaults]:
    """Return person id -> their turns, in the order of the first."""
    found: dict[str, TurnFaults] = {}
    for event in events:
        match event:
            case Acted() | MentalStateReported() | Misaddressed():
                person = found.setdefault(event.person, TurnFaults())
                person.turns.add(event.step)
                if isinstance(event, Acted) and event.fault is not None:
                    person.faults.setdefault(event.step, event.fault)
                elif _is_own(event, person):
                    person.own.add(event.step)
            case _:
                continue
    return found


def _is_own(event: Acted | MentalStateReported | Misaddressed, person: TurnFaults) -> bool:
    """Return whether something can be read off an act without a fault; silence after a faulty thought is no answer."""
    match event:
        case Acted(action=Action.THINK) | MentalStateReported():
            return False
        case Acted(action=Action.DONE):
            return event.step not in person.faults
        case _:
            return True


def no_evidence(events: Sequence[Event], person: str = "") -> str:
    """Return why a judge has nothing to read off a person's turns or, with none, off anybody's; empty: there is some.

    Whoever had no turn at all is read as before: then it's what reached them that is asked about.
    """
    everyone = turn_faults(events)
    read = [everyone[person]] if person in everyone else [] if person else list(everyone.values())
    if not read or any(turns.own or not turns.faults for turns in read):
        return ""
    kinds = dict.fromkeys(FAULT_WORDS[fault] for turns in read for fault in turns.faults.values())
    return f"every turn {', or '.join(kinds)}"


def as_evidence(events: Sequence[Event], *, person: str = "") -> str:
    """Write what could be seen and heard, or what one person lived, for a judge."""
    noted: dict[tuple[str, int, str], Fault] = {
        (event.person, event.step, event.text): event.fault
        for event in events
        if isinstance(event, Acted) and event.fault is not None
    }
    return as_text([_without_words(line, noted) for line in transcript(events, person=person)])


def _without_words(line: TranscriptLine, faults: Mapping[tuple[str, int, str], Fault]) -> TranscriptLine:
    fault = faults.get((line.person, line.step, line.text))
    return line if fault is None else replace(line, text="(no words of their own)", fault=fault)
