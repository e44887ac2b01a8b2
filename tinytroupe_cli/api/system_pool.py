"""Opens a run's systems and the store of their answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.network_access import NetworkAccess
from tinytroupe_cli.inputs.program_lookup import user_function
from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.external_calls import SqliteExternalCallStore
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.simulation.systems.pool import SystemPool, SystemRuntime


@asynccontextmanager
async def open_systems(
    prepared: Prepared, plan: Plan, folder: RunFolder, chat: ChatModel, clock: Clock
) -> AsyncGenerator[SystemPool, None]:
    """Open every system of a run; answers are stored in its folder."""
    base_dir = prepared.compiled.path.absolute().parent
    parents = folder.inherited / folder.outside.name
    store = SqliteExternalCallStore(folder.outside, inherited=parents, hide=prepared.secrets.hide_in)
    outside = SystemRuntime(
        env=prepared.env,
        folder=base_dir,
        logs=folder.path / "systems",
        run=folder.path.resolve().name,
        store=store,
        clock=clock,
        access=NetworkAccess(prepared.compiled.settings.allow_addresses),
        hide=prepared.secrets.hide,
        function=partial(user_function, base_dir=base_dir),
        is_offline=prepared.is_offline,
    )
    try:
        async with SystemPool(plan, outside, chat) as systems:
            yield systems
    finally:
        store.close()
