"""People sampled from populations: put into the plan as sampled, and completed once they are generated.

A plan contains the sampled fields, and a placeholder for each name; so it is the same document before
and after the people are generated. `with_people` fills in the generated fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.margins import margins
from tinytroupe_cli.personas.origins import KeyPath, Origin
from tinytroupe_cli.personas.persona import Persona
from tinytroupe_cli.personas.population import Population
from tinytroupe_cli.personas.population_files import find_population, other_populations
from tinytroupe_cli.personas.sampling import Drawn as DrawnFields
from tinytroupe_cli.personas.sampling import draw, draw_id, nested
from tinytroupe_cli.plan.drawn_people import id_of, stand_in
from tinytroupe_cli.plan.types import PlannedMargin, PlannedPopulation, PopulationDraw
from tinytroupe_cli.spec.people import FromPopulation


@dataclass(frozen=True)
class Draw:
    """What sampling needs in addition to the entry."""

    library: Library
    base_dir: FilePath
    seed: int


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """A sampled person."""

    id: str
    persona: Persona
    drawn: PopulationDraw | None
    """None: a model has nothing to write for them."""


def draw_people(
    entry: FromPopulation, path: Path, means: Draw, taken: set[str], findings: Findings
) -> tuple[list[PlannedPopulation], list[DrawnPerson]]:
    """Find, parse and sample a population; return nothing after errors."""
    population = _read(entry, (*path, "population"), means, findings)
    if population is None:
        return [], []
    size = _size(entry, path, population, findings)
    if population.name in taken:
        hint = "draw all its people at once, with one `size`"
        findings.add("E224", f"people are drawn from '{population.name}' twice", (*path, "population"), hint=hint)
        return [], []
    if size is None:
        return [], []
    people = draw(population, size, means.seed)
    drawn = _people(entry, (*path, "set"), population, people, findings)
    facts = [person.drawn.facts if person.drawn else dict(person.persona.fields) for person in drawn]
    return [planned_population(population, people, facts)], drawn


def planned_population(
    population: Population, people: Sequence[DrawnFields], facts: Sequence[Mapping[str, JsonValue]]
) -> PlannedPopulation:
    """Describe a sample; `facts` are the fields each person is generated from."""
    return PlannedPopulation(
        name=population.name,
        source=population.source,
        context=population.context,
        size=len(people),
        draw=draw_id(population, facts),
        generated_fields=population.generated_fields,
        margins=tuple(
            PlannedMargin(
                attribute=margin.attribute,
                level=margin.level,
                wanted=round(margin.wanted, 4),
                drawn=round(margin.drawn, 4),
                is_mean=margin.is_mean,
            )
            for margin in margins(population, people)
        ),
    )


def _own_name(name: str, names: dict[str, int]) -> str:
    """Return an unused name: a row sampled twice makes two people."""
    names[name] = names.get(name, 0) + 1
    return name if names[name] == 1 else f"{name} ({names[name]})"


def _read(entry: FromPopulation, path: Path, means: Draw, findings: Findings) -> Population | None:
    file = find_population(means.library, entry.population, base_dir=means.base_dir)
    if file is None:
        hint = other_populations(means.library, entry.population, base_dir=means.base_dir)
        findings.add("E220", f"no population '{entry.population}'", path, hint=hint)
        return None
    access = means.library.access
    if access is not None and not access.has(file):
        refusal = access.refusal(file, entry.population)
        findings.add("E220", refusal.message, path, hint=refusal.hint)
        return None
    try:
        population = means.library.load_population(file)
    except SpecError as error:
        if file.suffix == ".json":
            hint = f"if it is a description in words: troupe persona plan {means.library.shown(file)}"
            findings.add("E220", f"'{entry.population}' is not a population file", path, hint=hint)
        else:
            findings.keep(*error.diagnostics)
        return None
    findings.keep(*population.warnings)
    return population


def _size(entry: FromPopulation, path: Path, population: Population, findings: Findings) -> int | None:
    rows = population.rows
    if entry.size is None:
        if rows is None:
            findings.add("E224", "the number of people is missing", path, hint="add `size: 100`")
            return None
        return len(rows.people)
    if rows is not None and rows.draw == "in_order" and entry.size > len(rows.people):
        message = f"can't take {count(entry.size, 'person', 'people')} in order from {count(len(rows.people), 'row')}"
        findings.add("E224", message, (*path, "size"), hint="use a smaller `size`, or draw people with replacement")
        return None
    return entry.size


def _people(
    entry: FromPopulation, path: Path, population: Population, people: Sequence[DrawnFields], findings: Findings
) -> list[DrawnPerson]:
    base: KeyPath = ()
    origins = {base: Origin(population.document, ("attributes",))}
    found: list[DrawnPerson] = []
    names: dict[str, int] = {}
    for number, drawn in enumerate(people, start=1):
        person = id_of(population.name, number)
        fields: dict[str, JsonValue] = {"name": stand_in(person), **nested(drawn)}
        is_named = "name" in drawn
        if is_named:
            fields["name"] = _own_name(str(drawn["name"]), names)
        persona = Persona(fields, origins, (population.source,))
        with suppress(SpecError):  # told when everything else is set on them
            persona = persona.with_set(entry.set, document=findings.document, path=path)
        facts = {key: value for key, value in persona.fields.items() if key != "name"}
        is_whole = is_named and not population.generated_fields
        mark = (
            None
            if is_whole
            else PopulationDraw(
                population=population.name, number=number, facts=facts, generated_fields=population.generated_fields
            )
        )
        found.append(DrawnPerson(person, persona, mark))
    return found
