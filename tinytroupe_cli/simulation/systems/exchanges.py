"""TrialSystems: what the people of one trial can talk to; asked once, remembered, never an exception."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.simulated_system import SimulatedSystem
from tinytroupe_cli.models.port import Message
from tinytroupe_cli.plan.types import CastMember
from tinytroupe_cli.simulation.external_calls import ExternalCall, ExternalCallStore, call_once
from tinytroupe_cli.simulation.systems.port import Exchange, NoReply, SystemReply, SystemUnderTest

KIND = "system"


@dataclass(frozen=True)
class Reachable:
    """One system as it is reached in this run."""

    answers: SystemUnderTest | SimulatedSystem
    timeout: float
    places: asyncio.Semaphore
    """How many may talk to it at a time."""


@dataclass(frozen=True)
class TrialSystems:
    """The systems of one trial, by name."""

    trial: str
    run: str
    """Tells the conversations of one run from those of another."""
    systems: Mapping[str, Reachable]
    store: ExternalCallStore
    clock: Clock

    async def reply(
        self, name: str, message: str, *, person: CastMember, step: int, number: int, history: Sequence[Exchange]
    ) -> str | NoReply:
        """Say something to a system; `number` counts what this person has said to it within the step.

        Raises what a system played by a model raises: `Transient`, `Fatal`, `LimitReached`.
        """
        conversation = f"{self.run}/{self.trial}/{person.id}"
        request = SystemReply(message, person.persona, conversation, tuple(history))
        content: JsonValue = {
            "message": message,
            "history": [[exchange.message, exchange.reply] for exchange in history],
        }
        call = ExternalCall(KIND, name, self.trial, person.id, step, number, content)
        system = self.systems[name]

        async def ask() -> JsonValue:
            reply = await _asked(system, request, person.id, step)
            return {"failed": reply.why} if isinstance(reply, NoReply) else {"text": reply}

        async with system.places:
            value = cast("dict[str, str]", await call_once(call, ask, store=self.store, clock=self.clock))
        return value["text"] if "text" in value else NoReply(value["failed"])


async def _asked(system: Reachable, request: SystemReply, person: str, step: int) -> str | NoReply:
    if isinstance(system.answers, SimulatedSystem):
        messages = [Message.model_validate(exchange) for exchange in request.past] + [
            Message(role="user", content=request.message)
        ]
        answer = await system.answers.reply(messages, person=person, step=step)
        return NoReply(f"{answer.reason.replace('_', ' ')}: {answer.text}") if isinstance(answer, NoAnswer) else answer
    try:
        async with asyncio.timeout(system.timeout):
            return await system.answers.reply(request)
    except TimeoutError:
        return NoReply(f"it gave no reply within {system.timeout:g} seconds")
