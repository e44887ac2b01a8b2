"""Users' own tools: Python functions. What they raise is told to the person; the run survives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from pydantic import JsonValue

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.concurrency import call_user_function
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import PlannedTool, Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.external_calls import ExternalCall, ExternalCallStore, call_once
from tinytroupe_cli.simulation.tools.tool_use import ToolUse, record_use, refuse_use

MAX_SECONDS: Final = 120.0
MAX_CHARACTERS: Final = 8_000
"""Of what a person reads of an answer."""

Function = Callable[..., Any]


@dataclass(frozen=True)
class UserTools:
    """What the people of a trial can do with functions of the user's."""

    owners: Mapping[str, Mapping[str, PlannedTool]]
    """Person id -> name of an act -> the tool."""
    functions: Mapping[str, Function]
    """By dotted path, as written."""
    store: ExternalCallStore
    clock: Clock

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return the acts of their owner's tools."""
        return [_ability(action, tool) for action, tool in self.owners.get(moment.person, {}).items()]

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Call the function, once in a run; the person is asked again with its answer."""
        tool = self.owners.get(moment.person, {}).get(call.name)
        if tool is None:
            return refuse_use(call.name, call, moment)
        arguments, unclear = _arguments(tool, call)
        if unclear:
            use = ToolUse(tool.name, call, unclear, arguments, is_ok=False)
            return record_use(use, moment, continues_turn=True)
        external = ExternalCall(
            kind="tool",
            name=tool.name,
            trial=moment.stamp.trial,
            person=moment.person,
            step=moment.stamp.step,
            number=moment.count,
            content=dict(arguments),
        )
        ask = partial(_called, self.functions[tool.function], arguments)
        answer = cast("dict[str, JsonValue]", await call_once(external, ask, store=self.store, clock=self.clock))
        use = ToolUse(tool.name, call, _shown(str(answer["text"])), arguments, is_ok=bool(answer["is_ok"]))
        return record_use(use, moment, continues_turn=True)


def user_tools(
    trial: Trial, functions: Mapping[str, Function], *, store: ExternalCallStore, clock: Clock
) -> UserTools | None:
    """Return users' tools of a trial; None where nobody has one."""
    owners = {
        member.id: {act_of(tool): tool for tool in member.tools if tool.kind == "function"} for member in trial.people
    }
    return UserTools(owners, functions, store, clock) if any(owners.values()) else None


def act_of(tool: PlannedTool) -> str:
    """Return what using a function is called: LOOK_UP."""
    return tool.name.upper()


def _ability(action: str, tool: PlannedTool) -> AvailableAction:
    properties = _properties(tool)
    if not properties:
        return AvailableAction(action, f"{tool.does}; argument: empty", has_feedback=True)
    lone = _lone_text(tool)
    if lone is not None:
        choices = tuple(str(value) for value in cast("list[JsonValue]", properties[lone].get("enum", [])))
        return AvailableAction(action, f"{tool.does}; argument: {_spaced(lone)}", choices, has_feedback=True)
    about = ", ".join(map(_spaced, properties))
    form = AnswerSchema(name=tool.name.lower(), body=tool.form)
    return AvailableAction(
        action, f"{tool.does}; argument: in a few words, what for ({about})", form=form, has_feedback=True
    )


def _arguments(tool: PlannedTool, call: ActionCall) -> tuple[dict[str, JsonValue], str]:
    """Return what the function is called with, and what is wrong with it."""
    properties = _properties(tool)
    lone = _lone_text(tool)
    if lone is not None:
        given = call.argument.strip()
        options = properties[lone].get("enum")
        if isinstance(options, list) and given not in options:
            folded = {str(option).casefold(): option for option in options}
            if given.casefold() not in folded:
                known = ", ".join(str(option) for option in options)
                return {lone: given}, f"'{given}' is no {_spaced(lone)}: it can be {known}."
            return {lone: folded[given.casefold()]}, ""
        return {lone: given}, ""
    filled = call.arguments or {}
    return {name: value for name in properties if (value := filled.get(name)) is not None}, ""


def _properties(tool: PlannedTool) -> dict[str, dict[str, JsonValue]]:
    return cast("dict[str, dict[str, JsonValue]]", tool.form.get("properties", {}))


def _lone_text(tool: PlannedTool) -> str | None:
    """Return the one argument that needs no form: a text that must be given."""
    properties = _properties(tool)
    name = next(iter(properties), None)
    return name if len(properties) == 1 and name is not None and properties[name].get("type") == "string" else None


async def _called(function: Function, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """Call a user's function; whatever it raises is an answer too."""
    try:
        async with asyncio.timeout(MAX_SECONDS):
            result = await call_user_function(function, **arguments)
    except TimeoutError:
        return {"is_ok": False, "text": f"It does not work: no answer in {MAX_SECONDS:.0f} seconds."}
    except Exception as error:  # noqa: BLE001 - the user's own code: its failure is a fact of the run
        return {"is_ok": False, "text": f"It does not work: {type(error).__name__}: {error}"}
    return {"is_ok": True, "text": _written(result)}


def _written(result: Any) -> str:
    if isinstance(result, str):
        return result
    if result is None:
        return "Done."
    try:
        return json.dumps(result, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(result)


def _shown(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text or "(It answered nothing.)"
    left = len(text) - MAX_CHARACTERS
    return f"{text[:MAX_CHARACTERS]}\n(There is more: {left:,} letters are not shown.)"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
