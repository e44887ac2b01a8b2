"""Runs blocking work in threads that never delay the end of the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def join_all(threads: set[threading.Thread]) -> None:
    """Wait until the threads that are alive now have ended."""
    for thread in list(threads):
        thread.join()


async def in_daemon_thread(work: Callable[[], T], *, among: set[threading.Thread] | None = None) -> T:
    """Await blocking work in a daemon thread that never delays the end of the interpreter.

    The thread is listed in `among` while it lives. A cancelled wait leaves at once.
    """
    future: Future[T] = Future()
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
