"""Turns events into lines: who says what, questions, answers, and what went wrong.

Thoughts and feelings are left out; `troupe show` has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from tinytroupe_cli.cli.outline import Outline
from tinytroupe_cli.cli.terminal import printable
from tinytroupe_cli.cli.value_text import value_in_words
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.event import FAULT_WORDS
from tinytroupe_cli.events.types import (
    Acted,
    DocumentWritten,
    Event,
    Failed,
    Intervened,
    Measured,
    Misaddressed,
    Perceived,
    Refused,
    SystemReplied,
    TrialBegan,
)

MAX_CHARACTERS = 400
"""Limit for what a voice from outside says or shows, in characters."""
MAX_ANSWER = 160
"""Limit for one value, in characters."""
_SHOWN = {"say": "", "show": " shows", "read": " gives to read"}
"""Verbs for how a voice from outside reaches people, where others can see or hear it."""


@dataclass(frozen=True, slots=True)
class NarrationLine:
    """One line: the speaker and the words."""

    kind: Literal["person", "voice", "answer", "trouble"]
    who: str
    words: str
    person: str = ""
    """The speaker's id, if they are in the cast."""

    @property
    def text(self) -> str:
        """Return the line as plain text."""
        return f"{self.who}: {self.words}" if self.words else self.who


@dataclass
class Narrator:
    """Turns events into lines; remembers names and the open questions."""

    outline: Outline = field(default_factory=Outline)
    names: dict[str, str] = field(default_factory=dict[str, str])
    _held: dict[str, list[NarrationLine]] = field(default_factory=dict[str, list[NarrationLine]])
    """Trial -> unanswered message from outside; kept only if several trials run at once."""
    _asked: dict[str, str] = field(default_factory=dict[str, str])
    """Trial -> the question printed last."""

    def lines(self, event: Event) -> list[NarrationLine]:
        """Yield the lines an event adds; with several trials, a question is held back until its first answer."""
        if isinstance(event, TrialBegan):
            self.names |= event.names
        labeled = [self._labeled(line, event.trial) for line in self._lines(event)]
        if len(self.outline.labels) < 2 or not labeled:  # noqa: PLR2004 - one trial: nothing comes between
            return labeled
        if isinstance(event, Perceived):
            self._held.setdefault(event.trial, []).extend(labeled)
            return []
        return [*self._held.pop(event.trial, []), *labeled]

    def _lines(self, event: Event) -> Iterator[NarrationLine]:
        match event:
            case Perceived():
                yield from self._voice(event)
            case Acted(action=Action.TALK):
                goes_without_saying = event.to in {"", "everyone"} or self.outline.is_interviews
                to = "" if goes_without_saying else f" to {self._name(event.to)}"
                to += f" ({FAULT_WORDS[event.fault]})" if event.fault else ""
                yield self._person(event.person, event.text, to)
            case DocumentWritten():
                yield self._person(event.person, f"“{event.title}”", " writes")
            case SystemReplied():
                yield NarrationLine("voice", _clean(event.system), _cut(event.text, MAX_CHARACTERS))
            case Misaddressed():
                words = f"speaks to '{event.name}', who is not there"
                yield NarrationLine("trouble", self._name(event.person), _clean(words))
            case Intervened():
                yield NarrationLine("voice", f"intervention '{_clean(event.name)}'", _clean(event.justification))
            case Refused() | Failed():
                yield self._trouble(event)
            case Measured():
                yield from self._measured(event)
            case _:
                return

    def _voice(self, event: Perceived) -> Iterator[NarrationLine]:
        if event.source in self.names or event.sense not in _SHOWN:
            return
        to = f" to {self._name(event.to)}" if event.to in self.names and len(self.names) > 1 else ""
        yield NarrationLine("voice", _clean(event.source) + _SHOWN[event.sense] + to, _cut(event.text, MAX_CHARACTERS))

    def _trouble(self, event: Refused | Failed) -> NarrationLine:
        action = f"'{event.intervention}'" if event.intervention else event.action
        what = f"question '{event.query}'" if event.query else action or "turn"
        return NarrationLine("trouble", self._name(event.person) or "the judge", _clean(f"{what} failed: {event.text}"))

    def _measured(self, event: Measured) -> Iterator[NarrationLine]:
        """Yield the lines of an answer sheet, after the question, which is printed once for all who were asked it."""
        is_claim = event.query in self.outline.claims
        place = (event.trial, event.query, event.person)
        midway = self.outline.midway.get((*place, event.step), "")
        question = midway or self.outline.questions.get(place, "")
        if question and not is_claim and self._asked.get(event.trial) != question:
            self._asked[event.trial] = question
            asked = "asked in private" if midway else "asked at the end"
            how = asked if event.query in self.outline.interviews else "read from the transcript"
            yield NarrationLine("voice", how, _cut(question, MAX_CHARACTERS))
        answers = [
            f"{name.replace('_', ' ')}: {self._value(event.query, name, value)}"
            for name, value in event.values.items()
            if (event.query, name) not in self.outline.auxiliary
        ]
        query = _clean(event.query.replace("_", " "))
        who = self._name(event.person) or query
        who = f"{query}, {who}" if is_claim and event.person else who
        yield NarrationLine("answer", who, _clean("; ".join(answers)), event.person)

    def _value(self, query: str, name: str, value: object) -> str:
        words = value_in_words(value)
        if value is None or isinstance(value, bool | list):
            return words
        if (query, name) in self.outline.texts:
            return f"“{_cut(words, MAX_ANSWER)}”"
        unit = self.outline.units.get((query, name), "")
        return _cut(f"{words} {unit}".rstrip(), MAX_ANSWER)

    def _person(self, person: str, words: str, to: str = "") -> NarrationLine:
        return NarrationLine("person", self._name(person) + to, _clean(words), person)

    def _name(self, person: str) -> str:
        return _clean(self.names.get(person, person))

    def _labeled(self, line: NarrationLine, trial: str) -> NarrationLine:
        label = self.outline.labels.get(trial)
        return replace(line, who=f"{line.who} ({_clean(label)})") if label else line


def _clean(words: str) -> str:
    """Return the words as one line without control characters."""
    return printable(" ".join(words.split()))


def _cut(words: str, most: int) -> str:
    flat = _clean(words)
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
