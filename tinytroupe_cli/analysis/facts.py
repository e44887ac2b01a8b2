"""Facts of the event log: what `plan/fact_kinds.py` promises, found in what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.events.action_names import SPOKEN, Action
from tinytroupe_cli.events.types import (
    Acted,
    DocumentWritten,
    Event,
    Intervened,
    Measured,
    MentalStateReported,
    Moved,
    Perceived,
    SystemReplied,
    ToolUsed,
)
from tinytroupe_cli.language.evaluation import look_up
from tinytroupe_cli.language.expressions import Name
from tinytroupe_cli.plan.fact_kinds import PEOPLE
from tinytroupe_cli.plan.types import Condition, Trial


@dataclass(frozen=True)
class Fact:
    """One thing that happened, by the names it goes by in a table's rules."""

    values: Mapping[str, JsonValue]
    people: Mapping[str, Mapping[str, JsonValue]]
    """Person id -> persona, with `id` and `name`."""
    levels: Mapping[str, JsonValue]

    def resolve(self, name: Name) -> JsonValue:
        """Return what a dotted name means here; null where there is nothing of that name."""
        head, *rest = name.path
        value = self.values.get(head)
        if not rest:
            return value
        if head == "condition":
            return look_up(tuple(rest), self.levels)
        if head not in PEOPLE or not isinstance(value, str):
            return None
        return look_up(tuple(rest), self.people.get(value, {"name": value} if value else {}))


def facts(trial: Trial, condition: Condition, events: Sequence[Event], kinds: Sequence[str]) -> Iterator[Fact]:
    """Yield what happened in a trial of these kinds, in its order; a thing of several kinds is told once."""
    people = {member.id: {**member.persona, "id": member.id, "name": member.name} for member in trial.people}
    for event in events:
        common: dict[str, JsonValue] = {
            "trial": trial.id,
            "condition": trial.condition,
            "replicate": trial.replicate,
            "step": event.step,
            "time": event.time,
        }
        told = [values for kind, values in _values_of(event) if kind in kinds]
        if isinstance(event, Acted):
            told = told[:1]
        for values in told:
            yield Fact({**common, **values}, people, condition.levels)


def _values_of(event: Event) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    match event:
        case Acted():
            own: dict[str, JsonValue] = {
                "person": event.person,
                "act": event.action,
                "to": event.to,
                "text": event.text,
            }
            if event.action in SPOKEN:
                yield "talks", own
            if event.action == Action.THINK:
                yield "thoughts", own
            yield "acts", own
        case Perceived():
            came: dict[str, JsonValue] = {"sense": event.sense, "source": event.source, "to": event.to}
            for person in event.people:
                yield "perceptions", {"person": person, **came, "text": event.text}
        case MentalStateReported():
            mind: dict[str, JsonValue] = {"emotion": event.emotion, "attention": event.attention, "goal": event.goal}
            yield "feelings", {"person": event.person, **mind}
        case DocumentWritten():
            yield "documents", {"person": event.person, "title": event.title, "text": event.content}
        case Moved():
            yield "moves", {"person": event.person, "place": event.place}
        case SystemReplied() | ToolUsed():
            yield _outside(event)
        case Intervened():
            yield "interventions", {"name": event.name, "justification": event.justification}
        case Measured():
            asked: dict[str, JsonValue] = {"person": event.person, "query": event.query, "sample": event.sample}
            for field, value in event.values.items():
                yield "answers", {**asked, "field": field, "value": value}
        case _:
            return


def _outside(event: SystemReplied | ToolUsed) -> tuple[str, dict[str, JsonValue]]:
    """Return what somebody had from outside the simulation."""
    if isinstance(event, SystemReplied):
        own: dict[str, JsonValue] = {"system": event.system, "message": event.message, "text": event.text}
        return "exchanges", {"person": event.person, **own, "ok": event.is_ok}
    used: dict[str, JsonValue] = {"tool": event.tool, "act": event.action, "arguments": event.arguments}
    return "tool_uses", {"person": event.person, **used, "text": event.result, "ok": event.is_ok}
