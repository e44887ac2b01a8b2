"""Generates a plan's sampled people, or finds those generated before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.personas.search_path import project_root
from tinytroupe_cli.plan.drawn_people import WrittenPeople
from tinytroupe_cli.plan.types import CastMember, Plan, PlannedPopulation, PopulationDraw
from tinytroupe_cli.runs.generated_people import GeneratedPeople, changes
from tinytroupe_cli.runs.people_generation import GenerationProgress, OnProgress, generate_people

__all__ = [
    "GenerationProgress",
    "OnProgress",
    "drawn_members",
    "generate_for_plan",
    "generated_people",
    "generated_people_folder",
    "not_generated",
]


def generated_people_folder(population: PlannedPopulation, project_dir: Path) -> Path:
    """Return the folder of a sample's people: `personas/canada/100-3f9a1c` of the project a command runs in."""
    return (
        (project_root(project_dir) or project_dir)
        / "personas"
        / population.name
        / f"{population.size}-{population.draw}"
    )


def generated_people(population: PlannedPopulation, project_dir: Path, folder: Path | None = None) -> GeneratedPeople:
    """Return the store of a sample's people."""
    about = f"one of {population.size} people drawn from {population.source}"
    return GeneratedPeople(
        folder or generated_people_folder(population, project_dir), standard_library(project_dir), about
    )


def drawn_members(plan: Plan, population: str = "") -> list[CastMember]:
    """Return the people of a population (or of all), each once, in the order they were sampled."""
    drawn = [member for member in plan.cast if member.drawn and population in ("", member.drawn.population)]
    return sorted(drawn, key=lambda member: _drawn(member).number)


def not_generated(plan: Plan, project_dir: Path) -> frozenset[str]:
    """Return the ids of people not yet generated."""
    return frozenset(_not_generated(plan, project_dir))


async def generate_for_plan(plan: Plan, chat: ChatModel, project_dir: Path, on_progress: OnProgress) -> WrittenPeople:
    """Return the generated fields of each sampled person; calls the model for those not yet generated."""
    from tinytroupe_cli.minds.population_author import PopulationAuthor  # noqa: PLC0415 - few plans draw people

    taken = [member.name for member in plan.cast if member.drawn is None]
    found: dict[str, dict[str, JsonValue]] = {}
    problems: dict[str, str] = {}
    for population in plan.populations:
        author = PopulationAuthor(
            chat,
            plan.models.author,
            population.name,
            population.context,
            population.generated_fields,
            plan.seed,
            population.size,
        )
        members = [(member.id, _drawn(member)) for member in drawn_members(plan, population.name)]
        written = await generate_people(
            members, author, generated_people(population, project_dir), taken=taken, on_progress=on_progress
        )
        taken += [str(person.fields["name"]) for person in written.values()]
        found |= {person: changes(drawn.facts, written[person].fields) for person, drawn in members}
        problems |= {person: "; ".join(draft.problems) for person, draft in written.items() if draft.problems}
    return WrittenPeople(people=found, problems=problems)


def _not_generated(plan: Plan, project_dir: Path) -> Iterator[str]:
    for population in plan.populations:
        shelf = generated_people(population, project_dir)
        for member in drawn_members(plan, population.name):
            if not shelf.path(_drawn(member).number).is_file():
                yield member.id


def _drawn(member: CastMember) -> PopulationDraw:
    if member.drawn is None:
        raise ValueError(f"{member.id} was not drawn")
    return member.drawn
