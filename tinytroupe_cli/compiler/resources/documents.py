"""Resolves the documents people can consult: the plan's library, and who has which document.

Each document's text is in the plan once; people refer to it by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import CastMember, PlannedDocument
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.people import CastEntry

MAX_DOCUMENTS = 500


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that was read."""

    path: str
    """Its display name, with `/`."""
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """The documents found for a path, folder or pattern."""

    documents: tuple[FoundDocument, ...]
    unread: tuple[str, ...] = ()
    """Files found that are not documents."""
    failed: tuple[TroupeError, ...] = ()
    """Why some of the documents can't be read."""


FindDocuments = Callable[[str], FoundDocuments]
"""Path, folder or pattern as written -> documents; raises a TroupeError if it leads nowhere."""


def give_documents(
    experiment: Experiment, roster: Roster, find: FindDocuments, findings: Findings
) -> tuple[Roster, tuple[PlannedDocument, ...]]:
    """Read every named document; return who can consult which, and all of them."""
    shared = _found(experiment.documents or (), ("documents",), find, findings)
    own = {
        index: _found(_written(entry), ("personas", index, "documents"), find, findings)
        for index, entry in enumerate(experiment.personas)
    }
    all_found = {document.path: document for some in (shared, *own.values()) for document in some}
    if len(all_found) > MAX_DOCUMENTS:
        message = f"there are {len(all_found):,} documents; the maximum is {MAX_DOCUMENTS}"
        findings.add("E315", message, ("documents",) if experiment.documents else ("personas",))
    names = _names(list(all_found))
    library = tuple(_planned(names[path], document) for path, document in all_found.items())

    def given(member: CastMember) -> CastMember:
        theirs = [*shared, *own[roster.entries[member.id]]]
        return member.model_copy(
            update={"documents": tuple(dict.fromkeys(names[document.path] for document in theirs))}
        )

    return replace(roster, members=tuple(map(given, roster.members))) if library else roster, library


def _written(entry: CastEntry) -> Sequence[str]:
    return () if isinstance(entry, str) else entry.documents or ()


def _found(written: Sequence[str], path: Path, find: FindDocuments, findings: Findings) -> list[FoundDocument]:
    return [
        document
        for index, name in enumerate(written)
        for document in _documents_called(name, (*path, index), find, findings)
    ]


def _documents_called(name: str, path: Path, find: FindDocuments, findings: Findings) -> Iterator[FoundDocument]:
    try:
        found = find(name)
    except TroupeError as error:
        findings.add("E315", error.message, path, hint=error.hint)
        return
    for error in found.failed:
        findings.add("E315", error.message, path, hint=error.hint)
    if found.unread:
        few = ", ".join(found.unread[:5]) + (", …" if len(found.unread) > 5 else "")  # noqa: PLR2004 - a line's worth
        findings.add(
            "E316",
            f"these files are skipped: {few}",
            path,
            hint="documents of these types are not supported",
            is_error=False,
        )
    yield from found.documents


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Return a name for each document: its file name, with as much of its path as needed to be unique."""
    names: dict[str, str] = {}
    for path in paths:
        parts = PurePosixPath(path).parts
        tails = ("/".join(parts[-length:]) for length in range(1, len(parts) + 1))
        others = [other for other in paths if other != path]
        names[path] = next((tail for tail in tails if not any(_ends(other, tail) for other in others)), path)
    return names


def _ends(path: str, tail: str) -> bool:
    folded, end = path.casefold(), tail.casefold()
    return folded == end or folded.endswith(f"/{end}")


def _planned(name: str, found: FoundDocument) -> PlannedDocument:
    digest = hashlib.blake2b(found.text.encode(), digest_size=16).hexdigest()
    return PlannedDocument(name=name, title=found.title, hash=digest, text=found.text)
