"""Orders in which people meet conditions one after another, and who is assigned which.

A square is a list of sequences in which each condition is once in each period. Sequences are assigned as cells are: at
random within blocks, in numbers that differ by at most one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from tinytroupe_cli.compiler.cast.assignment import block_randomization
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_assignment import OrderOfConditions, PlannedSequence


def latin_square(count: int) -> list[tuple[int, ...]]:
    """Return `count` sequences of the numbers from 0; each is once in each place. All follow the same cycle."""
    return [tuple((start + place) % count for place in range(count)) for start in range(count)]


def williams_square(count: int) -> list[tuple[int, ...]]:
    """Return the sequences of a Williams design (Williams, 1949; Jones and Kenward, 2014, chapter 4).

    Each number is equally often in each place and equally often directly after each other number: `count` sequences if
    it is even, twice as many if it is odd.
    """
    first = [(place + 1) // 2 if place % 2 else (count - place // 2) % count for place in range(count)]
    rows = [tuple((number + shift) % count for number in first) for shift in range(count)]
    return rows if count % 2 == 0 else [*rows, *(row[::-1] for row in rows)]


def assigned_sequences(
    order: OrderOfConditions,
    conditions: Sequence[str],
    people: Sequence[str],
    *,
    seed: int,
    blocks: Mapping[str, Sequence[str]] | None = None,
) -> tuple[PlannedSequence, ...]:
    """Return the sequences with their people; `blocks`: block -> its people.

    `shuffled`: each person has an order of their own, drawn at random, so that blocks do not matter. Another person at
    the end of the cast then changes nobody else's.
    """
    match order:
        case "":
            return ()
        case "shuffled":
            found: dict[tuple[str, ...], list[str]] = {}
            for person in people:
                found.setdefault(tuple(Stream(seed, "sequence", person).shuffled(conditions)), []).append(person)
            return tuple(PlannedSequence(conditions=own, people=tuple(ids)) for own, ids in found.items())
        case "latin" | "williams":
            square = latin_square(len(conditions)) if order == "latin" else williams_square(len(conditions))
            named = Stream(seed, "sequences").shuffled(conditions)
            cells = block_randomization(
                people, [1] * len(square), stream=Stream(seed, "sequence assignment"), blocks=blocks or None
            )
            return tuple(
                PlannedSequence(conditions=tuple(named[number] for number in row), people=ids)
                for row, ids in zip(square, cells, strict=True)
            )
        case _:
            assert_never(order)
