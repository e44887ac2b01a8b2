"""Assigns people, or groups of people, to the cells of a between design, and people to rooms.

Complete randomization within blocks: people are shuffled within each block, the blocks are shuffled and laid end to
end, and a seeded order of the cells is repeated over the whole. So the numbers of any two cells differ by at most one
in each block and in all (Tijdeman, 1980, for unequal numbers). Drawn once per run: every replicate has the same people
in the same cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from tinytroupe_cli.core.random_streams import Stream


def replicate_seed(seed: int, replicate: int) -> int:
    """Return a replicate's seed: the same in all its conditions, so that they can be compared pairwise."""
    return Stream(seed, "replicate", replicate).integer()


def block_randomization(
    units: Sequence[str], shares: Sequence[int], *, stream: Stream, blocks: Mapping[str, Sequence[str]] | None = None
) -> list[tuple[str, ...]]:
    """Return the units of each cell, in the order given; `shares` has the relative size of each cell.

    `blocks`: block -> its units; every unit is in one block. Without blocks, all units form a single block.
    """
    within = [stream.shuffled(block) for block in (blocks or {"": units}).values()]
    line = list(chain.from_iterable(stream.shuffled(within)))
    cells = stream.shuffled(range(len(shares)))
    turns = take_turns([shares[cell] for cell in cells], len(line))
    cell_of = {unit: cells[turn] for unit, turn in zip(line, turns, strict=True)}
    return [tuple(unit for unit in units if cell_of[unit] == cell) for cell in range(len(shares))]


def take_turns(shares: Sequence[int], count: int) -> list[int]:
    """Return whose turn it is, `count` times: after any number of turns each has its share, up to less than one.

    Equal shares take turns in order. Otherwise the turn goes to the cell with the earliest deadline, of those that are
    owed at least 1 / (2 * (k - 1)) of a turn, for k cells (Tijdeman, 1980, The chairman assignment problem). What a
    cell is owed is counted in whole numbers.
    """
    total, cells = sum(shares), len(shares)
    if cells == 1:
        return [0] * count
    scale = 2 * (cells - 1)
    had = [0] * cells
    turns: list[int] = []
    for turn in range(1, count + 1):
        owed = [scale * (share * turn - total * had[cell]) for cell, share in enumerate(shares)]
        may = [cell for cell in range(cells) if owed[cell] >= total]
        chosen = min(may, key=lambda cell: (scale * total - total - owed[cell]) / shares[cell])
        had[chosen] += 1
        turns.append(chosen)
    return turns
