"""Draw people from a population and have them written, outside any experiment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tinytroupe_cli.api.asking import Ready, opened
from tinytroupe_cli.api.casting import Progress, people_folder, shelf_for
from tinytroupe_cli.api.populations import Sample
from tinytroupe_cli.minds.population_author import PopulationAuthor
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.casting import Written, write_people

__all__ = ["Progress", "sample_folder", "still_to_write", "write_sample"]

_STORE = ".calls.sqlite"
"""Answers so far, beside the files; deleted when everyone is there."""


def sample_folder(sample: Sample, here: Path, out: str = "") -> Path:
    """Return where the people go: a folder that was asked for, or where an experiment would look for them."""
    return here / out if out else people_folder(sample.population, here)


def still_to_write(sample: Sample, folder: Path, here: Path) -> int:
    """Return how many have no file yet."""
    shelf = shelf_for(sample.population, here, folder)
    return sum(not shelf.path(drawn.number).is_file() for _, drawn in sample.people)


def write_sample(
    sample: Sample, ready: Ready, folder: Path, here: Path, *, seed: int, told: Callable[[Progress], None]
) -> dict[str, Written]:
    """Write everyone who has no file yet; after an interruption, what was answered is not asked again."""
    written = asyncio.run(_write(sample, ready, folder, here, seed=seed, told=told))
    for path in folder.glob(f"{_STORE}*"):
        with suppress(OSError):
            path.unlink()
    return written


async def _write(
    sample: Sample, ready: Ready, folder: Path, here: Path, *, seed: int, told: Callable[[Progress], None]
) -> dict[str, Written]:
    population = sample.population
    store = SqliteCallStore(folder / _STORE, keep_requests=False)
    try:
        async with opened(ready, store) as chat:
            author = PopulationAuthor(
                chat,
                ready.use("author"),
                population.name,
                population.context,
                population.also,
                seed,
                population.size,
            )
            shelf = shelf_for(population, here, folder)
            return await write_people(sample.people, author, shelf, taken=(), told=told)
    finally:
        store.close()
