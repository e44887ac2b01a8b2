"""What the log says, for readers: pure folds over a trial's events.

Knows events only; whoever prints, judges or reports decides how these look.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tinytroupe_cli.events.types import (
    Acted,
    Event,
    Failed,
    Felt,
    Measured,
    Misaddressed,
    Perceived,
    Refused,
    TrialBegan,
    TrialEnded,
)

_SENSES = {
    "say": "says",
    "think": "thinks",
    "goal": "takes as a goal",
    "show": "shows",
    "read": "gives to read",
    "move": "moves to",
    "social": "tells how things stand",
    "talk": "says",
    "feedback": "notices",
}
_OWN = {"think", "goal", "feedback", "move"}
"""Senses told of the person they reach, not of where they come from."""
_DEEDS = {"THINK": "thinks", "TALK": "says", "REACH_OUT": "reaches out", "SHOW": "shows", "DONE": "says nothing"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript."""

    step: int
    time: str
    speaker: str
    """A full name, or an outside voice."""
    person: str
    """The id of the speaker where they are of the cast; else empty."""
    verb: str
    """`says`, `thinks`, …"""
    to: str
    """A full name or outside voice; empty: everyone there, or nobody."""
    text: str
    is_private: bool = False
    """Known to the speaker alone: a thought, a feeling, the world's feedback."""
    is_trouble: bool = False
    """A turn that came to nothing; no part of what happened in the world."""


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
        """Return the turns that were played."""
        return self.turns - self.refused_turns - self.failed_turns


def names(events: Iterable[Event]) -> dict[str, str]:
    """Return person id -> full name."""
    for event in events:
        if isinstance(event, TrialBegan):
            return dict(event.names)
    return {}


def transcript(events: Sequence[Event], *, person: str = "", with_private: bool = False) -> list[Line]:
    """Return what could be seen and heard; of one person's view, with their own thoughts and feelings.

    `with_private` adds everyone's, and the turns that came to nothing.
    """
    known = names(events)
    lines = [line for event in events if (line := _line(event, known, person)) is not None]
    if with_private:
        return lines
    return [line for line in lines if not line.is_trouble and (person or not line.is_private)]


def by_person(events: Sequence[Event]) -> dict[str, list[Line]]:
    """Return each person's view, in cast order."""
    return {person: transcript(events, person=person) for person in names(events)}


def by_step(lines: Iterable[Line]) -> dict[int, list[Line]]:
    """Return step -> its lines, in order."""
    steps: dict[int, list[Line]] = {}
    for line in lines:
        steps.setdefault(line.step, []).append(line)
    return steps


def as_text(lines: Sequence[Line]) -> str:
    """Write a transcript as prose lines, one paragraph per step; empty when nothing happened."""
    steps = [f"[{_when(group[0])}]\n" + "\n".join(map(sentence, group)) for group in by_step(lines).values()]
    return "\n\n".join(steps)


def sentence(line: Line) -> str:
    """Write one line: `Lisa Carter says to Oscar: …`.

    Further lines of its text are indented, so that no text can pose as somebody's line.
    """
    to = f" to {line.to}" if line.to else ""
    text = ": " + "\n    ".join(line.text.splitlines()) if line.text else "."
    return f"{line.speaker} {line.verb}{to}{text}"


def counts(events: Iterable[Event]) -> Counts:
    """Count turns, words, troubles and answers of a trial."""
    tally = Tally[str]()
    turns: set[tuple[str, int]] = set()
    loud: set[tuple[str, int]] = set()
    for event in events:
        tally[_counted(event)] += 1
        if (turn := _turn(event)) is not None:
            turns.add(turn)
            if not isinstance(event, Acted | Felt) or _is_heard(event):
                loud.add(turn)
    return Counts(
        turns=len(turns),
        silent=len(turns - loud),
        talks=tally["talk"],
        thoughts=tally["thought"],
        misaddressed=tally["misaddressed"],
        refused_turns=tally["refused turn"],
        failed_turns=tally["failed turn"],
        answers=tally["answer"],
        refused_answers=tally["refused answer"],
        failed_answers=tally["failed answer"],
        failed_fields=tally["failed field"],
        is_finished=bool(tally["end"]),
    )


