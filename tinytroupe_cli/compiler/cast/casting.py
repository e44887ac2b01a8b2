"""Turns cast entries into complete people: finds files, sets values, merges fragments, makes names unique."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import assert_never

from pydantic import JsonValue

from tinytroupe_cli.compiler.cast.cast_context import CastContext
from tinytroupe_cli.compiler.cast.copies import check_copies, copy_names, differences
from tinytroupe_cli.compiler.cast.populations import Draw, draw_people
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import RESERVED, Roster, build_roster
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS, slug
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.personas.file_names import stem
from tinytroupe_cli.personas.fragment import Fragment, merge
from tinytroupe_cli.personas.library import NotFound
from tinytroupe_cli.personas.origins import Origin
from tinytroupe_cli.personas.persona import Persona
from tinytroupe_cli.plan.types import CastMember, PopulationDraw
from tinytroupe_cli.spec.people import CastEntry, FromFiles, FromPopulation, UsePersona


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A person on the way into the cast."""

    path: Path
    stem: str
    persona: Persona
    is_renamed: bool
    drawn: PopulationDraw | None = None
    is_copy: bool = False
    """One of many copies; their name is random."""
    place: str = ""
    systems: list[str] | None = None


def cast_people(entries: Sequence[CastEntry], shared_fragments: Sequence[str], casting: CastContext) -> Roster:
    """Return everyone who takes part, in the order written; errors go to the findings."""
    errors = casting.findings.errors
    shared = _fragments(shared_fragments, ("fragments",), casting)
    candidates = [
        replace(candidate, systems=None if isinstance(entry, str) else entry.systems)
        for index, entry in enumerate(entries)
        for candidate in _candidates(entry, ("personas", index), shared, casting)
    ]
    candidates = _with_names(candidates, casting)
    _refuse_namesakes(candidates, casting.findings)
    stems: dict[str, str] = {}
    came_with: dict[str, int] = {}
    members: list[CastMember] = []
    for candidate in candidates:
        person = _free_id(candidate, stems)
        stems[person] = person if candidate.is_renamed else candidate.stem
        came_with[person] = int(candidate.path[1])
        persona = candidate.persona
        casting.findings.keep(*persona.warnings)
        members.append(_member(person, candidate))
    is_complete = casting.findings.errors == errors
    return build_roster(members, stems, is_complete=is_complete, populations=casting.populations, entries=came_with)


def _member(person: str, candidate: _Candidate) -> CastMember:
    persona = candidate.persona
    return CastMember(
        id=person,
        name=persona.name,
        persona=dict(persona.fields),
        sources=persona.sources,
        place=candidate.place,
        drawn=candidate.drawn,
        systems=None if candidate.systems is None else tuple(candidate.systems),
    )


def _with_names(candidates: Sequence[_Candidate], casting: CastContext) -> list[_Candidate]:
    """Give every copy its own name."""
    copies = [candidate for candidate in candidates if candidate.is_copy]
    taken = [candidate.persona.name for candidate in candidates if not candidate.is_copy]
    names = iter(copy_names([copy.persona.fields for copy in copies], casting.seed, taken=taken))
    return [
        replace(
            candidate,
            persona=candidate.persona.renamed(next(names), Origin(casting.document, (*candidate.path, "copies"))),
        )
        if candidate.is_copy
        else candidate
        for candidate in candidates
    ]


def _candidates(entry: CastEntry, path: Path, shared: Sequence[Fragment], casting: CastContext) -> Iterator[_Candidate]:
    match entry:
        case str():
            plain = UsePersona(use=entry)
            yield from _one(plain, path, path, shared, casting)
        case UsePersona():
            yield from _one(entry, path, (*path, "use"), shared, casting)
        case FromFiles():
            yield from _many(entry, path, shared, casting)
        case FromPopulation():
            yield from _drawn(entry, path, shared, casting)
        case _:
            assert_never(entry)


def _one(
    entry: UsePersona, path: Path, place: Path, shared: Sequence[Fragment], casting: CastContext
) -> Iterator[_Candidate]:
    file = casting.find("persona", entry.use)
    if isinstance(file, NotFound):
        casting.findings.add("E301", file.message, place, hint=file.hint)
        return
    persona = casting.persona(file)
    if persona is None:
        return
    check_copies(entry, path, casting.findings)
    if entry.copies is not None:
        yield from _copies(persona, entry, path, shared, casting, of=stem(file, "persona"))
        return
    changed = _changed(persona, entry, path, shared, casting)
    if entry.name is not None:
        changed = changed.renamed(entry.name, Origin(casting.document, (*path, "as")))
    is_renamed = entry.name is not None
    yield _Candidate(
        path, stem(file, "persona"), changed, is_renamed=is_renamed, place=entry.place, systems=entry.systems
    )


def _copies(
    persona: Persona, entry: UsePersona, path: Path, shared: Sequence[Fragment], casting: CastContext, *, of: str
) -> Iterator[_Candidate]:
    for number, drawn in enumerate(differences(entry, casting.seed, int(path[-1])), start=1):
        copy = _changed(persona, entry, path, shared, casting, drawn=drawn)
        yield _Candidate(
            path, f"{of}-{number}", copy, is_renamed=False, is_copy=True, place=entry.place, systems=entry.systems
        )


