"""Generates the sampled people of a population before any trial.

All are written at once; each is looked over against those before them, in the order of their
numbers, so the outcome does not depend on which reply came first. Somebody doubtful is written
once more; what is doubtful then is told. Who is on the shelf already is taken as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pydantic import JsonValue

from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.personas.plausibility import NOT_WRITTEN, Peer, find_problems, name_doubts, other
from tinytroupe_cli.plan.types import PopulationDraw

if TYPE_CHECKING:
    from tinytroupe_cli.minds.population_author import PopulationAuthor

GeneratedFields = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """A complete person of a population."""

    fields: GeneratedFields
    problems: tuple[str, ...] = ()
    """Remaining problems."""
    is_second: bool = False
    """The first attempt was unusable."""


class PeopleStore(Protocol):
    """Where a population's people are kept; existing people are used as they are."""

    def find(self, number: int) -> GenerationResult | None:
        """Return a stored person."""
        ...

    def put(self, number: int, person: GenerationResult) -> None:
        """Store a person."""
        ...


@dataclass(frozen=True, slots=True)
class GenerationProgress:
    """Progress of the generation."""

    person: str
    name: str
    done: int
    total: int
    problems: tuple[str, ...] = ()


OnProgress = Callable[[GenerationProgress], None]


async def generate_people(
    people: Sequence[tuple[str, PopulationDraw]],
    author: PopulationAuthor,
    shelf: PeopleStore,
    *,
    taken: Sequence[str],
    on_progress: OnProgress,
) -> dict[str, GenerationResult]:
    """Return everyone by id, in order; raises the first error that prevents a person from being generated.

    `taken` are names already in use.
    """
    casting = _Generation(author, shelf, on_progress, len(people), {name.casefold() for name in taken})
    try:
        async with asyncio.TaskGroup() as group:
            await casting.write(people, group)
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    return {person: casting.kept[drawn.number] for person, drawn in people}


@dataclass
class _Generation:
    author: PopulationAuthor
    shelf: PeopleStore
    on_progress: OnProgress
    total: int
    names: set[str]
    """In lower case."""
    kept: dict[int, GenerationResult] = field(default_factory=dict[int, GenerationResult])
    others: list[Peer] = field(default_factory=list[Peer])

    async def write(self, people: Sequence[tuple[str, PopulationDraw]], group: asyncio.TaskGroup) -> None:
        found = {drawn.number: self.shelf.find(drawn.number) for _, drawn in people}
        drafts = {
            drawn.number: group.create_task(self.author.write(drawn.facts, drawn.number, person=person))
            for person, drawn in people
            if found[drawn.number] is None
        }
        again: dict[int, tuple[str, asyncio.Task[dict[str, JsonValue] | NoAnswer]]] = {}
        for person, drawn in people:
            there = found[drawn.number]
            if there is not None and not there.is_second:
                self._keep(person, drawn, there)
            elif there is None:
                draft = await drafts[drawn.number]
                faults = self._faults(draft, drawn)
                if faults:
                    writing = self.author.write(drawn.facts, drawn.number, person=person, problems="; ".join(faults))
                    again[drawn.number] = ("; ".join(faults), group.create_task(writing))
                else:
                    self._put(person, drawn, draft, ())
        for person, drawn in people:
            there = found[drawn.number]
            if there is not None and there.is_second:
                self._keep(person, drawn, there)
            elif drawn.number in again:
                first, second = drafts[drawn.number].result(), await again[drawn.number][1]
                self._settle(person, drawn, first, second)

    def _faults(self, draft: GeneratedFields | NoAnswer, drawn: PopulationDraw) -> tuple[str, ...]:
        if isinstance(draft, NoAnswer):
            return (_WHY[draft.reason],)
        name = name_doubts(str(draft.get("name") or ""), self.names)
        return (*name, *find_problems(draft, drawn.generated_fields, drawn.facts, self.others))

    def _settle(
        self, person: str, drawn: PopulationDraw, first: GeneratedFields | NoAnswer, second: GeneratedFields | NoAnswer
    ) -> None:
        """Take the second attempt, or the first if there is no second; replace an unusable name."""
        best = first if isinstance(second, NoAnswer) else second
        if isinstance(best, NoAnswer):
            name = self._free_name("")
            self._put(person, drawn, {"name": name}, (f"{NOT_WRITTEN}: {best.text[:200]}",), is_second=True)
            return
        left = tuple(find_problems(best, drawn.generated_fields, drawn.facts, self.others))
        name = str(best.get("name") or "")
        if any(True for _ in name_doubts(name, self.names)):
            name = self._free_name(name)
        self._put(person, drawn, {**best, "name": name}, left, is_second=True)

    def _free_name(self, name: str) -> str:
        """Combine a name from used ones: their own first name if they have one, and the first free last name."""
        whole = [peer.name.split() for peer in self.others if len(peer.name.split()) > 1]
        own = name.split()[:1] if not any(character.isdigit() for character in name) else []
        first_names = own or [words[0] for words in whole]
        for first in first_names:
            for words in whole:
                made = f"{first} {words[-1]}"
                if not any(True for _ in name_doubts(made, self.names)):
                    return made
        return next(made for n in range(1, self.total + 2) if (made := _numbered(own, n)).casefold() not in self.names)

    def _put(
        self,
        person: str,
        drawn: PopulationDraw,
        reply: GeneratedFields | NoAnswer,
        remaining: tuple[str, ...],
        *,
        is_second: bool = False,
    ) -> None:
        reply = {} if isinstance(reply, NoAnswer) else reply
        fields: dict[str, JsonValue] = {"name": reply.get("name"), **drawn.facts}
        fields |= {key: reply[key] for key in drawn.generated_fields if reply.get(key)}
        written = GenerationResult(fields, remaining, is_second)
        self.shelf.put(drawn.number, written)
        self._keep(person, drawn, written)

    def _keep(self, person: str, drawn: PopulationDraw, written: GenerationResult) -> None:
        self.kept[drawn.number] = written
        self.names.add(str(written.fields["name"]).casefold())
        self.others.append(other(written.fields, drawn.generated_fields))
        name = str(written.fields["name"])
        self.on_progress(GenerationProgress(person, name, len(self.kept), self.total, written.problems))


_WHY = {
    "refused": "the model declined",
    "bad_output": "it could not be read",
    "rejected": "the provider rejected it",
    "too_long": "the request is longer than the model's window",
    "unreachable": "gave no answer",
    "cut_off": "it was far too long",
}


def _numbered(own: Sequence[str], number: int) -> str:
    """Return a numbered name as a last resort."""
    return f"{own[0] if own else 'Person'} {number}"
