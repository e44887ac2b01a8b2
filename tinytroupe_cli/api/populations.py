"""Finds, checks and samples from population files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.compiler.cast.populations import planned_population
from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import NothingToDo, RunError, SpecError
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.personas.library import Library, standard_library
from tinytroupe_cli.personas.population import Population
from tinytroupe_cli.personas.population_files import find_population, other_populations
from tinytroupe_cli.personas.population_parser import is_population
from tinytroupe_cli.personas.sampling import draw, nested
from tinytroupe_cli.plan.drawn_people import id_of
from tinytroupe_cli.plan.types import PlannedPopulation, PopulationDraw

__all__ = [
    "PopulationSample",
    "check_population_file",
    "draw_sample",
    "looks_like_population",
    "population_file",
]


@dataclass(frozen=True, slots=True)
class PopulationSample:
    """People sampled from a population, not yet generated."""

    population: PlannedPopulation
    people: tuple[tuple[str, PopulationDraw], ...]
    """Ids and sampled fields."""
    warnings: tuple[Diagnostic, ...]


def population_file(name: str, project_dir: Path) -> Path:
    """Return the file of a population by name or path; raises NothingToDo if it does not exist."""
    library = standard_library(project_dir)
    found = find_population(library, name, base_dir=project_dir)
    if found is None:
        raise NothingToDo(f"no population '{name}'", hint=other_populations(library, name, base_dir=project_dir))
    return found


def draw_sample(path: Path, project_dir: Path, *, size: int | None, seed: int) -> PopulationSample:
    """Sample from a population's file; raises SpecError with all its errors."""
    population = standard_library(project_dir).load_population(path)
    drawn = draw(population, _size(population, size), seed)
    facts = [nested(person) for person in drawn]
    people = tuple(
        (
            id_of(population.name, number),
            PopulationDraw(
                population=population.name, number=number, facts=fields, generated_fields=population.generated_fields
            ),
        )
        for number, fields in enumerate(facts, start=1)
    )
    return PopulationSample(planned_population(population, drawn, facts), people, population.warnings)


def check_population_file(path: Path, project_dir: Path | None = None) -> list[Diagnostic]:
    """Return all findings in a population's file."""
    library = standard_library(project_dir or Path.cwd())
    try:
        return list(library.load_population(path).warnings)
    except SpecError as error:
        return list(error.diagnostics)


def looks_like_population(path: Path) -> bool:
    """Return whether a file is meant to be a population."""
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        return False
    return is_population(_value(standard_library(path.parent), path))


def _value(library: Library, path: Path) -> JsonValue:
    try:
        return library.read(path).value
    except SpecError:
        return None


def _size(population: Population, size: int | None) -> int:
    rows = population.rows
    if size is None and rows is None:
        raise RunError("the number of people is missing", hint="add --size 100")
    if rows is not None and size is not None and rows.draw == "in_order" and size > len(rows.people):
        message = f"can't take {count(size, 'person', 'people')} in order from {count(len(rows.people), 'row')}"
        raise RunError(message, hint="use a smaller --size")
    return size if size is not None else len(rows.people) if rows else 0
