"""Waits for several things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Found = TypeVar("Found")


async def gather(works: Iterable[Coroutine[Any, Any, Found]]) -> list[Found]:
    """Return what all return, in their order; what one raises is raised as it is, and the others are stopped."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    return [task.result() for task in tasks]
