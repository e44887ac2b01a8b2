"""Documents in people's hands: LIST_DOCUMENTS and CONSULT, answered within the turn, the source always named.

Knows texts and their index; knows nothing of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Final

from tinytroupe_cli.core.diagnostics import nearest
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Acted, Consulted, Event
from tinytroupe_cli.language.chunks import Chunk, chunks
from tinytroupe_cli.minds.passage_index import Passage, PassageIndex
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.plan.types import PlannedDocument, Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.action_arguments import clean_argument
from tinytroupe_cli.simulation.actions import perceived

LIST: Final = Action.LIST_DOCUMENTS
CONSULT: Final = Action.CONSULT
PART_TOKENS: Final = 1_000
"""About how many tokens of a document people read at once."""
MAX_PASSAGES: Final = 3
MAX_NAMES: Final = 20
"""Documents that are named before anybody asks; the others are in the list."""

_PART = re.compile(r"[\s,;:(\[]*\bpart\s+(\d{1,4})(?:\s+of\s+\d{1,4})?\s*[)\].]*\s*$", re.IGNORECASE)
_PART_FIRST = re.compile(r"^\s*part\s+(\d{1,4})(?:\s+of\s+\d{1,4})?\s+(?:of|in|from)\s+(?=\D)", re.IGNORECASE)


@dataclass(frozen=True)
class DocumentIndex:
    """Every document of a run, cut into parts and indexed; the same for all trials."""

    documents: tuple[PlannedDocument, ...]

    @cached_property
    def by_name(self) -> dict[str, PlannedDocument]:
        """Return the documents by their names."""
        return {document.name: document for document in self.documents}

    @cached_property
    def parts(self) -> dict[str, list[Chunk]]:
        """Return what people read at once of each document, by its name."""
        return {document.name: chunks(document.text, PART_TOKENS) for document in self.documents}

    @cached_property
    def passages(self) -> PassageIndex:
        """Return the index of all documents."""
        passages = PassageIndex()
        for document in self.documents:
            passages.add(document.name, document.text)
        return passages


@dataclass(frozen=True)
class DocumentLookup:
    """What the people of a trial can do with documents."""

    bookcase: DocumentIndex
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Person id -> names of their documents."""

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return both actions for people with documents."""
        names = self.owners.get(moment.person, ())
        if not names:
            return ()
        shown = ", ".join(names[:MAX_NAMES]) + (f" and {len(names) - MAX_NAMES} more" * (len(names) > MAX_NAMES))
        does = "read one of your documents, or search them; argument: its name, or the words to look for"
        consult = AvailableAction(CONSULT, f"{does}. You have: {shown}", has_feedback=True)
        listing = AvailableAction(
            LIST, "see what your documents are about; argument: a topic, if you have one", has_feedback=True
        )
        return (consult,) if _has_listed(moment) else (consult, listing)

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Look it up; the person is asked again with what they found."""
        own = self.owners.get(moment.person, ())
        about = clean_argument(call.argument)
        found = self._listed(about, own) if call.name == LIST else self._consulted(about, own)
        stamp = moment.stamp
        consulted = Consulted(
            trial=stamp.trial,
            step=stamp.step,
            time=stamp.time,
            person=moment.person,
            about=about,
            documents=tuple(dict.fromkeys(name for read in found for name in read.documents)),
        )
        answers = [
            perceived(
                stamp, people=(moment.person,), sense="document", source=read.source, to=moment.person, text=read.text
            )
            for read in found
        ]
        events: tuple[Event, ...] = (consulted, *answers)
        return ActionResult(events, continues_turn=True)

    def _listed(self, topic: str, own: Sequence[str]) -> list[_Read]:
        found = self.bookcase.passages.search(topic, len(self.bookcase.passages), within=own)
        about = list(dict.fromkeys(passage.source for passage in found))
        if topic and not about:
            return [_Read("", f"None of your documents says anything about '{topic}'. You have: {', '.join(own)}.")]
        lines = "\n".join(f"- {self._described(name)}" for name in about or own)
        heading = f"Your documents about '{topic}'" if topic else "Your documents"
        return [_Read("", f"{heading}:\n{lines}", tuple(about or own))]

    def _described(self, name: str) -> str:
        document, parts = self.bookcase.by_name[name], self.bookcase.parts[name]
        title = f": {document.title}" if document.title else ""
        words = len(document.text.split())
        size = f"{words:,} words" if len(parts) == 1 else f"{words:,} words in {len(parts)} parts"
        return f"{name}{title} ({size})"

    def _consulted(self, about: str, own: Sequence[str]) -> list[_Read]:
        wanted, number = _asked_part(about)
        if not wanted:
            return self._listed("", own)
        name = _named(wanted, [(name, self.bookcase.by_name[name].title) for name in own])
        if name is not None:
            return [self._part(name, number or 1)]
        inside = [name for name in own if name.casefold() in about.casefold()][:MAX_PASSAGES]
        if inside:
            question = re.sub("|".join(map(re.escape, inside)), " ", about, flags=re.IGNORECASE)
            found = self.bookcase.passages.search(question, MAX_PASSAGES, within=inside)
            return _read(found) if found else [self._part(name, 1) for name in inside]
        found = self.bookcase.passages.search(about, MAX_PASSAGES, within=own)
        return _read(found) if found else [_Read("", _nothing(about, own))]

    def _part(self, name: str, number: int) -> _Read:
        parts = self.bookcase.parts[name]
        count = len(parts)
        if count == 1:
            return _Read(name, parts[0].text)
        if number > count:
            return _Read(name, f"(There is no part {number}: {name} has {count} parts.)")
        rest = f'For the next part, {CONSULT} "{name} part {number + 1}"' if number < count else "This is the end"
        text = f"(Part {number} of {count}.)\n{parts[number - 1].text}\n(That was part {number} of {count}. {rest}.)"
        return _Read(name, text)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a person gets to read, and where it comes from."""

    source: str
    """A document's name; empty: about all of them."""
    text: str
    listed: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the names of the documents it is from, or of those it lists."""
        return (self.source,) if self.source else self.listed


def _has_listed(moment: TurnContext) -> bool:
    """Return whether they have the list of this step before them."""
    this_step = takewhile(lambda event: event.step == moment.stamp.step, reversed(moment.past))
    return any(
        isinstance(event, Acted) and event.action == LIST and event.person == moment.person for event in this_step
    )


def consulting(trial: Trial, bookcase: DocumentIndex) -> DocumentLookup | None:
    """Return what the people of a trial can do with documents; None where nobody has any."""
    owners = {member.id: member.documents for member in trial.people if member.documents}
    return DocumentLookup(bookcase, owners) if owners else None


def _asked_part(about: str) -> tuple[str, int | None]:
    """Return a document's name and the part of it that is wanted."""
    for pattern in (_PART, _PART_FIRST):
        found = pattern.search(about)
        rest = (about[: found.start()] + about[found.end() :]).strip(" \"'`,.;:") if found else ""
        if found and rest:
            return rest, int(found[1])
    return about.strip(" \"'`,.;:"), None


