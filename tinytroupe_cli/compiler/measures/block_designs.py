"""Sets of options for best-worst tasks: incomplete block designs that are as balanced as their size allows.

In each version, every option is in the same number of sets, and pairs of options meet as equally often as a search
finds: exactly, where a balanced incomplete block design was found (Cochran and Cox 1957, chapter 11). Later versions
are the first one with its options renamed, so that pairs, and places within a set, even out over versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_sets import SetsOfOptions

MAX_SEARCHES: Final = 12
"""Searches for the first version, of which the most balanced one is taken; fewer for large designs."""
SEARCH_EFFORT: Final = 60_000
"""Exchanges looked at, in all searches: about the square of the number of places in the sets."""
Blocks = list[list[int]]
Matrix = list[list[int]]


def versions_of_sets(
    options: int, sets: int, size: int, *, seed: int, purpose: Sequence[str]
) -> Iterator[SetsOfOptions]:
    """Yield one version after the other, without end; each depends on those before it alone.

    `sets` times `size` is a multiple of `options`.
    """
    base = _most_balanced(options, sets, size, seed, purpose)
    met, places = _zeros(options, options), _zeros(options, size)
    version = 0
    while True:
        stream = Stream(seed, "sets", *purpose, version)
        names = _renamed(_pairs(base, options), met, stream.shuffled(range(options)))
        own = [[names[option] for option in block] for block in base]
        _add_pairs(met, own)
        yield tuple(_arranged(block, places, stream) for block in stream.shuffled(own))
        version += 1


def _zeros(rows: int, columns: int) -> Matrix:
    return [[0] * columns for _ in range(rows)]


def _add_pairs(met: Matrix, blocks: Sequence[Sequence[int]]) -> None:
    for block in blocks:
        for one, other in combinations(block, 2):
            met[one][other] += 1
            met[other][one] += 1


def _pairs(blocks: Sequence[Sequence[int]], options: int) -> Matrix:
    met = _zeros(options, options)
    _add_pairs(met, blocks)
    return met


def _squares(met: Matrix) -> int:
    return sum(count * count for row in met for count in row)


def _most_balanced(options: int, sets: int, size: int, seed: int, purpose: Sequence[str]) -> Blocks:
    """Return the sets with the least sum of squared counts of pairs; where these differ by at most 1, at once."""
    slots = sets * size * (size - 1)
    low, more = divmod(slots, options * (options - 1))
    least = (options * (options - 1) - more) * low * low + more * (low + 1) * (low + 1)
    best: Blocks = []
    for attempt in range(max(1, min(MAX_SEARCHES, SEARCH_EFFORT // (sets * size) ** 2))):
        found = _search(_dealt(options, sets, size, Stream(seed, "base sets", *purpose, attempt)), options)
        if not best or _squares(_pairs(found, options)) < _squares(_pairs(best, options)):
            best = found
        if _squares(_pairs(best, options)) == least:
            break
    return best


def _dealt(options: int, sets: int, size: int, stream: Stream) -> Blocks:
    """Deal every option equally often, each to the emptiest sets that lack it."""
    blocks: Blocks = [[] for _ in range(sets)]
    for _ in range(sets * size // options):
        for option in stream.shuffled(range(options)):
            order = sorted(stream.shuffled(range(sets)), key=lambda at: len(blocks[at]))
            free = [at for at in order if option not in blocks[at] and len(blocks[at]) < size]
            if free:
                blocks[free[0]].append(option)
            else:
                _make_room(blocks, option, size)
    return blocks


def _make_room(blocks: Blocks, option: int, size: int) -> None:
    """Place an option that every set with room already has: another option moves to that set."""
    short = next(block for block in blocks if len(block) < size)
    for block in blocks:
        moved = next((other for other in block if other not in short), None)
        if option not in block and moved is not None:
            block[block.index(moved)] = option
            short.append(moved)
            return


def _search(blocks: Blocks, options: int) -> Blocks:
    """Exchange options between sets as long as that makes the counts of pairs more equal."""
    met = _pairs(blocks, options)
    while _exchanged(blocks, met):
        pass
    return blocks


def _exchanged(blocks: Blocks, met: Matrix) -> bool:
    is_better = False
    for first, second in combinations(blocks, 2):
        for at, one in enumerate(first):
            for where, other in enumerate(second):
                if first[at] != one or one in second or other in first:
                    continue
                left, right = [entry for entry in first if entry != one], [entry for entry in second if entry != other]
                if _change(met, one, other, left, right) < 0:
                    _move(met, one, left, right)
                    _move(met, other, right, left)
                    first[at], second[where] = other, one
                    is_better = True
                    break
    return is_better


def _change(met: Matrix, one: int, other: int, left: Sequence[int], right: Sequence[int]) -> int:
    """Return the change of half the sum of squares if `one` goes from `left` to `right`, and `other` back."""
    steps: dict[tuple[int, int], int] = {}
    for option, source, target in ((one, left, right), (other, right, left)):
        for entry in source:
            pair = (min(option, entry), max(option, entry))
            steps[pair] = steps.get(pair, 0) - 1
        for entry in target:
            pair = (min(option, entry), max(option, entry))
            steps[pair] = steps.get(pair, 0) + 1
    return sum(step * (2 * met[pair[0]][pair[1]] + step) for pair, step in steps.items())


def _move(met: Matrix, option: int, source: Sequence[int], target: Sequence[int]) -> None:
    for entries, step in ((source, -1), (target, 1)):
        for entry in entries:
            met[option][entry] += step
            met[entry][option] += step


def _renamed(own: Matrix, met: Matrix, names: list[int]) -> list[int]:
    """Return new names of options with which the pairs of all versions so far are most equal, by exchanging names."""
    options = range(len(names))

    def cross(one: int) -> int:
        """Return what an option adds to the sum of squares, as far as names change it."""
        return sum(own[one][entry] * met[names[one]][names[entry]] for entry in options if entry != one)

    is_better = True
    while is_better:
        is_better = False
        for one, other in combinations(options, 2):
            before = cross(one) + cross(other)
            names[one], names[other] = names[other], names[one]
            if cross(one) + cross(other) < before:
                is_better = True
            else:
                names[one], names[other] = names[other], names[one]
    return names


def _arranged(block: Sequence[int], places: Matrix, stream: Stream) -> tuple[int, ...]:
    """Return a set in an order in which each option has been shown least often at its place; counts it."""
    order = stream.shuffled(block)
    is_better = True
    while is_better:
        is_better = False
        for one, other in combinations(range(len(order)), 2):
            kept = places[order[one]][one] + places[order[other]][other]
            if places[order[other]][one] + places[order[one]][other] < kept:
                order[one], order[other] = order[other], order[one]
                is_better = True
    for place, option in enumerate(order):
        places[option][place] += 1
    return tuple(order)
