"""Calls users' functions, async or not, so that one that hangs blocks nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from tinytroupe_cli.core.threads import in_daemon_thread


async def call_user_function(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return a function's result, or raise its exception; a function that isn't async runs in a thread.

    `asyncio.to_thread` would join its threads at the end, so that a user's `while True` would keep the command from
    ending. Raises RuntimeError for a function that would end the process.
    """
    try:
        if inspect.iscoroutinefunction(function):
            return await function(*args, **kwargs)
        result = await in_daemon_thread(lambda: function(*args, **kwargs))
        return await result if inspect.isawaitable(result) else result
    except SystemExit as error:
        raise RuntimeError(f"it called sys.exit({error.code!r})") from error
