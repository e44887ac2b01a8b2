"""Documents people wrote -> files: Markdown, Word and JSON, named after their title; and what tools were used for.

A pure function of the plan and the events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from tinytroupe_cli.core.ids import slug
from tinytroupe_cli.events.types import DocumentWritten, Event, ToolUsed
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.docx_files import docx_file

FOLDER = "artifacts"
MAX_NAME_CHARACTERS = 60
NAMELESS = "document"
ENDINGS = ("md", "docx", "json")


class WrittenDocument(Frozen):
    """A document that a person wrote with a tool."""

    trial: str
    """Id of the trial."""
    person: str
    """Id of the person."""
    author: str
    """Full name of the person."""
    step: int
    """Number of the step."""
    time: str
    """Simulated time."""
    title: str
    """Title."""
    words: int
    """Number of words."""
    file: str
    """Path from the run's folder, without extension; there are `.md`, `.docx` and `.json`."""


class ToolCount(Frozen):
    """Uses of a tool, over all trials."""

    tool: str
    """Name of the tool."""
    act: str
    """What people did with it."""
    uses: int
    """Number of uses."""
    failed: int
    """Of these, uses that failed."""


def written_documents(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[WrittenDocument]:
    """Return what was written, in the order of the plan, and where its files are."""
    return [document for document, _ in _documents(plan, events)]


def tool_counts(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[ToolCount]:
    """Count the uses of each tool's acts, by name."""
    uses = [event for trial in plan.trials for event in events.get(trial.id, ()) if isinstance(event, ToolUsed)]
    acts = sorted({(use.tool, use.action) for use in uses})
    return [
        ToolCount(
            tool=tool,
            act=act,
            uses=sum((use.tool, use.action) == (tool, act) for use in uses),
            failed=sum((use.tool, use.action) == (tool, act) and not use.is_ok for use in uses),
        )
        for tool, act in acts
    ]


def artifact_files(plan: Plan, events: Mapping[str, Sequence[Event]]) -> dict[str, bytes]:
    """Return the files of all documents: path from the run's folder -> content."""
    files: dict[str, bytes] = {}
    for document, content in _documents(plan, events):
        about = {
            "title": document.title,
            "content": content,
            "author": document.author,
            "person": document.person,
            "trial": document.trial,
            "step": document.step,
            "time": document.time,
        }
        files[f"{document.file}.md"] = f"{_with_title(document.title, content)}\n".encode()
        files[f"{document.file}.docx"] = docx_file(document.title, content, author=document.author, time=document.time)
        files[f"{document.file}.json"] = (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _documents(plan: Plan, events: Mapping[str, Sequence[Event]]) -> Iterator[tuple[WrittenDocument, str]]:
    taken: set[str] = set()
    for trial in plan.trials:
        names = {member.id: member.name for member in trial.people}
        folder = f"{FOLDER}/{trial.id}" if len(plan.trials) > 1 else FOLDER
        for event in events.get(trial.id, ()):
            if isinstance(event, DocumentWritten):
                file = _free(f"{folder}/{slug(event.person)}/{_file_name(event.title)}", taken)
                document = WrittenDocument(
                    trial=trial.id,
                    person=event.person,
                    author=names.get(event.person, event.person),
                    step=event.step,
                    time=event.time,
                    title=event.title,
                    words=len(event.content.split()),
                    file=file,
                )
                yield document, event.content


def _file_name(title: str) -> str:
    name = slug(title)
    return NAMELESS if name == "x" else name[:MAX_NAME_CHARACTERS].strip("-")


def _free(path: str, taken: set[str]) -> str:
    """Number documents that would have one name."""
    free, number = path, 1
    while free in taken:
        number += 1
        free = f"{path}-{number}"
    taken.add(free)
    return free


def _with_title(title: str, content: str) -> str:
    body = content.strip("\n")
    first = body.split("\n", maxsplit=1)[0]
    is_titled = first.startswith("# ") and first.lstrip("# ").strip().casefold() == title.casefold()
    return body if is_titled else f"# {title}\n\n{body}"
