"""What a person has word for word: their events as moments, the latest of them kept within bounds.

A pure fold: the same events give the same moments, whether told one by one or all at once. It
never forgets what the fold needs; it tells what is kept, what is about to leave and what has left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import (
    Acted,
    Event,
    MemoryConsolidated,
    MentalStateReported,
    Misaddressed,
    Perceived,
    TrialBegan,
)
from tinytroupe_cli.minds.memory.token_budget import TokenBudget
from tinytroupe_cli.minds.memory.truncation import truncate_all
from tinytroupe_cli.minds.memory.window import Block, Window, WindowLimits
from tinytroupe_cli.models.port import Message
from tinytroupe_cli.prompts.catalog import PersonPerceived, render
from tinytroupe_cli.prompts.variables.people import TurnForm

NOTHING_NEW = "(Nothing new has reached you.)"
MESSAGE_TOKENS = 8
"""What a message takes beside its words."""
IMAGE_TOKENS = 800
NEWEST = 4
"""Moments that a step can have, each with an act that was answered."""


def _as_json(did: Mapping[str, str]) -> str:
    return json.dumps(did, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class DialogueStyle:
    """How a past is written for a model."""

    form: TurnForm = "moment"
    """Which phrase says what reached a person."""
    did: Callable[[Mapping[str, str]], str] = _as_json
    """Writes what they did: part of a reply -> what it was."""
    nothing: str = NOTHING_NEW
    """Stands where nothing reached them."""
    between: str = "\n"
    """Stands between two things that reached them."""
    you: str = "you"
    """The person, where something comes from them or is meant for them."""


@dataclass(frozen=True, slots=True)
class Percept:
    """One thing that reached a person."""

    text: str
    """As they were told it, in full."""
    words: str
    """What it is about, to be reminded by."""
    images: tuple[str, ...] = ()
    """Pictures that came with it, by name."""
    is_long: bool = False
    """Too long to stay whole beside anything else; searchable as soon as it is there."""
    is_memory: bool = False
    """Came from their own mind, where it still is."""


@dataclass(slots=True)
class Episode:
    """What reached a person, and what they did about it."""

    percepts: list[Percept] = field(default_factory=list[Percept])
    did: dict[str, str] = field(default_factory=dict[str, str])
    step: int = 0
    """The step of what they did; of what reached them, as long as they have done nothing."""
    time: str = ""

    def truncated(self, most: int) -> list[str]:
        """Return what reached them within so many tokens."""
        return truncate_all([percept.text for percept in self.percepts], most - self._for_images)

    def reached(self, most: int, style: DialogueStyle) -> str:
        """Return what reached them as one text."""
        return style.between.join(self.truncated(most)) or style.nothing

    def messages(self, most: int, style: DialogueStyle) -> tuple[Message, Message]:
        """Return the moment as a part of a dialogue."""
        reached = Message(role="user", content=self.reached(most, style), images=self.images)
        return reached, Message(role="assistant", content=style.did(self.did))

    def tokens(self, messages: Iterable[Message]) -> int:
        """Return about how many tokens it takes, written as these messages."""
        words = sum(estimate_tokens(message.content) for message in messages)
        return words + 2 * MESSAGE_TOKENS + self._for_images

    @property
    def _for_images(self) -> int:
        return IMAGE_TOKENS * len(self.images)

    @property
    def images(self) -> tuple[str, ...]:
        """Return the pictures that reached them, by name."""
        return tuple(name for percept in self.percepts for name in percept.images)


@dataclass(slots=True)
class EpisodicMemory:
    """A person's moments in order; `take` tells it what happened to them."""

    person: str
    shares: TokenBudget
    most_moments: int
    style: DialogueStyle = field(default_factory=DialogueStyle)
    moments: list[Episode] = field(default_factory=list[Episode])
    """Those that are over."""
    _written: list[tuple[Message, Message] | None] = field(default_factory=list[tuple[Message, Message] | None])
    """The same, as messages; None for those that were dropped."""
    _dropped: int = 0
    """Moments of which nothing is kept."""
    now: Episode = field(default_factory=Episode)
    window: Window = field(init=False)
    names: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.window = Window(WindowLimits(self.most_moments, self.shares.past))

    def observe(self, event: Event) -> None:
        """Take in what happened next."""
        match event:
            case TrialBegan():
                self.names = event.names
            case Perceived() if self.person in event.people:
                self._perceive(event)
            case Acted() | MentalStateReported() | Misaddressed() if event.person == self.person:
                self._act(event)
            case MemoryConsolidated() if event.person == self.person:
                self.rest()
            case _:
                pass

    def rest(self) -> None:
        """Let the present moment be over, if anything was done in it."""
        if self.now.did:
            self.moments.append(self.now)
            written = self.now.messages(self.shares.news, self.style)
            self._written.append(written)
            self.window.add(self.now.tokens(written))
            self.now = Episode()

    def drop(self, left: int) -> None:
        """Let go of what the first moments were that have left; their steps and times stay."""
        through = max(self._dropped, min(left, len(self.moments) - NEWEST))
        for at in range(self._dropped, through):
            self.moments[at] = Episode(step=self.moments[at].step, time=self.moments[at].time)
            self._written[at] = None
        self._dropped = through

    def dialogue(self, block: Block | None = None) -> list[Message]:
        """Return what is kept, or a block of moments, as messages."""
        first, through = (block.first, block.through) if block else (self.window.begin, len(self.moments))
        return [message for pair in self._written[first:through] if pair for message in pair]

    @property
    def reached(self) -> str:
        """Return what has reached them since their last turn."""
        return self.now.reached(self.shares.news, self.style)

    def news(self, step: int) -> list[str]:
        """Return the bare words of what reached them for the turn of a step, its earlier rounds included."""
        rounds = [moment for moment in self.moments[-NEWEST:] if moment.step == step]
        percepts = [percept for moment in (*rounds, self.now) for percept in moment.percepts]
        return [percept.words for percept in percepts if not percept.is_memory]

    def chosen(self, step: int) -> list[Block]:
        """Return the blocks that a step's moments made leave or be about to."""
        return [block for at, block in self.window.chosen if self.moments[at].step == step]

    def _perceive(self, event: Perceived) -> None:
        self.rest()
        self.now.percepts.append(self._percept(event))
        self.now.step, self.now.time = event.step, event.time

    def _percept(self, event: Perceived) -> Percept:
        you = self.style.you
        to = you if event.to == self.person else self.names.get(event.to, event.to)
        source = you if event.source == self.person else self.names.get(event.source, event.source)
        text = _perceived_text((self.style.form, you, event.sense, source, to, event.text))
        return Percept(
            text,
            event.text,
            images=event.images,
            is_long=estimate_tokens(text) > self.shares.news // 2,
            is_memory=event.sense == "recall",
        )

    def _act(self, event: Acted | MentalStateReported | Misaddressed) -> None:
        if self.now.did and self.now.step != event.step:
            self.rest()
        self.now.step, self.now.time = event.step, event.time
        self.now.did |= _did(event, self.names)


