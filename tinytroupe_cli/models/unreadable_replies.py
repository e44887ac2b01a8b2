"""Treats replies that can't be decoded as bad replies, not as failed calls to retry."""

from __future__ import annotations

import re

from tinytroupe_cli.models.port import Completion, Request, Usage

_UNREADABLE = re.compile(
    r"codec can't decode|maximum recursion depth|recursion limit|nested too deep|exceeds the limit \(\d+ digits\)",
    re.IGNORECASE,
)


def unreadable_reply(error: Exception, request: Request) -> Completion | None:
    """Return an empty reply if a server's answer can't be decoded; None for any other error."""
    if not _UNREADABLE.search(_words(error)):
        return None
    read = sum(len(message.content.encode()) for message in request.messages)
    return Completion(text="", usage=Usage(prompt=-(-read // 4)), model=request.model.name)


def _words(error: BaseException) -> str:
    """Return what an error and its causes say, but nothing of what a server wrote."""
    texts: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(texts) < 8:  # noqa: PLR2004 - a chain of more says no more
        texts.append(str(cause).partition("Original Response")[0][:2_000])
        cause = cause.__cause__ or cause.__context__
    return " ".join(texts)
