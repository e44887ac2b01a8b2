"""What the log tells, line by line: as the world saw it, as one person lived it, as one who knows all.

Knows events only; printing, judging and reporting decide how these look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.event import FAULT_WORDS, Fault
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.events.types import (
    MENTAL_STATE_FIELDS,
    Acted,
    DocumentWritten,
    Event,
    Failed,
    Intervened,
    MemoryConsolidated,
    MentalStateReported,
    Misaddressed,
    Perceived,
    Recalled,
    Refused,
    StateSet,
    TieFormed,
    TrialStoppedEarly,
)
from tinytroupe_cli.events.views import names

_DEEDS: Mapping[str, str] = {
    Action.THINK: "thinks",
    Action.TALK: "says",
    Action.REACH_OUT: "wants to reach",
    Action.SHOW: "shows",
    Action.MOVE: "sets off for",
    Action.DONE: "says nothing",
}
_SEEN = {Action.TALK, Action.SHOW}
"""Deeds that others could see or hear."""


@dataclass(frozen=True, slots=True)
class TranscriptLine:
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
    fault: Fault | None = None
    """What is wrong with the words."""


def transcript(events: Sequence[Event], *, person: str = "", with_private: bool = False) -> list[TranscriptLine]:
    """Return what could be seen and heard; of one person's view, with their own thoughts and feelings.

    `with_private` adds everyone's, what came to their minds, and the turns that came to nothing.
    """
    known = names(events)
    seen = events if with_private else [item for item in events if not isinstance(item, Recalled | MemoryConsolidated)]
    lines = [line for event in seen if (line := line_of(event, known, person)) is not None]
    if with_private:
        return lines
    return [line for line in lines if not line.is_trouble and (person or not line.is_private)]


def by_person(events: Sequence[Event]) -> dict[str, list[TranscriptLine]]:
    """Return each person's view, in cast order."""
    return {person: transcript(events, person=person) for person in names(events)}


def by_step(lines: Iterable[TranscriptLine]) -> dict[int, list[TranscriptLine]]:
    """Return step -> its lines, in order."""
    steps: dict[int, list[TranscriptLine]] = {}
    for line in lines:
        steps.setdefault(line.step, []).append(line)
    return steps


def as_text(lines: Sequence[TranscriptLine]) -> str:
    """Write a transcript as prose lines, one paragraph per step; empty when nothing happened."""
    steps = [f"[{_when(group[0])}]\n" + "\n".join(map(sentence, group)) for group in by_step(lines).values()]
    return "\n\n".join(steps)


def sentence(line: TranscriptLine) -> str:
    """Write one line: `Lisa Carter says to Oscar: …`.

    Further lines of its text are indented, so that no text can pose as somebody's line.
    """
    to = f" to {line.to}" if line.to else ""
    to += f" ({FAULT_WORDS[line.fault]})" if line.fault else ""
    text = ": " + "\n    ".join(line.text.splitlines()) if line.text else "."
    return f"{line.speaker} {line.verb}{to}{text}"


def line_of(event: Event, known: Mapping[str, str], viewer: str) -> TranscriptLine | None:
    """Return an event as a line, as `viewer` knows of it; without a viewer, in full."""
    match event:
        case Perceived():
            return _perceived(event, known, viewer)
        case Acted() if viewer in {"", event.person}:
            verb = _DEEDS.get(event.action, f"does {event.action}")
            line = _done(event, known, verb, event.text, is_private=event.action not in _SEEN | {Action.DONE})
            to = "" if event.to in {"", "everyone"} else known.get(event.to, event.to)
            return replace(line, to=to, fault=event.fault)
        case DocumentWritten() if viewer in {"", event.person}:
            text = f"{event.title}\n{event.content}"
            return _done(event, known, "writes a document", text, is_private=False)
        case Recalled() if viewer in {"", event.person} and event.memories:
            return _done(event, known, "is reminded", "; ".join(event.memories))
        case MemoryConsolidated() if viewer in {"", event.person} and event.facts:
            return _done(event, known, "will remember", "; ".join(event.facts))
        case TieFormed() if not viewer:
            return _tied(event, known)
        case StateSet() | TrialStoppedEarly() | Intervened():
            return _directed(event, known, viewer)
        case Misaddressed() if viewer in {"", event.person}:
            return _done(event, known, f"says, to '{event.name}', a name nobody here has", event.text)
        case MentalStateReported() if viewer in {"", event.person} and (event.emotion or event.goal):
            wish = f"wants: {event.goal}" if event.goal else ""
            return _done(event, known, "feels", "; ".join(part for part in (event.emotion, wish) if part))
        case Refused() | Failed():
            return _trouble(event, known, viewer)
        case _:
            return None


