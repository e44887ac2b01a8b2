"""Asks a model for an answer of a given shape; what was to be expected comes back as a value."""

from __future__ import annotations

from tinytroupe_cli.core.errors import BadOutput, Refused, Rejected
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import ChatModel, Request


async def ask(chat: ChatModel, request: Request) -> Answer | NoAnswer:
    """Return the answer, or why there is none; raises `Transient`, `Fatal` or `LimitReached`."""
    try:
        completion = await chat.complete(request)
    except Refused as error:
        return NoAnswer("refused", error.message)
    except Rejected as error:
        return NoAnswer("rejected", error.message)
    except BadOutput as error:
        return NoAnswer("cut_off" if error.is_cut_off else "bad_output", error.text or error.message)
    return Answer(completion.value or {})
