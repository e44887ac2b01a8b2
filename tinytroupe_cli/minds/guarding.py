"""Takes a turn again, with another sample, where the words are none of the person's; of all tries keeps the best.

How a turn is put to a model is not its business: it is given the attempt, and what was said before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tinytroupe_cli.core.errors import NotStored
from tinytroupe_cli.events.event import FAULT_WORDS
from tinytroupe_cli.events.types import Event, TurnScored
from tinytroupe_cli.minds.attempts import attempt_text
from tinytroupe_cli.minds.earlier_words import EarlierWords
from tinytroupe_cli.minds.guards import SEVERITY, Fault, fault_of
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.repetition import MAX_REPEATED, without_quotations
from tinytroupe_cli.minds.situation import EVERYONE, Situation, Turn

TRIES: Final = 3
"""How often a turn is taken at the most, the first time included."""


@dataclass(frozen=True, slots=True)
class Guarding:
    """How turns are held to what people would say."""

    is_on: bool = True
    most_repeated: float = MAX_REPEATED
    """Share of the words' sequences of four that one earlier text may have had."""
    tries: int = TRIES
    first: int = 0
    """The number of the first sample."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose turn it is, and how it is held."""

    trial: str
    guarding: Guarding
    earlier: EarlierWords
    """What they said and heard."""

    @property
    def person(self) -> str:
        """Return their id."""
        return self.earlier.person


async def guarded(
    attempt: Callable[[int], Awaitable[Turn | NoAnswer]], past: Sequence[Event], situation: Situation, whose: Whose
) -> Turn | NoAnswer:
    """Take a turn until nothing is wrong with its words, or that is enough; return the best, which notes the others.

    `attempt` is given a sample number. A turn with a fault is better than a refusal; of several the least bad one is
    taken, and of equals the first.
    """
    guarding = whose.guarding
    if not guarding.is_on:
        return await attempt(guarding.first)
    tries: list[_Try] = []
    for sample in range(guarding.first, guarding.first + guarding.tries):
        try:
            outcome = await attempt(sample)
        except NotStored:
            if not tries:
                raise
            break  # a run from before there were guards is replayed
        if isinstance(outcome, NoAnswer) and outcome.reason != "refused":
            if not tries:
                return outcome
            tries.append(_Try(outcome, "", None))
            break
        tries.append(_tried(outcome, past, situation, whose))
        if tries[-1].fault is None:
            break
    return _taken(tries, situation, whose)


@dataclass(frozen=True, slots=True)
class _Try:
    outcome: Turn | NoAnswer
    text: str
    fault: Fault | None

    @property
    def badness(self) -> int:
        if isinstance(self.outcome, NoAnswer):
            return len(SEVERITY) + (self.outcome.reason != "refused")
        return badness(self.fault)

    @property
    def reason(self) -> str:
        """Why it is not good enough, as a sentence; empty for a good one."""
        if isinstance(self.outcome, NoAnswer) and self.fault is None:
            return f"The attempt failed ({self.outcome.reason}): {self.outcome.text}"
        return reason_of(self.fault)


def turn_fault(turn: Turn, past: Sequence[Event], situation: Situation, whose: Whose) -> Fault | None:
    """Return what is wrong with the words of a turn or, where there are none, with its thought."""
    earlier, most, listeners = whose.earlier, whose.guarding.most_repeated, _listeners(turn, situation)
    earlier.take(past)
    if turn.words and turn.words.casefold() not in {words.casefold() for words in situation.own_words}:
        forms = (turn.words, without_quotations(turn.words))
        before = earlier.like_words(forms, listeners, most=most)
        return fault_of(turn.words, own=before.own, others=before.others, asked=before.asked, most=most)
    before = earlier.like_thought(turn.thought, listeners, most=most)
    return fault_of(turn.thought, own=before.own, others=(), asked=before.asked, most=most)


def _listeners(turn: Turn, situation: Situation) -> frozenset[str]:
    """Return the ids of those who are spoken to; none where it is an outside voice or a system."""
    ids = frozenset(person for person, _ in situation.people)
    return ids if turn.to == EVERYONE else ids & {turn.to}


def _tried(outcome: Turn | NoAnswer, past: Sequence[Event], situation: Situation, whose: Whose) -> _Try:
    if isinstance(outcome, NoAnswer):
        return _Try(outcome, outcome.text, "refusal")
    fault = turn_fault(outcome, past, situation, whose)
    return _Try(replace(outcome, fault=fault), attempt_text(outcome, situation), fault)


def _taken(tries: Sequence[_Try], situation: Situation, whose: Whose) -> Turn | NoAnswer:
    best = min(tries, key=lambda attempt: attempt.badness)
    if len(tries) == 1:
        return best.outcome
    noted = tuple(
        TurnScored(
            trial=whose.trial,
            step=situation.step,
            person=whose.person,
            attempt=number,
            scores={},
            is_good=not attempt.reason,
            is_kept=attempt is best,
            reason=attempt.reason,
            text=attempt.text,
            fault=attempt.fault,
        )
        for number, attempt in enumerate(tries, start=1)
    )
    return replace(best.outcome, side_events=(*best.outcome.side_events, *noted))


def badness(fault: Fault | None) -> int:
    """Return how bad a fault is, for comparing; -1 where there is none."""
    return -1 if fault is None else SEVERITY[fault]


def reason_of(fault: Fault | None) -> str:
    """Return what is wrong, as a sentence; empty where nothing is."""
    return f"It {FAULT_WORDS[fault]}." if fault else ""