def _counted(event: Event) -> str:
    match event:
        case Acted(deed="TALK" | "REACH_OUT"):
            return "talk"
        case Acted(deed="THINK"):
            return "thought"
        case Misaddressed():
            return "misaddressed"
        case Refused():
            return "refused answer" if event.query else "refused turn"
        case Failed(query=""):
            return "failed turn"
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
        case Acted() | Felt() | Misaddressed():
            return event.person, event.step
        case Refused(query="") | Failed(query=""):
            return event.person, event.step
        case _:
            return None


def _is_heard(event: Event) -> bool:
    return isinstance(event, Acted) and event.deed in {"TALK", "REACH_OUT", "SHOW"}


def _line(event: Event, known: Mapping[str, str], viewer: str) -> Line | None:
    """Tell an event as `viewer` knows of it; with no viewer, as one who knows all."""
    match event:
        case Perceived():
            return _perceived(event, known, viewer)
        case Acted() if viewer in {"", event.person}:
            line = _done(event, known, _DEEDS[event.deed], event.text, is_private=event.deed == "THINK")
            return replace(line, to="" if event.to in {"", "everyone"} else known.get(event.to, event.to))
        case Misaddressed() if viewer in {"", event.person}:
            return _done(event, known, f"says, to '{event.name}', whom nobody here goes by", event.text)
        case Felt() if viewer in {"", event.person} and (event.emotion or event.goal):
            wish = f"wants: {event.goal}" if event.goal else ""
            return _done(event, known, "feels", "; ".join(part for part in (event.emotion, wish) if part))
        case Refused(query="") if viewer in {"", event.person}:
            line = _done(event, known, "gave no answer: the model declined", event.text)
            return replace(line, is_trouble=True)
        case Failed(query="") if viewer in {"", event.person}:
            verb = f"gave no usable answer ({event.reason.replace('_', ' ')})"
            return replace(_done(event, known, verb, event.text), is_trouble=True)
        case _:
            return None


def _perceived(event: Perceived, known: Mapping[str, str], viewer: str) -> Line | None:
    """Tell what reached people; another's talk is told once, by who said it, except in the hearer's own view."""
    is_talk = event.source in known and event.sense != "feedback"
    if (viewer and viewer not in event.people) or (not viewer and is_talk):
        return None
    reached = ", ".join(known.get(person, person) for person in event.people)
    is_own = event.sense in _OWN
    speaker = reached if is_own else known.get(event.source, event.source)
    return Line(
        step=event.step,
        time=event.time,
        speaker=speaker[:1].upper() + speaker[1:],
        person=event.source if event.source in known else "",
        verb=_SENSES[event.sense],
        to="" if is_own else _addressee(event, known, reached),
        text=event.text,
        is_private=event.sense in {"think", "goal", "feedback"},
    )


def _addressee(event: Perceived, known: Mapping[str, str], reached: str) -> str:
    """Name whom something was meant for: others may hear what is said aloud to an outside voice."""
    if event.to in {"", "everyone"} or set(event.people) == set(known):
        return ""
    is_outside = event.sense == "talk" and event.to not in known
    return event.to if is_outside else reached


def _done(
    event: Acted | Misaddressed | Felt | Refused | Failed,
    known: Mapping[str, str],
    verb: str,
    text: str,
    *,
    is_private: bool = True,
) -> Line:
    return Line(
        step=event.step,
        time=event.time,
        speaker=known.get(event.person, event.person),
        person=event.person,
        verb=verb,
        to="",
        text=text,
        is_private=is_private,
    )


def _when(line: Line) -> str:
    return line.time.replace("T", " ") or f"step {line.step}"
