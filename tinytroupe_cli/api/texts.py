"""Rewrite a text with a model: richer, or in another style."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tinytroupe_cli.api.authors import Author, resolve_author
from tinytroupe_cli.api.model_access import NullCallStore, open_models
from tinytroupe_cli.core.errors import BadOutput, NothingToDo, RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.rewriting import Rewriter
from tinytroupe_cli.models.windows import max_evidence_bytes

__all__ = [
    "Author",
    "enrich_text",
    "joined_context",
    "output_file",
    "resolve_author",
    "restyle_text",
    "text_at",
    "write_text",
]

_WHY = {
    "refused": "declined to write this",
    "bad_output": "wrote nothing",
    "rejected": "rejected the request",
    "too_long": "the request is longer than the model's window",
    "unreachable": "gave no answer",
    "cut_off": "did not finish writing",
}


def text_at(path: Path) -> str:
    """Return a file's text; raises `NothingToDo` if it does not exist."""
    if not path.is_file():
        raise NothingToDo(f"'{path}' is not a file", hint="name a text file, or `-` to read from stdin")
    return read_text(path, str(path))


def joined_context(given: Sequence[str], folder: Path) -> str:
    """Return the extra context; each item is a file's path, or a text."""
    return "\n\n".join(_context(item, folder).strip() for item in given)


def output_file(path: Path, *, may_replace: bool) -> Path:
    """Return the output file; raises `RunError` if it exists."""
    if path.exists() and not may_replace:
        raise RunError(f"'{path}' already exists", hint="replace it with --force")
    return path


def write_text(path: Path, text: str) -> None:
    """Write a text to a new file."""
    write_whole(path, text if text.endswith("\n") else f"{text}\n")


def enrich_text(author: Author, text: str, *, requirements: str = "", context: str = "") -> str:
    """Return the expanded text; raises `BadOutput` if the model declines."""
    return _written(author, context, lambda rewriter: rewriter.enrich(text, requirements))


def restyle_text(author: Author, text: str, *, style: str, context: str = "") -> str:
    """Return the text in another style; raises `BadOutput` if the model declines."""
    return _written(author, context, lambda rewriter: rewriter.restyle(text, style))


def _context(given: str, folder: Path) -> str:
    try:
        is_file = (folder / given).is_file()
    except OSError:  # a text can be longer than any path
        is_file = False
    return read_text(folder / given, given) if is_file else given


def _written(author: Author, context: str, work: Callable[[Rewriter], Awaitable[str | NoAnswer]]) -> str:
    use = author.ready.use("author")
    most = max_evidence_bytes(use)
    if len(context.encode()) > most:
        message = f"the context is too long to include with every piece: {len(context.encode()):,} bytes"
        raise RunError(message, hint=f"{most:,} bytes is the maximum for {use.name}; give only the relevant parts")

    async def ask() -> str | NoAnswer:
        async with open_models(author.ready, NullCallStore()) as chat:
            return await work(Rewriter(chat, use, context))

    outcome = asyncio.run(ask())
    if isinstance(outcome, NoAnswer):
        message = f"{use.name} {_WHY[outcome.reason]}: {outcome.text[:200]}"
        raise BadOutput(message, hint="choose another model with --model", text=outcome.text)
    return outcome
