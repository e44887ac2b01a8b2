"""The events of a run as rows of the page's transcript: who, when, what kind, and the words.

Rows are arrays in the order of `COLUMNS`, to keep the page small; html/rows.js reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from pydantic import JsonValue

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.transcripts import TranscriptLine, line_of
from tinytroupe_cli.events.types import (
    Acted,
    AppointmentScheduled,
    Consulted,
    Crashed,
    DocumentWritten,
    Event,
    Failed,
    Intervened,
    Measured,
    MemoryConsolidated,
    MentalStateReported,
    Misaddressed,
    Moved,
    Perceived,
    Recalled,
    Refused,
    StateSet,
    SystemReplied,
    TieFormed,
    ToolUsed,
    TrialStoppedEarly,
)
from tinytroupe_cli.events.views import names
from tinytroupe_cli.reports.figures import answer, humanized
from tinytroupe_cli.reports.participants import Participant
from tinytroupe_cli.reports.played_trials import PlayedTrial
from tinytroupe_cli.reports.problems import ProblemKind
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog

RowKind = Literal[
    "said", "thought", "felt", "told", "noticed", "memory", "answer", "moved", "tie", "tool", "document", "change",
    "problem",
]  # fmt: skip
KIND_NAMES: Final[dict[RowKind, str]] = {
    "said": "Said or shown",
    "thought": "Thoughts",
    "felt": "Feelings and goals",
    "told": "Put to people",
    "noticed": "Noticed",
    "memory": "Memory",
    "answer": "Answers",
    "moved": "Moves",
    "tie": "New contacts",
    "tool": "Tools and systems",
    "document": "Documents",
    "change": "Interventions",
    "problem": "Problems",
}
_KINDS_OF_ACTS: Final[dict[str, RowKind]] = {
    Action.THINK: "thought",
    Action.TALK: "said",
    Action.REACH_OUT: "said",
    Action.SHOW: "said",
}
COLUMNS: Final = (
    "trial", "seq", "step", "time", "person", "kind", "speaker", "verb", "to", "text", "private", "problem", "heard",
)  # fmt: skip
"""trial: its place among the trials; person: place among the people, -1 for nobody's; speaker: empty where it is the
person's name; heard: places of the people it reached."""
MAX_TEXT: Final = 4_000
"""Characters of one event's text; the journal has all."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a row says."""

    kind: RowKind
    line: TranscriptLine | None
    problem: ProblemKind | Literal[""] = ""
    people: Sequence[str] = ()


def transcript_rows(results: Results, log: RunLog) -> dict[str, Any]:
    """Return the rows, and the names that their numbers stand for."""
    places = {person.id: number for number, person in enumerate(results.participants)}
    rows: list[list[Any]] = []
    for number, trial in enumerate(results.trials):
        rows += trial_rows(number, log.events.get(trial.id, ()), places)
    kinds = [kind for kind in get_args(RowKind) if any(row[5] == kind for row in rows)]
    return {
        "columns": COLUMNS,
        "rows": rows,
        **transcript_names(results.participants, results.trials),
        "kinds": {kind: KIND_NAMES[kind] for kind in kinds},
    }


def transcript_names(people: Sequence[Participant], trials: Sequence[PlayedTrial]) -> dict[str, Any]:
    """Return what the numbers of people and trials in rows stand for."""
    return {
        "people": [{"id": person.id, "name": person.name} for person in people],
        "trials": [
            {
                "id": trial.id,
                "condition": trial.condition,
                "replicate": trial.replicate,
                "group": trial.group,
                **({"periods": [[one.condition, one.last] for one in trial.periods]} if trial.periods else {}),
            }
            for trial in trials
        ],
    }


