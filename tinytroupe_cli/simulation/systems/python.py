"""PythonSystem: a function of the user's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tinytroupe_cli.core.concurrency import call_user_function
from tinytroupe_cli.simulation.systems.port import NoReply, SystemReply


@dataclass(frozen=True, slots=True)
class PythonConversation:
    """What a function is told beside the message, if it takes a second argument."""

    id: str
    person: str
    """Full name."""
    history: list[dict[str, str]]
    """`{"role": "user" or "assistant", "content": …}`, the message not included."""


class PythonSystem:
    """Calls `function(message)` or `function(message, conversation)`; what isn't async runs in a thread."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._takes_conversation = _takes_two(function)

    async def reply(self, request: SystemReply) -> str | NoReply:
        """Call the function."""
        arguments: list[Any] = [request.message]
        if self._takes_conversation:
            arguments.append(
                PythonConversation(request.conversation, str(request.persona.get("name", "")), request.past)
            )
        try:
            value: Any = await call_user_function(self._function, *arguments)
        except Exception as error:  # noqa: BLE001 - the edge: the code is the user's
            return NoReply(f"it raised {type(error).__name__}: {error}")
        if not isinstance(value, str):
            return NoReply(f"it returned {type(value).__name__}, not text")
        return value.strip() or NoReply("its reply is empty")

    async def aclose(self) -> None:
        """Nothing stays open."""


def _takes_two(function: Callable[..., Any]) -> bool:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return False
    places = [
        parameter
        for parameter in parameters
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    required = [parameter for parameter in places if parameter.default is parameter.empty]
    return (
        any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
        or len(required) > 1
        or (len(places) > 1 and places[1].name == "conversation")
    )
