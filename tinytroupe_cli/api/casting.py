"""Have a plan's drawn people written, or find them where they were written before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.personas.search_path import project_root
from tinytroupe_cli.plan.cast.populations import WrittenPeople
from tinytroupe_cli.plan.types import CastMember, Plan, PlannedPopulation, PopulationDraw
from tinytroupe_cli.runs.casting import Progress, Told, write_people
from tinytroupe_cli.runs.people_shelf import PeopleShelf, changes

__all__ = ["Progress", "Told", "drawn_members", "people_folder", "shelf_for", "unwritten", "write_cast"]


def people_folder(population: PlannedPopulation, here: Path) -> Path:
    """Return where a draw's people lie: `personas/canada/100-3f9a1c` of the project a command is run in."""
    return (project_root(here) or here) / "personas" / population.name / f"{population.size}-{population.draw}"


def shelf_for(population: PlannedPopulation, here: Path, folder: Path | None = None) -> PeopleShelf:
    """Return the folder of a draw's people as a shelf."""
    about = f"one of {population.size} people drawn from {population.source}"
    return PeopleShelf(folder or people_folder(population, here), standard_library(here), about)


def drawn_members(plan: Plan, population: str = "") -> list[CastMember]:
    """Return the people of a population (or of all), each once, in the order they were drawn."""
    members = {member.id: member for trial in plan.trials for member in trial.people}
    drawn = [member for member in members.values() if member.drawn and population in ("", member.drawn.population)]
    return sorted(drawn, key=lambda member: _drawn(member).number)


def unwritten(plan: Plan, here: Path) -> frozenset[str]:
    """Return the ids of those who are still to be written."""
    return frozenset(_unwritten(plan, here))


async def write_cast(plan: Plan, chat: ChatModel, here: Path, told: Told) -> WrittenPeople:
    """Return what is to be laid over each drawn person; asks the model for those nobody has written yet."""
    from tinytroupe_cli.minds.population_author import PopulationAuthor  # noqa: PLC0415 - few plans draw people

    everyone = {member.id: member for trial in plan.trials for member in trial.people}
    taken = [member.name for member in everyone.values() if member.drawn is None]
    found: dict[str, dict[str, JsonValue]] = {}
    doubts: dict[str, str] = {}
    for population in plan.populations:
        author = PopulationAuthor(
            chat,
            plan.models.author,
            population.name,
            population.context,
            population.also,
            plan.seed,
            population.size,
        )
        members = [(member.id, _drawn(member)) for member in drawn_members(plan, population.name)]
        written = await write_people(members, author, shelf_for(population, here), taken=taken, told=told)
        taken += [str(person.fields["name"]) for person in written.values()]
        found |= {person: changes(drawn.facts, written[person].fields) for person, drawn in members}
        doubts |= {person: "; ".join(one.doubts) for person, one in written.items() if one.doubts}
    return WrittenPeople(people=found, doubts=doubts)


def _unwritten(plan: Plan, here: Path) -> Iterator[str]:
    for population in plan.populations:
        shelf = shelf_for(population, here)
        for member in drawn_members(plan, population.name):
            if not shelf.path(_drawn(member).number).is_file():
                yield member.id


def _drawn(member: CastMember) -> PopulationDraw:
    if member.drawn is None:
        raise ValueError(f"{member.id} was not drawn")
    return member.drawn
