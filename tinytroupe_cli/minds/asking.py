"""Asks a model for an answer, of a given shape or as text; what was to be expected comes back as a value."""

from __future__ import annotations

from tinytroupe_cli.core.errors import BadOutput, Refused, Rejected
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import ChatModel, Completion, Request

LONGEST_KEPT = 4_000
"""Letters of a reply that can't be used, as they are recorded."""


async def ask(chat: ChatModel, request: Request) -> Answer | NoAnswer:
    """Return the answer, or why there is none; raises `Transient`, `Fatal` or `LimitReached`."""
    completion = await _completed(chat, request)
    return completion if isinstance(completion, NoAnswer) else Answer(completion.value or {}, completion.raw)


async def ask_text(chat: ChatModel, request: Request) -> str | NoAnswer:
    """Return what a model says, cut off or not; raises as `ask` does."""
    completion = await _completed(chat, request)
    if isinstance(completion, NoAnswer):
        return completion
    return completion.text.strip() or NoAnswer("bad_output", "it said nothing")


async def _completed(chat: ChatModel, request: Request) -> Completion | NoAnswer:
    try:
        return await chat.complete(request)
    except Refused as error:
        return NoAnswer("refused", error.message[:LONGEST_KEPT])
    except Rejected as error:
        return NoAnswer("too_long" if error.kind == "too_long" else "rejected", error.message)
    except BadOutput as error:
        return NoAnswer("cut_off" if error.is_cut_off else "bad_output", (error.text or error.message)[:LONGEST_KEPT])
