"""Calls functions of the user's, async or not, without letting one that hangs hold up anything."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from tinytroupe_cli.core.threads import in_daemon_thread


async def call_user_function(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what a function returns, and raise what it raises; what isn't async runs in a thread.

    Not in `asyncio.to_thread`, whose threads are joined at the end: one `while True` of a user's would keep the
    command from ending. Raises RuntimeError for one that would end the process.
    """
    try:
        if inspect.iscoroutinefunction(function):
            return await function(*args, **kwargs)
        result = await in_daemon_thread(lambda: function(*args, **kwargs))
        return await result if inspect.isawaitable(result) else result
    except SystemExit as error:
        raise RuntimeError(f"it called sys.exit({error.code!r})") from error