def _named(wanted: str, documents: Iterable[tuple[str, str]]) -> str | None:
    """Return the document that goes by a name: its own, without folders or ending, or its title."""
    known: dict[str, str] = {}
    for name, title in documents:
        path = PurePosixPath(name)
        for called in (name, path.name, path.stem, title):
            if called:
                known.setdefault(called.casefold(), name)
    return known.get(wanted.casefold())


def _read(found: Sequence[Passage]) -> list[_Read]:
    """Gather passages by their document, the best first."""
    by_source: dict[str, list[Passage]] = {}
    for passage in found:
        by_source.setdefault(passage.source, []).append(passage)
    return [_Read(source, "\n\n".join(map(_passage, some))) for source, some in by_source.items()]


def _passage(passage: Passage) -> str:
    if passage.of == 1:
        return passage.text
    under = f", under {passage.heading}" if passage.heading else ""
    return f"(passage {passage.position} of {passage.of}{under})\n{passage.text}"


def _nothing(about: str, own: Sequence[str]) -> str:
    called = {alias: name for name in reversed(own) for alias in (PurePosixPath(name).stem, name)}
    closest = list(dict.fromkeys(called[alias] for alias in nearest(about, called, most=4)))
    meant = f" Did you mean {' or '.join(closest)}?" if closest else ""
    names = ", ".join(own[:MAX_NAMES]) + (", …" if len(own) > MAX_NAMES else "")
    return f"No document is called '{about}', and none says anything about it.{meant} You have: {names}."
