"""Waits for several things at once, and runs blocking or foreign code in threads that never delay the end."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


async def gather(works: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Return all results, in order; the first exception is raised unchanged, and the others are cancelled."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    return [task.result() for task in tasks]


def join_all(threads: set[threading.Thread]) -> None:
    """Wait until the threads that are alive now have ended."""
    for thread in list(threads):
        thread.join()


async def in_daemon_thread(work: Callable[[], Result], *, among: set[threading.Thread] | None = None) -> Result:
    """Await blocking work in a daemon thread that never delays the end of the interpreter.

    The thread is listed in `among` while it lives. A cancelled wait leaves at once.
    """
    future: Future[Result] = Future()
    listed = among if among is not None else set[threading.Thread]()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as problem:  # noqa: BLE001 - carried to the waiting caller
            future.set_exception(problem)
        finally:
            listed.discard(threading.current_thread())

    future.set_running_or_notify_cancel()
    thread = threading.Thread(target=run, daemon=True)
    listed.add(thread)
    thread.start()
    return await asyncio.wrap_future(future)


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
