"""What a person said, thought and heard: what their next words are compared with.

A fold of their events, taken up where it was left when the past has only grown, as `memory/person_memory.py` is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.events.types import Acted, Event, Perceived
from tinytroupe_cli.minds.situation import EVERYONE
from tinytroupe_cli.minds.text_index import TextIndex


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What words are compared with: of all earlier texts at least those that they may repeat."""

    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """What has been put to the person since they last did something."""


@dataclass(slots=True)
class EarlierWords:
    """One person's words, and those they heard, after a past."""

    person: str
    texts: TextIndex = field(default_factory=TextIndex)
    """Shared by the people of a trial, who hear the same texts."""
    _said: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    """Whom they spoke to -> the numbers of what they said."""
    _thoughts: set[int] = field(default_factory=set[int])
    _heard: dict[frozenset[str] | None, set[int]] = field(default_factory=dict[frozenset[str] | None, set[int]])
    """Who heard it or said it -> the numbers of what others said; None: an outside voice's words, said to all."""
    _new: list[Perceived] = field(default_factory=list[Perceived])
    """What has reached them since they last did something."""
    _seen: int = 0
    _last: Event | None = None

    def take(self, past: Sequence[Event]) -> None:
        """Take in a past: what is new in it or, where it doesn't begin with what was seen, all of it."""
        if self._seen and (len(past) < self._seen or past[self._seen - 1] is not self._last):
            self._said, self._thoughts, self._heard, self._new, self._seen = {}, set(), {}, [], 0
        for event in past[self._seen :]:
            if isinstance(event, Acted) and event.person == self.person:
                self._act(event)
            elif isinstance(event, Perceived) and self.person in event.people:
                self._perceive(event)
        self._seen, self._last = len(past), past[-1] if past else None

    def like_words(self, words: Sequence[str], listeners: frozenset[str], *, most: float) -> SaidBefore:
        """Return what words, in one or several forms, are compared with when they are said to listeners.

        Only what all the listeners have heard counts: news is passed on, and told again to somebody else.
        """
        asked = self.asked(listeners)
        found = frozenset[int]().union(*(self.texts.candidates(form, most=most) for form in dict.fromkeys(words)))
        said = [numbers for to, numbers in self._said.items() if _was_told(to, listeners)]
        heard = [numbers for those, numbers in self._heard.items() if those is None or listeners <= those]
        return SaidBefore(
            own=self._among(found, said),
            others=self._among(found.union(map(self.texts.add, asked)), heard),
            asked=asked,
        )

    def like_thought(self, thought: str, listeners: frozenset[str], *, most: float) -> SaidBefore:
        """Return what a thought is compared with: other thoughts."""
        found = self.texts.candidates(thought, most=most)
        return SaidBefore(own=self._among(found, [self._thoughts]), asked=self.asked(listeners))

    def asked(self, listeners: frozenset[str]) -> tuple[str, ...]:
        """Return what has been put to the person since they last did something, as far as the listeners heard it."""
        return tuple(
            event.text
            for event in self._new
            if PERCEPTIONS[event.sense].is_put and (event.sense != "talk" or listeners <= {*event.people, event.source})
        )

    def _among(self, numbers: Iterable[int], sets: Sequence[set[int]]) -> tuple[str, ...]:
        return tuple(self.texts.text(number) for number in sorted(numbers) if any(number in one for one in sets))

    def _act(self, event: Acted) -> None:
        for one in self._new:
            if one.sense != "talk" and self._is_from_others(one):
                self._heard.setdefault(None, set()).add(self.texts.add(one.text))
        self._new.clear()
        if event.action == Action.TALK:
            self._said.setdefault(event.to, set()).add(self.texts.add(event.text))
        elif event.action == Action.THINK:
            self._thoughts.add(self.texts.add(event.text))

    def _perceive(self, event: Perceived) -> None:
        self._new.append(event)
        if event.sense == "talk" and self._is_from_others(event):
            self._heard.setdefault(frozenset((*event.people, event.source)), set()).add(self.texts.add(event.text))

    def _is_from_others(self, event: Perceived) -> bool:
        return PERCEPTIONS[event.sense].is_spoken and event.source != self.person


def _was_told(to: str, listeners: frozenset[str]) -> bool:
    """Say whether the listeners heard somebody: all who are there hear what is said to an outside voice or everyone."""
    return not listeners or to in ("", EVERYONE) or all(person == to for person in listeners)
