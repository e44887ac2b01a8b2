"""A server of the user's: started before the run, waited for, ended after it. Only what we started is ended."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.simulation.systems.excerpts import tail
from tinytroupe_cli.simulation.systems.processes import end_program, start_program

PATIENCE = 30.0
"""Seconds in which a server must answer."""
PAUSE = 0.05


class Server:
    """A process that listens on this machine."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, log: Path) -> None:
        """Name what is to be started; what it writes goes to `log`."""
        self._name = name
        self._command = command
        self._folder = folder
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, address: str) -> None:
        """Start it and wait until its port answers; raises `EnvironmentProblem` if it doesn't come to that."""
        where = urlsplit(address)
        host, port = where.hostname or "127.0.0.1", where.port or (443 if where.scheme == "https" else 80)
        if await _answers(host, port):
            message = f"something is listening at {host}:{port} already, so '{self._name}' can't be started there"
            hint = "stop it, remove `start` to use it, or write {{ port }} in `url` and `start` to use a free port"
            raise EnvironmentProblem(message, hint=hint)
        await self._launch()
        try:
            async with asyncio.timeout(PATIENCE):
                while not await _answers(host, port):
                    self._check_alive()
                    await asyncio.sleep(PAUSE)
        except TimeoutError:
            await self.end()
            raise EnvironmentProblem(
                f"'{self._name}' was started and does not answer at {host}:{port} after {PATIENCE:.0f} seconds",
                hint=tail(self._log.read_bytes()),
            ) from None

    async def end(self) -> None:
        """End it, and whatever it started."""
        if self._process is not None:
            await end_program(self._process)
            self._process = None

    async def _launch(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            try:
                self._process = await start_program(
                    self._command,
                    self._folder,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    given=asyncio.subprocess.DEVNULL,
                    output=log.fileno(),
                    errors=log.fileno(),
                )
            except (OSError, RunError, ValueError) as error:
                raise EnvironmentProblem(f"'{self._name}' can't be started: {error}") from error

    def _check_alive(self) -> None:
        if self._process is not None and self._process.returncode is not None:
            code = self._process.returncode
            raise EnvironmentProblem(
                f"'{self._name}' was started and ended with {code} before it answered",
                hint=tail(self._log.read_bytes()),
            )


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


async def _answers(host: str, port: int) -> bool:
    with suppress(OSError):
        _, writer = await asyncio.open_connection(host, port)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True
    return False
