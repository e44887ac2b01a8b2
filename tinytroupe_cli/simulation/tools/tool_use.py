"""What every use of a tool leaves behind: an event, and a word to the person who used it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from tinytroupe_cli.events.types import Event, ToolUsed
from tinytroupe_cli.plan.types import PlannedTool, Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.actions import Delivered, perceived


@dataclass(frozen=True)
class ToolUse:
    """One use of a tool and its result."""

    tool: str
    call: ActionCall
    result: str
    """Told to the person."""
    arguments: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    is_ok: bool = True


def record_use(
    use: ToolUse,
    moment: TurnContext,
    *,
    besides: Iterable[Event] = (),
    deliveries: Iterable[Delivered] = (),
    continues_turn: bool,
) -> ActionResult:
    """Record a use and tell the person its result."""
    stamp, person = moment.stamp, moment.person
    used = ToolUsed(
        trial=stamp.trial,
        step=stamp.step,
        time=stamp.time,
        person=person,
        tool=use.tool,
        action=use.call.name,
        arguments=dict(use.arguments),
        result=use.result,
        is_ok=use.is_ok,
    )
    reported = perceived(stamp, people=(person,), sense="tool", source=use.tool, to=person, text=use.result)
    return ActionResult((used, *besides, reported), tuple(deliveries), continues_turn=continues_turn)


def refuse_use(tool: str, call: ActionCall, moment: TurnContext) -> ActionResult:
    """Refuse a tool to somebody who doesn't have it; that they tried is in the log."""
    use = ToolUse(tool, call, f"You have no {tool}: it is not yours to use.", call.arguments or {}, is_ok=False)
    return record_use(use, moment, continues_turn=False)


def owners(trial: Trial, kind: str) -> dict[str, PlannedTool]:
    """Return who has a kind of tool, and how it is set up for them; what stands last in somebody's list counts."""
    return {member.id: tool for member in trial.people for tool in member.tools if tool.kind == kind}