def _many(entry: FromFiles, path: Path, shared: Sequence[Fragment], casting: CastContext) -> Iterator[_Candidate]:
    found = casting.library.find_all(entry.files, base_dir=casting.base_dir)
    if isinstance(found, NotFound):
        message = found.message if found.refusal else f"no person matches '{entry.files}'"
        casting.findings.add("E301", message, (*path, "from"), hint=found.hint)
        return
    files = list(found)
    if entry.sample is not None and entry.sample > len(files):
        message = f"can't draw {count(entry.sample, 'person', 'people')} from {len(files)}"
        hint = f"'{entry.files}' matches {count(len(files), 'file')}"
        casting.findings.add("E303", message, (*path, "sample"), hint=hint)
    elif entry.sample is not None:
        files = Stream(casting.seed, "cast", entry.files).sample(files, entry.sample)
    for file in files:
        persona = casting.persona(file)
        if persona is not None:
            changed = _changed(persona, entry, path, shared, casting)
            yield _Candidate(
                (*path, "from"),
                stem(file, "persona"),
                changed,
                is_renamed=False,
                place=entry.place,
                systems=entry.systems,
            )


def _drawn(entry: FromPopulation, path: Path, shared: Sequence[Fragment], casting: CastContext) -> Iterator[_Candidate]:
    taken = {population.name for population in casting.populations}
    population, people = draw_people(
        entry, path, Draw(casting.library, casting.base_dir, casting.seed), taken, casting.findings
    )
    casting.populations.extend(population)
    for person in people:
        changed = _changed(person.persona, entry, path, shared, casting)
        yield _Candidate(
            (*path, "population"), person.id, changed, is_renamed=False, drawn=person.drawn, place=entry.place
        )


def _changed(
    persona: Persona,
    entry: UsePersona | FromFiles | FromPopulation,
    path: Path,
    shared: Sequence[Fragment],
    casting: CastContext,
    *,
    drawn: Mapping[str, JsonValue] = MappingProxyType({}),
) -> Persona:
    """Apply the entry's and the copy's values, then merge fragments; the applied values take precedence."""
    try:
        changed = persona.with_set(entry.set, document=casting.document, path=(*path, "set"))
        changed = changed.with_set(drawn, document=casting.document, path=(*path, "vary"))
    except SpecError as error:
        casting.findings.keep(*error.diagnostics)
        return persona
    own = _fragments(entry.fragments, (*path, "fragments"), casting)
    kept = {tuple(dotted.split(".")) for dotted in (*entry.set, *drawn)}
    for fragment in (*own, *shared):
        merged = merge(changed, replace(fragment, fields=_without(fragment.fields, kept)))
        casting.findings.keep(*merged.conflicts)
        changed = merged.persona
    return changed


def _fragments(names: Sequence[str], path: Path, casting: CastContext) -> list[Fragment]:
    found = [casting.fragment(name, (*path, index)) for index, name in enumerate(names)]
    return [fragment for fragment in found if fragment is not None]


def _without(
    fields: Mapping[str, JsonValue], paths: set[tuple[str, ...]], at: tuple[str, ...] = ()
) -> dict[str, JsonValue]:
    """Drop origins at any of the paths."""
    kept: dict[str, JsonValue] = {}
    for key, value in fields.items():
        if (*at, key) not in paths:
            kept[key] = _without(value, paths, (*at, key)) if isinstance(value, dict) else value
    return kept


def _free_id(candidate: _Candidate, taken: Mapping[str, str]) -> str:
    """Return an id for a person: their file or new name; their full name if that is taken."""
    own = slug(candidate.persona.name)[:MAX_NAME_CHARACTERS]
    first = own if candidate.is_renamed else slug(candidate.stem)[:MAX_NAME_CHARACTERS]
    choices = itertools.chain((first, own), (f"{own}-{number}" for number in itertools.count(2)))
    return next(choice for choice in choices if choice not in taken and choice not in RESERVED)


def _refuse_namesakes(candidates: Sequence[_Candidate], findings: Findings) -> None:
    seen: dict[str, _Candidate] = {}
    for candidate in candidates:
        name = candidate.persona.name
        if name.casefold() in RESERVED:
            findings.add("E304", f"'{name}' can't be a name: it has a special meaning here", candidate.path)
        if name.casefold() in seen:
            hint = "give one of them another name: {use: …, as: …}"
            message = f"a second person called '{name}'{_files(seen[name.casefold()], candidate)}"
            findings.add("E304", message, candidate.path, hint=hint)
        seen.setdefault(name.casefold(), candidate)


def _files(first: _Candidate, second: _Candidate) -> str:
    """Return the files two people come from, if there are files."""
    first_file, second_file = (next(iter(candidate.persona.sources), "") for candidate in (first, second))
    if not first_file or not second_file:
        return ""
    return (
        f": both come from {first_file}"
        if first_file == second_file
        else f": one in {first_file}, one in {second_file}"
    )
