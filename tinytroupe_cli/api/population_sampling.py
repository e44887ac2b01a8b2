"""Samples people from a population and generates them, outside any experiment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tinytroupe_cli.api.model_access import ResolvedModels, open_models
from tinytroupe_cli.api.people_generation import GenerationProgress, generated_people, generated_people_folder
from tinytroupe_cli.api.populations import PopulationSample
from tinytroupe_cli.minds.population_author import PopulationAuthor
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.people_generation import GenerationResult, generate_people

__all__ = ["GenerationProgress", "people_to_generate", "sample_folder", "write_sample"]

_STORE = ".calls.sqlite"
"""Answers so far, next to the files; deleted when everyone is generated."""


def sample_folder(sample: PopulationSample, project_dir: Path, out: str = "") -> Path:
    """Return the folder for the people: the one requested, or where an experiment would look for them."""
    return project_dir / out if out else generated_people_folder(sample.population, project_dir)


def people_to_generate(sample: PopulationSample, folder: Path, project_dir: Path) -> int:
    """Return how many people have no file yet."""
    shelf = generated_people(sample.population, project_dir, folder)
    return sum(not shelf.path(drawn.number).is_file() for _, drawn in sample.people)


def write_sample(
    sample: PopulationSample,
    ready: ResolvedModels,
    folder: Path,
    project_dir: Path,
    *,
    seed: int,
    on_progress: Callable[[GenerationProgress], None],
) -> dict[str, GenerationResult]:
    """Generate everyone who has no file yet; after an interruption, earlier answers are reused."""
    written = asyncio.run(_write(sample, ready, folder, project_dir, seed=seed, on_progress=on_progress))
    for path in folder.glob(f"{_STORE}*"):
        with suppress(OSError):
            path.unlink()
    return written


async def _write(
    sample: PopulationSample,
    ready: ResolvedModels,
    folder: Path,
    project_dir: Path,
    *,
    seed: int,
    on_progress: Callable[[GenerationProgress], None],
) -> dict[str, GenerationResult]:
    population = sample.population
    store = SqliteCallStore(folder / _STORE, keep_requests=False)
    try:
        async with open_models(ready, store) as chat:
            author = PopulationAuthor(
                chat,
                ready.use("author"),
                population.name,
                population.context,
                population.generated_fields,
                seed,
                population.size,
            )
            shelf = generated_people(population, project_dir, folder)
            return await generate_people(sample.people, author, shelf, taken=(), on_progress=on_progress)
    finally:
        store.close()
