"""A person's memory as a whole: what they have word for word, what they know beyond it, what comes back.

A fold of their events, taken up where it was left when the past has only grown: the same past
always gives the same memory, however often it was asked for in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tinytroupe_cli.events.types import Event, MemoryConsolidated, Perceived, Recalled, StateSet
from tinytroupe_cli.minds.memory.episodic import DialogueStyle, EpisodicMemory, evicted_text
from tinytroupe_cli.minds.memory.recall import Recall, recall_for_turn, search
from tinytroupe_cli.minds.memory.semantic import MemoryItem, SemanticMemory
from tinytroupe_cli.minds.memory.token_budget import TokenBudget
from tinytroupe_cli.minds.memory.truncation import truncate_middle
from tinytroupe_cli.models.port import Embedder

ABOUT_TOKENS: Final = 60
"""Of what called something up, for the log."""


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """How people remember."""

    recall: Recall = "semantic"
    consolidate: bool = True
    window: int = 30
    """Most moments kept word for word."""
    tokens: int = 32_000
    """Most tokens of a prompt with its reply."""

    @property
    def makes_facts(self) -> bool:
        """Return whether facts are made of what leaves; with no recall nobody would ever see them."""
        return self.consolidate and self.recall != "off"


@dataclass(slots=True)
class PersonMemory:
    """One person's memory after a past."""

    person: str
    settings: MemorySettings
    shares: TokenBudget
    embedder: Embedder | None = None
    style: DialogueStyle = field(default_factory=DialogueStyle)
    episodic: EpisodicMemory = field(init=False)
    semantic: SemanticMemory = field(init=False)
    last_recalled: Recalled | None = None
    changes: list[StateSet] = field(default_factory=list[StateSet])
    """What was set on them."""
    _seen: int = 0
    _last: Event | None = None
    _gone: int = 0
    """Moments that are no longer kept, and searchable."""
    _over: int = 0
    """Moments whose overlong texts are searchable."""
    _step: int = 0
    """The step of the latest moment that is over."""

    def __post_init__(self) -> None:
        self.episodic = EpisodicMemory(self.person, self.shares, self.settings.window, self.style)
        self.semantic = SemanticMemory(self.embedder)

    def after(self, past: Sequence[Event]) -> PersonMemory:
        """Return the memory after a past: this one where the past begins with what it has seen, else a new one."""
        if self._seen and (len(past) < self._seen or past[self._seen - 1] is not self._last):
            return PersonMemory(self.person, self.settings, self.shares, self.embedder, self.style).after(past)
        for event in past[self._seen :]:
            self._take(event)
        self._seen = len(past)
        self._last = past[-1] if past else None
        self.episodic.rest()
        self._evict()
        return self

    @property
    def has_gaps(self) -> bool:
        """Return whether there is anything a person could think back to."""
        return bool(self.semantic.memories)

    async def recall_for_turn(self, *, news: Sequence[str], goal: str) -> tuple[str, ...]:
        """Return what the moment brings back."""
        return await recall_for_turn(
            self.semantic, self.settings.recall, news=news, goal=goal, tokens=self.shares.recalled
        )

    def recall_events(self, memories: tuple[str, ...], *, trial: str, step: int) -> tuple[Recalled, ...]:
        """Return what the log should say of what came to mind; nothing twice in a turn, nor in full at every step."""
        last = self.last_recalled
        is_told = (
            last is not None and last.memories == memories and (last.step == step or self.settings.recall == "full")
        )
        if not memories or is_told:
            return ()
        about = truncate_middle("\n".join(self.episodic.news(step)), ABOUT_TOKENS)
        return (Recalled(trial=trial, step=step, person=self.person, about=about, memories=memories),)

    async def search(self, about: str) -> tuple[str, ...]:
        """Return what the person finds when they ask themselves about something."""
        return await search(self.semantic, about, tokens=self.shares.recalled)

    def _take(self, event: Event) -> None:
        self.episodic.observe(event)
        self._evict()
        match event:
            case Perceived() if self.person in event.people and self.settings.recall != "off":
                percept = self.episodic.now.percepts[-1]
                if percept.is_long:
                    self.semantic.add(MemoryItem(percept.text, _date(event.time)))
            case MemoryConsolidated() if event.person == self.person:
                for fact in event.facts:
                    self.semantic.add(MemoryItem(fact, is_fact=True))
            case Recalled() if event.person == self.person:
                self.last_recalled = event
            case StateSet() if self.person in event.people:
                self.changes.append(event)
            case _:
                pass

    def _evict(self) -> None:
        """Make searchable what is no longer there word for word."""
        if self.settings.recall == "off":
            return
        episodic, most, left = self.episodic, self.shares.news, self._gone
        for moment in episodic.moments[self._over :]:
            for text in evicted_text(moment, is_gone=False, most=most):
                self.semantic.add(MemoryItem(text, _date(moment.time)))
        self._over = len(episodic.moments)
        for moment in episodic.moments[self._gone : episodic.window.begin]:
            for text in evicted_text(moment, is_gone=True, most=most):
                self.semantic.add(MemoryItem(text, _date(moment.time)))
        self._gone = episodic.window.begin
        self._drop(left)

    def _drop(self, left: int) -> None:
        """Let go of moments that had left before the latest step, which asks for facts of those it made leave."""
        step = self.episodic.moments[-1].step if self.episodic.moments else 0
        if step != self._step:
            self._step = step
            self.episodic.drop(left)


def _date(time: str) -> str:
    """Write a moment's time as people say it: 5 January 2026, 09:20."""
    if not time:
        return ""
    at = datetime.fromisoformat(time)
    return f"{at.day} {at:%B %Y, %H:%M}"
