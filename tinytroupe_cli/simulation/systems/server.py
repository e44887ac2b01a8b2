"""A server of the user's: started before the run, waited for, ended after it. Only what we started is ended."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.simulation.systems.excerpts import tail
from tinytroupe_cli.simulation.systems.processes import end_program, start_program

PATIENCE = 30.0
"""Seconds in which a server must answer."""
PATIENCE_AT_END = 1.0
"""Seconds in which the last of what it printed is read."""
MAX_LINE = 60_000
"""Bytes; a longer line is written in parts."""
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class ServerLog:
    """Where what a server prints is kept, without secrets."""

    path: Path
    hide: Callable[[str], str] = str

    async def copy(self, output: asyncio.StreamReader) -> None:
        """Write what is printed, line by line, until the server ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            while line := await _next_line(output):
                file.write(self.hide(line.decode(errors="replace")).encode())
                file.flush()

    def tail(self) -> str:
        """Return the last lines."""
        return tail(self.path.read_bytes()) if self.path.exists() else ""


class Server:
    """A process that listens on this machine."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, *, env: Mapping[str, str], log: ServerLog
    ) -> None:
        """Name what is to be started, with its environment; what it writes goes to `log`."""
        self._name = name
        self._command = command
        self._folder = folder
        self._env = env
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._copying: asyncio.Task[None] | None = None

    async def start(self, address: str) -> None:
        """Start it and wait until its port answers; raises `EnvironmentProblem` if it doesn't come to that."""
        where = urlsplit(address)
        host, port = where.hostname or "127.0.0.1", where.port or (443 if where.scheme == "https" else 80)
        if await _answers(host, port):
            message = (
                f"something is listening at {host}:{port} already, so '{self._name}' can't be started at this address"
            )
            hint = "stop it, remove `start` to use it, or write {{ port }} in `url` and `start` to use a free port"
            raise EnvironmentProblem(message, hint=hint)
        await self._launch()
        try:
            async with asyncio.timeout(PATIENCE):
                while not await _answers(host, port):
                    await self._check_alive()
                    await asyncio.sleep(PAUSE)
        except TimeoutError:
            await self.end()
            raise EnvironmentProblem(
                f"'{self._name}' was started but did not answer at {host}:{port} within {PATIENCE:.0f} seconds",
                hint=self._log.tail(),
            ) from None

    async def end(self) -> None:
        """End it, and whatever it started."""
        if self._process is not None:
            await end_program(self._process)
            self._process = None
        await self._read_out()

    async def _launch(self) -> None:
        try:
            self._process = await start_program(
                self._command,
                self._folder,
                env={**self._env, "PYTHONUNBUFFERED": "1"},
                given=asyncio.subprocess.DEVNULL,
                output=asyncio.subprocess.PIPE,
                errors=asyncio.subprocess.STDOUT,
            )
        except (OSError, RunError, ValueError) as error:
            raise EnvironmentProblem(f"'{self._name}' can't be started: {error}") from error
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self._copying = asyncio.create_task(self._log.copy(self._process.stdout))

    async def _read_out(self) -> None:
        """Wait for the last of what was printed; a child that lives on may hold the pipe open."""
        if self._copying is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_AT_END):
                    await self._copying
            self._copying = None

    async def _check_alive(self) -> None:
        if self._process is not None and self._process.returncode is not None:
            await self._read_out()
            code = self._process.returncode
            raise EnvironmentProblem(
                f"'{self._name}' was started but ended with {code} before it answered",
                hint=self._log.tail(),
            )


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


async def _next_line(output: asyncio.StreamReader) -> bytes:
    """Return the next line, or as much of a very long one as fits; empty at the end."""
    try:
        return await output.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError:
        return await output.read(MAX_LINE)


async def _answers(host: str, port: int) -> bool:
    with suppress(OSError):
        _, writer = await asyncio.open_connection(host, port)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True
    return False
