"""Calls functions of the user's, async or not, without letting one that hangs hold up anything."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


async def called(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what a function returns, and raise what it raises; what isn't async runs in a thread.

    Raises RuntimeError for one that would end the process.
    """
    try:
        if inspect.iscoroutinefunction(function):
            return await function(*args, **kwargs)
        result = await _apart(lambda: function(*args, **kwargs))
        return await result if inspect.isawaitable(result) else result
    except SystemExit as error:
        raise RuntimeError(f"it called sys.exit({error.code!r})") from error


async def _apart(work: Callable[[], Any]) -> Any:
    """Run it in a thread of its own, which the process does not wait for when it ends.

    `asyncio.to_thread` would: its threads are joined, so one `while True` of a user's kept the command from ending.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if not ended.done():  # it was given up
            ended.set_result((result, error))

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as raised:  # noqa: BLE001 - raised again where it is waited for
            error = raised
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="troupe-called", daemon=True).start()
    result, error = await ended
    if error is not None:
        raise error
    return result