def _directed(
    event: StateSet | TrialStoppedEarly | Intervened, known: Mapping[str, str], viewer: str
) -> TranscriptLine | None:
    """Return what an intervention did; of it, a person knows only what they now feel, want and attend to."""
    match event:
        case StateSet() if not viewer:
            return _state_line(event, _each(event.people, known), "is changed", _values(event.values))
        case StateSet() if viewer in event.people and (of_mind := _of_mind(event)):
            return replace(_state_line(event, known.get(viewer, viewer), "now is of this mind", of_mind), person=viewer)
        case TrialStoppedEarly() if not viewer:
            return _state_line(event, "The trial", "ends after this step", "")
        case Intervened() if not viewer:
            return _state_line(event, f"Intervention '{event.name}'", "fires", event.justification)
        case _:
            return None


def _trouble(event: Refused | Failed, known: Mapping[str, str], viewer: str) -> TranscriptLine | None:
    """Return a line for a failed turn or a failed judgement of a condition; None for measures."""
    match event:
        case Refused() | Failed() if event.intervention and not viewer:
            line = _state_line(event, f"Intervention '{event.intervention}'", "could not be judged", event.text)
            return replace(line, is_trouble=True)
        case Refused(query="") if viewer in {"", event.person}:
            verb = "gave no answer: the model declined" if not event.action else f"declined to {_spoken(event.action)}"
            return replace(_done(event, known, verb, event.text), is_trouble=True)
        case Failed(query="") if viewer in {"", event.person}:
            verb = (
                f"gave no usable answer ({_spoken(event.reason)})"
                if not event.action
                else f"could not {_spoken(event.action)}"
            )
            return replace(_done(event, known, verb, event.text), is_trouble=True)
        case _:
            return None


def _perceived(event: Perceived, known: Mapping[str, str], viewer: str) -> TranscriptLine | None:
    """Return what reached people; another's talk is told once, by who said it, except in the hearer's own view."""
    is_talk = event.source in known and event.sense != "feedback"
    if (viewer and viewer not in event.people) or (not viewer and is_talk):
        return None
    reached = _names(event.people, known)
    kind = PERCEPTIONS[event.sense]
    doers = (viewer,) if viewer else event.people
    speaker = _each(doers, known) if kind.is_own else known.get(event.source, event.source)
    return TranscriptLine(
        step=event.step,
        time=event.time,
        speaker=speaker[:1].upper() + speaker[1:],
        person=event.source if event.source in known else "",
        verb=kind.phrase.format(source=event.source),
        to="" if kind.is_own else _addressee(event, known, reached),
        text=event.text,
        is_private=kind.is_private,
    )


def _addressee(event: Perceived, known: Mapping[str, str], reached: str) -> str:
    """Name whom something was meant for: others may hear what is said aloud to an outside voice."""
    if event.to in {"", "everyone"} or set(event.people) == set(known):
        return ""
    is_outside = event.sense == "talk" and event.to not in known
    return event.to if is_outside else reached


def _done(
    event: Acted
    | Misaddressed
    | MentalStateReported
    | Refused
    | Failed
    | DocumentWritten
    | Recalled
    | MemoryConsolidated,
    known: Mapping[str, str],
    verb: str,
    text: str,
    *,
    is_private: bool = True,
) -> TranscriptLine:
    return TranscriptLine(
        step=event.step,
        time=event.time,
        speaker=known.get(event.person, event.person),
        person=event.person,
        verb=verb,
        to="",
        text=text,
        is_private=is_private,
    )


def _tied(event: TieFormed, known: Mapping[str, str]) -> TranscriptLine:
    first, second = (known.get(person, person) for person in event.people)
    text = f"they are {event.name}" if event.name else ""
    return TranscriptLine(
        step=event.step,
        time=event.time,
        speaker=first,
        person=event.people[0],
        verb=f"makes contact with {second}",
        to="",
        text=text,
    )


def _state_line(
    event: StateSet | TrialStoppedEarly | Intervened | Refused | Failed, speaker: str, verb: str, text: str
) -> TranscriptLine:
    return TranscriptLine(
        step=event.step, time=event.time, speaker=speaker, person="", verb=verb, to="", text=text, is_private=True
    )


def _names(people: Sequence[str], known: Mapping[str, str]) -> str:
    return ", ".join(known.get(person, person) for person in people)


def _each(people: Sequence[str], known: Mapping[str, str]) -> str:
    """Name those who do something, each for themselves, so that a verb in the singular follows."""
    if len(people) == 1:
        return _names(people, known)
    return "Everyone" if set(people) == set(known) else f"Each of {_names(people, known)}"


def _of_mind(event: StateSet) -> str:
    """Return what was set of somebody's state of mind; a changed persona is nothing they would notice."""
    return _values({name: value for name, value in event.values.items() if name in MENTAL_STATE_FIELDS})


def _values(values: Mapping[str, JsonValue]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())


def _spoken(name: str) -> str:
    return name.lower().replace("_", " ")


def _when(line: TranscriptLine) -> str:
    return line.time.replace("T", " ") or f"step {line.step}"
