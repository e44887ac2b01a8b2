"""Awaits several coroutines at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Found = TypeVar("Found")


async def gather(works: Iterable[Coroutine[Any, Any, Found]]) -> list[Found]:
    """Return all results, in order; the first exception is raised unchanged, and the others are cancelled."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    return [task.result() for task in tasks]
