"""What a call is made of, in letters: exact lengths of what exists, bounds of what will be said."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.models.port import Role


@dataclass(frozen=True, slots=True)
class CharRange:
    """From, to."""

    low: int
    high: int

    def __add__(self, other: CharRange) -> CharRange:
        return CharRange(self.low + other.low, self.high + other.high)

    def __mul__(self, times: int) -> CharRange:
        return CharRange(self.low * times, self.high * times)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Letters of the prompts themselves, without what fills them."""

    person: int
    """Who they play, without the portrait."""
    present: int
    """Where they are now."""
    answer: int
    """A question put to them aside."""
    judge: int
    claim: int
    """A claim put to the judge."""
    notes: int
    """A piece of what a claim is judged by."""
    author: int = 0
    """What the people of a population are written from."""
    schema: int = 500
    """The shape of an answer; some providers count it."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call. Two with the same key are the same request, and asked once."""

    role: Role
    key: bytes
    prompt: CharRange
    reply: CharRange
    is_certain: bool = True
    """False where it depends on what happens: somebody may have nothing to act on."""
    is_retry: bool = False
    """Made only where an earlier try had words that are none of the person's."""
    model: str = ""
    """The model, where the role alone doesn't say."""
