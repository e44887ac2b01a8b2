"""Asks a model for an answer, of a given shape or as text; what was to be expected comes back as a value.

A stored reply that could not be used may have a successor, asked for with `--retry`: that counts then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinytroupe_cli.core.errors import BadOutput, NotStored, ProviderRefused, Rejected, Transient
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import Again, ChatModel, Completion, Request

NO_PROBABILITIES = "returns no probabilities of tokens: use `elicit: verbalized`, or another model"
MAX_KEPT_CHARACTERS = 4_000
"""Letters of a reply that can't be used, as they are recorded."""


async def ask(chat: ChatModel, request: Request) -> Answer | NoAnswer:
    """Return the answer, or why there is none; raises `Fatal` or `LimitReached`, and an author's `Transient`."""
    reply = await _reply(chat, request)
    while reply.why is not None and reply.is_stored:
        salt = request.salt.model_copy(update={"again": request.salt.again + 1})
        request = request.model_copy(update={"salt": salt, "because": reply.why})
        try:
            reply = await _reply(chat, request)
        except NotStored:
            break
    return reply.outcome


async def ask_text(chat: ChatModel, request: Request) -> str | NoAnswer:
    """Return what a model says, cut off or not; raises as `ask` does."""
    completion = await _completed(chat, request)
    if isinstance(completion, _NoReply):
        return completion.outcome
    return completion.text.strip() or NoAnswer("bad_output", "it said nothing")


async def ask_first_token(chat: ChatModel, request: Request) -> Mapping[str, float] | NoAnswer:
    """Return the likeliest first tokens with their probabilities; raises as `ask` does."""
    completion = await _completed(chat, request)
    if isinstance(completion, _NoReply):
        return completion.outcome
    return completion.alternatives or NoAnswer("bad_output", f"E513: {request.model.name} {NO_PROBABILITIES}")


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Words in no shape."""

    text: str
    is_cut_off: bool


async def ask_line(chat: ChatModel, request: Request) -> SpokenLine | NoAnswer:
    """Return what a model says, even if that is nothing, and whether it was cut off; raises as `ask` does."""
    completion = await _completed(chat, request)
    if isinstance(completion, _NoReply):
        return completion.outcome
    return SpokenLine(completion.text.strip(), completion.finish == "length")


@dataclass(frozen=True, slots=True)
class _Reply:
    """The outcome of one request."""

    outcome: Answer | NoAnswer
    why: Again | None
    """In which way it is no use; None: it is of use, or there was no reply."""
    is_stored: bool


@dataclass(frozen=True, slots=True)
class _NoReply:
    outcome: NoAnswer
    why: Again | None = None
    is_stored: bool = False


async def _reply(chat: ChatModel, request: Request) -> _Reply:
    completion = await _completed(chat, request)
    if isinstance(completion, _NoReply):
        return _Reply(completion.outcome, completion.why, completion.is_stored)
    answer = Answer(completion.value or {}, completion.raw)
    no_use = request.answer.no_use if request.answer is not None else None
    return _Reply(answer, no_use(answer.values) if no_use else None, completion.origin != "provider")


async def _completed(chat: ChatModel, request: Request) -> Completion | _NoReply:
    try:
        return await chat.complete(request)
    except ProviderRefused as error:
        return _NoReply(NoAnswer("refused", error.message[:MAX_KEPT_CHARACTERS]), "refused", error.is_stored)
    except Rejected as error:
        return _NoReply(NoAnswer("too_long" if error.kind == "too_long" else "rejected", error.message))
    except BadOutput as error:
        text = (error.text or error.message)[:MAX_KEPT_CHARACTERS]
        return _NoReply(NoAnswer("cut_off" if error.is_cut_off else "bad_output", text), "bad", error.is_stored)
    except Transient as error:
        if request.purpose.role == "author":  # what an author writes is kept for later runs: better none than a gap
            raise
        return _NoReply(NoAnswer("unreachable", error.message[:MAX_KEPT_CHARACTERS]))