def evicted_text(moment: Episode, *, is_gone: bool, most: int) -> Iterator[str]:
    """Yield what is no longer there word for word: while a moment is kept, what was too long for it; then the rest."""
    for seen, percept in zip(moment.truncated(most), moment.percepts, strict=True):
        if (seen != percept.text) != is_gone and not (percept.is_memory or percept.is_long):
            yield percept.text
    if is_gone and moment.did.get("thought"):
        yield f"You thought: {moment.did['thought']}"
    if is_gone and moment.did.get("words"):
        yield f"You said to {moment.did.get('to', 'yourself')}: {moment.did['words']}"


@lru_cache(maxsize=256)
def _perceived_text(told: tuple[TurnForm, str, str, str, str, str]) -> str:
    """Return what reached a person as they are told it: all who hear the same share one text."""
    form, name, sense, source, to, text = told
    variables = PersonPerceived(form=form, name=name, sense=sense, source=source, to=to, text=text)
    return render("person/perceived", variables)


def _did(event: Acted | MentalStateReported | Misaddressed, names: dict[str, str]) -> dict[str, str]:
    match event:
        case Acted(action=Action.THINK):
            return {"thought": event.text}
        case Acted(action=Action.DONE):
            return {"words": ""}
        case Acted(action=Action.TALK):
            return {"to": names.get(event.to, event.to), "words": event.text}
        case Acted():
            return {"act": event.action, "argument": event.text}
        case Misaddressed():
            return {"to": event.name, "words": event.text}
        case MentalStateReported():
            return {"feeling": event.emotion, "goal": event.goal}
