"""A model that answers from a list or a function, for tests."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.models.port import Completion, Request, Usage

ScriptedReply = str | dict[str, JsonValue] | Completion | TroupeError
"""Text, the values of an answer, a whole completion, or an error to raise."""


class ScriptedModel:
    """Answers from a list in order, or from a function; records its requests."""

    def __init__(
        self, script: Sequence[ScriptedReply] | Callable[[Request], ScriptedReply | Awaitable[ScriptedReply]]
    ) -> None:
        self.requests: list[Request] = []
        self._script = script

    async def complete(self, request: Request) -> Completion:
        """Answer; raises the error in the script, or `IndexError` when a list is exhausted."""
        self.requests.append(request)
        await asyncio.sleep(0)
        if callable(self._script):
            reply = self._script(request)
            if inspect.isawaitable(reply):
                reply = await reply
        else:
            reply = self._script[len(self.requests) - 1]
        return _completion(reply, request)


def _completion(reply: ScriptedReply, request: Request) -> Completion:
    match reply:
        case TroupeError():
            raise reply
        case Completion():
            return reply
        case dict():
            return _completion(json.dumps(reply, ensure_ascii=False), request)
        case str():
            prompt = sum(len(message.content) for message in request.messages) // 4
            return Completion(text=reply, usage=Usage(prompt=prompt, completion=len(reply) // 4), model="scripted")
