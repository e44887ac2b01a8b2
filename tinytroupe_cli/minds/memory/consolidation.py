"""What is about to leave a person's mind -> facts they keep, in the first person.

The person is asked themselves, right after the moments in question: the request begins as their
turns do, so providers and local models have most of it read already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.events.types import Event, Failed, MemoryConsolidated, Refused
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey

MAX_FACTS: Final = 8
FACTS_TOKENS: Final = 400
MAX_FACT_CHARACTERS: Final = 400
"""Longer ones are not facts."""

SCHEMA: Final = AnswerSchema.flat("memories", {"facts": {"type": "array", "items": {"type": "string"}}})


def read_facts(values: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Return the facts of an answer, each once, on one line."""
    written = values.get("facts")
    lines = [" ".join(fact.split()) for fact in written if isinstance(fact, str)] if isinstance(written, list) else []
    facts = dict.fromkeys(line[:MAX_FACT_CHARACTERS].strip("-•* ") for line in lines)
    return tuple(fact for fact in facts if fact)[:MAX_FACTS]


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Moments that are about to leave, and the request for what the person keeps of them."""

    request: Request
    through: int
    """How many moments, from the first, facts then cover."""


def facts_request(model: ModelConfig, messages: tuple[Message, ...], seed: int, purpose: Purpose) -> Request:
    """Return the request for the facts that a person keeps of the moments in messages."""
    salt = SampleKey(seed=seed)
    return Request(model=model, messages=messages, answer=SCHEMA, max_tokens=FACTS_TOKENS, salt=salt, purpose=purpose)


async def consolidated(chat: ChatModel, parts: Sequence[Consolidation]) -> tuple[Event, ...]:
    """Return what is remembered of each part; a failure is an event too."""
    return tuple([await _facts(chat, part) for part in parts])


async def _facts(chat: ChatModel, part: Consolidation) -> Event:
    purpose = part.request.purpose
    trial, person, action = purpose.trial, purpose.person, purpose.kind
    answer = await ask(chat, part.request)
    if not isinstance(answer, NoAnswer):
        return MemoryConsolidated(trial=trial, person=person, facts=read_facts(answer.values), through=part.through)
    if answer.reason == "refused":
        return Refused(trial=trial, person=person, action=action, text=answer.text)
    return Failed(trial=trial, person=person, action=action, reason=answer.reason, text=answer.text)
