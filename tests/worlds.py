"""Plays a trial with a scripted model and keeps all that was asked: `played(trial, reply)`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.events.types import Acted, Event, Perceived
from tinytroupe_cli.measurement.queries import Respondents
from tinytroupe_cli.minds.judge import Judge
from tinytroupe_cli.minds.memory.person_memory import MemorySettings
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.models.port import Completion, ModelConfig, Request
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.models.structured import Structured
from tinytroupe_cli.plan.types import PlannedStimulus, Trial
from tinytroupe_cli.runs.trial import run_trial
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.recall import Recalling

USE = ModelConfig(name="openai/fake")
Reply = dict[str, Any] | str | Completion | TroupeError


@dataclass
class Played:
    """A trial's log and every request of it."""

    events: list[Event]
    requests: list[Request]

    def asked(self, person: str, *, what: str = "turn") -> list[Request]:
        return [r for r in self.requests if r.purpose.person == person and r.purpose.kind == what]

    def text(self, person: str, turn: int) -> str:
        """Return all that a person was told at a turn, counted from 0."""
        return "\n".join(message.content for message in self.asked(person)[turn].messages)

    def now(self, person: str, turn: int) -> str:
        """Return the last message of a person's turn: what is new, and the present."""
        return self.asked(person)[turn].messages[-1].content

    def kinds(self, person: str) -> list[str]:
        return [event.action for event in self.events if isinstance(event, Acted) and event.person == person]

    def perceived(self, person: str) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Perceived) and person in event.people]


def moment(
    words: str = "", *, to: str = "everyone", thought: str = "Hm.", feeling: str = "calm", goal: str = ""
) -> Reply:
    return {"thought": thought, "to": to, "words": words, "feeling": feeling, "goal": goal}


def default_answer(request: Request) -> Reply:
    """Say the person's name and how often they have spoken, to the first one on the list; say no to questions."""
    assert request.answer is not None
    properties: Any = request.answer.body["properties"]
    if "thought" not in properties:
        return {name: _any_value(schema) for name, schema in properties.items()}
    number = sum(message.role == "assistant" for message in request.messages)
    to = properties.get("to", {}).get("enum", ["nobody"])[0]
    reply = {"thought": f"thought {number}", "to": to, "words": f"{request.purpose.person} says {number}"}
    return {**{k: v for k, v in reply.items() if k in properties}, "feeling": "calm", "goal": "to listen"}


def _any_value(schema: Any) -> Any:
    for option in schema.get("anyOf", [schema]):
        if "enum" in option:
            return option["enum"][0]
        if option.get("type") == "integer":
            return 3
        if option.get("type") == "number":
            return 3.5
        if option.get("type") == "array":
            return [_any_value(option["items"])]
    return "because"


def played(
    trial: Trial,
    answer: Callable[[Request], Reply | Awaitable[Reply]] = default_answer,
    *,
    chat: Callable[[Structured], Any] = lambda chat: chat,
    mind: type[PersonMind] = PersonMind,
    with_recall: bool = False,
    **ports: Any,
) -> Played:
    """Play a trial; `ports` are the engine's beside the minds: abilities, systems, director."""
    model = ScriptedModel(answer)
    stack = chat(Structured(model, PriceTable()))

    async def play() -> list[Event]:
        minds = {
            member.id: mind(
                member.id,
                member.name,
                member.persona,
                USE,
                stack,
                trial.seed,
                trial.id,
                remembers=MemorySettings(**trial.memory.model_dump()),
            )
            for member in trial.people
        }
        if with_recall:
            ports["abilities"] = (*ports.get("abilities", ()), Recalling(minds))
        asks = Respondents(minds, Judge(stack, USE, trial.seed, trial.id))
        return [event async for event in run_trial(trial, Ports(minds, **ports), asks)]

    return Played(asyncio.run(play()), model.requests)


def in_world(trial: Trial, **changes: Any) -> Trial:
    return trial.model_copy(update={"world": trial.world.model_copy(update=changes)})


def with_stimuli(trial: Trial, *stimuli: PlannedStimulus) -> Trial:
    return trial.model_copy(update={"stimuli": stimuli})


def pretty(request: Request) -> str:
    """Write a request the way a reviewer reads it."""
    parts = [f"=== {message.role}\n{message.content}" for message in request.messages]
    shape = json.dumps(request.answer.body, indent=2, ensure_ascii=False) if request.answer else "(text)"
    return "\n\n".join([*parts, f"=== answer, at most {request.reply_limit} tokens\n{shape}"]) + "\n"