def trial_rows(number: int, events: Sequence[Event], places: Mapping[str, int]) -> Iterator[list[Any]]:
    """Yield the rows of one trial; `places` are those of its people among all."""
    known = names(events)
    heard = _heard(events)
    for event in events:
        told = _told(event, known)
        if told is None or told.line is None:
            continue
        line = told.line
        person = places.get(line.person, -1)
        speaker = "" if person >= 0 and line.speaker == known.get(line.person) else line.speaker
        reached = told.people or heard.get(_words(event), ())
        yield [
            number,
            event.seq,
            event.step,
            event.time.replace("T", " "),
            person,
            told.kind,
            speaker,
            line.verb,
            line.to,
            line.text if len(line.text) <= MAX_TEXT else f"{line.text[:MAX_TEXT]} … ({len(line.text):,} characters)",
            int(line.is_private),
            told.problem or line.fault or "",
            [places[one] for one in reached if one in places],
        ]


_Words = tuple[str, str]


def _heard(events: Sequence[Event]) -> dict[_Words, tuple[str, ...]]:
    """Return speaker and words -> whom they reached: what people say is told once, by who said it."""
    found: dict[_Words, tuple[str, ...]] = {}
    for event in events:
        if isinstance(event, Perceived) and event.sense != "feedback":
            found[event.source, event.text] = (*found.get((event.source, event.text), ()), *event.people)
    return found


def _words(event: Event) -> _Words:
    return (event.person, event.text) if isinstance(event, Acted) else ("", "")


def _told(event: Event, known: Mapping[str, str]) -> _Told | None:
    line = line_of(event, known, "")
    match event:
        case Acted():
            if event.action == Action.DONE and not event.text:
                return None
            return _Told(_KINDS_OF_ACTS.get(event.action, "tool"), line)
        case MentalStateReported():
            return _Told("felt", line)
        case Perceived():
            is_own = event.sense in ("feedback", "location", "tool", "document", "system", "reminder")
            kind = "memory" if event.sense == "recall" else "noticed" if is_own else "told"
            return _Told(kind, line, people=event.people)
        case Recalled() | MemoryConsolidated():
            return _Told("memory", line)
        case Misaddressed():
            return _Told("problem", line, "misaddressed")
        case Refused():
            return _Told("problem", line or _own(event, known, "declined to answer", event.text), "refused")
        case Failed():
            verb = f"gave no usable answer to {event.query}{f', {event.field}' if event.field else ''}"
            return _Told("problem", line or _own(event, known, verb, event.text), event.reason)
        case Intervened() | StateSet() | TrialStoppedEarly():
            return _Told("change", line)
        case TieFormed():
            return _Told("tie", line, people=event.people)
        case DocumentWritten():
            return _Told("document", line)
        case _:
            return _of_tools_and_answers(event, known)


def _of_tools_and_answers(event: Event, known: Mapping[str, str]) -> _Told | None:
    match event:
        case Measured():
            problem = ("off_topic" if "ssr" in event.methods.values() else "no_evidence") if event.why else ""
            verb = f"answers {humanized(event.query)}" if event.person else f"Answer to {humanized(event.query)}"
            return _Told("answer", _own(event, known, verb, _values(event.values)), problem)
        case Moved():
            return _Told("moved", _own(event, known, f"goes to {event.place}", ""))
        case Consulted():
            found = f"found in {', '.join(event.documents)}" if event.documents else "found nothing"
            return _Told("tool", _own(event, known, "looks something up", f"{event.about} ({found})"))
        case ToolUsed():
            return _Told("tool", _own(event, known, f"uses {event.tool}", event.result))
        case AppointmentScheduled():
            return _Told("tool", _own(event, known, "puts into the calendar", f"{event.title}, {event.start}"))
        case SystemReplied():
            problem = "" if event.is_ok else "system"
            return _Told("tool", _own(event, known, f"hears from {event.system}", event.text), problem)
        case Crashed():
            return _Told("problem", _own(event, known, "The trial was broken off by a bug", event.error), "bug")
        case _:
            return None


def _own(event: Event, known: Mapping[str, str], verb: str, text: str) -> TranscriptLine:
    person = getattr(event, "person", "")
    return TranscriptLine(
        step=event.step, time=event.time, speaker=known.get(person, ""), person=person, verb=verb, to="", text=text
    )


def _values(values: Mapping[str, JsonValue]) -> str:
    return "\n".join(f"{humanized(name)}: {answer(value)}" for name, value in values.items())
