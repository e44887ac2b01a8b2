"""Seeded random streams, named by purpose.

A name, not an order of calls, decides the numbers: two streams of the same seed and
purpose agree wherever and whenever they are drawn from.
"""

from __future__ import annotations

import hashlib
import random  # noqa: TID251 - this is the door
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Stream:
    """Random numbers for one purpose, for example `Stream(7, "replicate", 2, "order of turns", 3)`."""

    def __init__(self, seed: int, *purpose: str | int) -> None:
        name = "\x1f".join([str(seed), *(str(part) for part in purpose)])
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        self._random = random.Random(int.from_bytes(digest, "big"))  # noqa: S311 - not for secrets

    def integer(self, below: int = 2**31) -> int:
        """Return a whole number in [0, below)."""
        return self._random.randrange(below)

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in a random order."""
        order = list(items)
        self._random.shuffle(order)
        return order

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return `count` different items, in the order they were written."""
        chosen = sorted(self._random.sample(range(len(items)), count))
        return [items[index] for index in chosen]
