"""A tool is its owner's: nobody else is offered it, and an attempt is refused, told and logged."""

from __future__ import annotations

import asyncio

import pytest

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import DocumentWritten, Perceived, ToolUsed
from tinytroupe_cli.plan.types import PlannedTool
from tinytroupe_cli.simulation.abilities import ActionCall, TurnContext
from tinytroupe_cli.simulation.state import PersonState, WorldState
from tinytroupe_cli.simulation.tools.word_processor import WRITE, WordProcessor

OWNERS = {"lisa": PlannedTool(name="write_document", kind="write_document")}


async def never(title: str, content: str, wanted: str) -> str:
    raise AssertionError((title, content, wanted))


def moment(person: str) -> TurnContext:
    return TurnContext(person, LogTime("r1", 1, "2026-01-05T09:00"), (), PersonState(), WorldState())


@pytest.mark.parametrize(("person", "writes"), [("lisa", True), ("oscar", False)])
def test_only_its_owner_can_use_a_tool(person: str, writes: bool) -> None:
    processor = WordProcessor(OWNERS, never)
    assert [ability.name for ability in processor.offered(moment(person))] == [WRITE] * writes
    act = ActionCall(WRITE, "", {"title": "Plan", "content": "Rest."})
    events = asyncio.run(processor.perform(act, moment(person))).events
    (used,) = [event for event in events if isinstance(event, ToolUsed)]
    (told,) = [event for event in events if isinstance(event, Perceived)]
    assert used.is_ok == writes
    assert any(isinstance(event, DocumentWritten) for event in events) == writes
    assert ("not yours" in told.text) != writes
