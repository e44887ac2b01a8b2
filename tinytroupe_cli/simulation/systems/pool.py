"""Opens the systems of a run: servers are started, functions found, connections held; and all of it is undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import WITHOUT_OFFLINE, EnvironmentProblem
from tinytroupe_cli.core.ids import slug
from tinytroupe_cli.core.network_access import NetworkAccess
from tinytroupe_cli.minds.simulated_system import SimulatedSystem
from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.plan.planned_systems import PlannedSystem
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.simulation.external_calls import ExternalCallStore
from tinytroupe_cli.simulation.systems.command import CommandSystem
from tinytroupe_cli.simulation.systems.exchanges import Reachable, TrialSystems
from tinytroupe_cli.simulation.systems.message_templates import MessageValues
from tinytroupe_cli.simulation.systems.port import NoReply, SystemReply, SystemUnderTest
from tinytroupe_cli.simulation.systems.processes import child_environment
from tinytroupe_cli.simulation.systems.python import PythonSystem
from tinytroupe_cli.simulation.systems.server import Server, ServerLog, free_port

AT_ONCE = 8
"""Most people who talk to one system at a time."""


@dataclass(frozen=True)
class SystemRuntime:
    """What lies outside a run, as its systems need it."""

    env: Mapping[str, str]
    folder: Path
    """Where commands are run: the experiment's folder."""
    logs: Path
    """Where what started servers write is kept."""
    run: str
    store: ExternalCallStore
    clock: Clock
    function: Callable[[str], Callable[..., Any]]
    """Dotted path -> the function; raises a `TroupeError`."""
    hide: Callable[[str], str] = str
    """Removes secrets from what servers print."""
    access: NetworkAccess = field(default_factory=NetworkAccess)
    """Hosts that may be reached."""
    is_offline: bool = False


@dataclass
class SystemPool:
    """Every system of a plan, ready; use it with `async with`."""

    plan: Plan
    outside: SystemRuntime
    chat: ChatModel
    _ready: dict[str, Reachable] = field(default_factory=dict[str, Reachable])
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        """Open each system once; raises `EnvironmentProblem` where one can't be."""
        try:
            for trial in self.plan.trials:
                for system in trial.systems:
                    if system.model is None and _same(system) not in self._ready:
                        self._ready[_same(system)] = _reachable(system, await self._open(system))
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def of(self, trial: Trial) -> TrialSystems:
        """Return the systems of a trial."""
        systems = {system.name: self._found(system, trial) for system in trial.systems}
        return TrialSystems(trial.id, self.outside.run, systems, self.outside.store, self.outside.clock)

    def _found(self, system: PlannedSystem, trial: Trial) -> Reachable:
        if system.model is None:
            return self._ready[_same(system)]
        mind = SimulatedSystem(system.name, system.prompt, system.model, self.chat, trial.seed, trial.id)
        return _reachable(system, mind)

    async def _open(self, system: PlannedSystem) -> SystemUnderTest:
        outside = self.outside
        if outside.is_offline:
            return OfflineSystem(system.name)
        filling = MessageValues(outside.env, system.values, port=free_port() if system.start else 0)
        if system.http is not None:
            # Imported here: httpx takes as long as compiling an experiment, and few experiments have such a system.
            from tinytroupe_cli.simulation.systems.http import HttpSystem  # noqa: PLC0415

            opened = HttpSystem(system.http, filling, system.timeout, outside.access)
            self._stack.push_async_callback(opened.aclose)
            if system.start:
                await self._start(system, filling, filling.address(_host(system.http.url), None))
            return opened
        if system.python:
            return PythonSystem(outside.function(system.python))
        return CommandSystem(system.command, filling, outside.folder, child_environment(outside.env, system.env))

    async def _start(self, system: PlannedSystem, filling: MessageValues, address: str) -> None:
        env = child_environment(self.outside.env, system.env)
        command = [filling.text(word, None) for word in system.start]
        log = self.outside.logs / f"{slug(system.name)}-{len(self._ready) + 1}.log"
        server = Server(system.name, command, self.outside.folder, env=env, log=ServerLog(log, self.outside.hide))
        self._stack.push_async_callback(server.end)
        await server.start(address)


@dataclass(frozen=True)
class OfflineSystem:
    """Stands in a system's place when nobody may be asked."""

    name: str

    async def reply(self, request: SystemReply) -> str | NoReply:
        """Raise `EnvironmentProblem`: what reaches this far is not stored."""
        message = f"there is no stored reply of '{self.name}' to: {request.message[:80]}"
        raise EnvironmentProblem(message, hint=WITHOUT_OFFLINE)

    async def aclose(self) -> None:
        """Do nothing."""


def _host(url: str) -> str:
    """Return an address up to its path, which may speak of what is said."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.split('/')[0]}"


def _same(system: PlannedSystem) -> str:
    return system.model_dump_json(exclude={"people"})


def _reachable(system: PlannedSystem, answers: SystemUnderTest | SimulatedSystem) -> Reachable:
    return Reachable(answers, system.timeout, asyncio.Semaphore(AT_ONCE))
