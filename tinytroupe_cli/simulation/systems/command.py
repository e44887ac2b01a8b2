"""CommandSystem: a program that is started for each message, and answers on its standard output."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.language.templates import TemplateError
from tinytroupe_cli.simulation.systems.excerpts import tail
from tinytroupe_cli.simulation.systems.message_templates import MessageValues
from tinytroupe_cli.simulation.systems.port import NoReply, SystemReply
from tinytroupe_cli.simulation.systems.processes import end_program, start_program

MAX_HISTORY = 60_000
"""Letters of the conversation so far that fit into an environment variable everywhere."""


class CommandSystem:
    """Message on stdin, reply on stdout; the conversation so far in the environment."""

    def __init__(self, command: Sequence[str], filling: MessageValues, folder: Path, env: Mapping[str, str]) -> None:
        """Prepare; `env` is what the program is given beside the conversation."""
        filling.check(*command)
        self._command = command
        self._filling = filling
        self._folder = folder
        self._env = env

    async def reply(self, request: SystemReply) -> str | NoReply:
        """Run the program once."""
        try:
            process = await start_program(
                [self._filling.text(word, request) for word in self._command],
                self._folder,
                env={**self._env, **_about(request)},
                given=asyncio.subprocess.PIPE,
                output=asyncio.subprocess.PIPE,
                errors=asyncio.subprocess.PIPE,
            )
        except (OSError, RunError, ValueError) as error:
            return NoReply(f"it can't be started: {error}")
        except TemplateError as error:
            return NoReply(f"its command can't be filled in: {error.message}")
        try:
            written, errors = await process.communicate(request.message.encode())
        except BaseException:  # given up, or the run ends: nothing of ours stays behind
            await end_program(process, patience=0)
            raise
        if process.returncode:
            return NoReply(self._filling.hide(f"it ended with {process.returncode}: {tail(errors)}".strip(": ")))
        text = self._filling.hide(written.decode(errors="replace").strip())
        return text or NoReply(self._filling.hide(f"it wrote nothing. {tail(errors)}".strip()))

    async def aclose(self) -> None:
        """Nothing stays open."""


def _about(request: SystemReply) -> dict[str, str]:
    history = request.past
    while history and len(json.dumps(history)) > MAX_HISTORY:
        history = history[1:]
    return {
        "TROUPE_PERSON": str(request.persona.get("name", "")),
        "TROUPE_CONVERSATION": request.conversation,
        "TROUPE_HISTORY": json.dumps(history),
    }
