"""Chooses the number of compute threads that does not slow down other processes.

llama.cpp's threads wait for each other by spinning. One more than there are free cores makes
everything several times slower, one fewer costs little: measured on two cores next to one busy
process, two threads wrote 32 tokens a second and one thread 75. The text does not depend on their
number, as long as flash attention is off (`local_engine.py`): measured on two models.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WATCH_SECONDS = 0.2
_SYSTEM = Path("/")


@dataclass(frozen=True)
class CpuTime:
    """Seconds of processor time used since some moment."""

    everyone: float
    ourselves: float


def compute_threads(root: Path = _SYSTEM, *, read: Callable[[], CpuTime | None] | None = None) -> int | None:
    """Return the threads to use; None if unknown, so that llama.cpp chooses. Takes 0.2 s."""
    usable = usable_cores(root)
    if usable is None:
        return None
    return max(1, usable - busy_cores(read or (lambda: _cpu_time(root)), wait=time.sleep))


def threads_words(usable: int | None) -> str:
    """Return how many threads a model is given: it is decided when it is loaded, by the cores that are free then."""
    if usable is None:
        return "as many as llama.cpp chooses"
    return "1" if usable == 1 else f"1 to {usable}: the cores that were free when the model was loaded"


def is_busy(root: Path = _SYSTEM, *, read: Callable[[], CpuTime | None] | None = None) -> bool:
    """Return whether others keep a core of this machine busy just now. Takes 0.2 s."""
    return busy_cores(read or (lambda: _cpu_time(root)), wait=time.sleep) > 0


def usable_cores(root: Path = _SYSTEM) -> int | None:
    """Count the physical cores this process may run on, within the quota of its container (Linux)."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    allowed = os.sched_getaffinity(0)
    cores = {_siblings(root, cpu) for cpu in allowed}
    quota = _quota(root)
    return len(cores) if quota is None else max(1, min(len(cores), int(quota)))


def total_memory(root: Path = _SYSTEM) -> int | None:
    """Return the bytes of memory available, within the limit of a container; None if unknown (Linux)."""
    listing, limit = root / "proc/meminfo", root / "sys/fs/cgroup/memory.max"
    found: list[int] = []
    if listing.is_file():
        first = listing.read_text().split("\n", 1)[0].split()
        found.append(int(first[1]) * 1024)
    if limit.is_file() and (written := limit.read_text().strip()).isdigit():
        found.append(int(written))
    return min(found, default=None)


def busy_cores(read: Callable[[], CpuTime | None], *, wait: Callable[[float], None]) -> int:
    """Count the cores that other processes keep busy, rounded; 0 if unknown."""
    before = read()
    wait(WATCH_SECONDS)
    after = read()
    if before is None or after is None:
        return 0
    others = (after.everyone - before.everyone) - (after.ourselves - before.ourselves)
    return max(0, round(others / WATCH_SECONDS))


def _siblings(root: Path, cpu: int) -> str:
    """Return the core of a logical processor: the same for both threads of one core."""
    listing = root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
    return listing.read_text().strip() if listing.is_file() else str(cpu)


def _quota(root: Path) -> float | None:
    """Return the processors a container may use at once, if it is limited (cgroup v2)."""
    limit = root / "sys/fs/cgroup/cpu.max"
    if not limit.is_file():
        return None
    allowed, period = limit.read_text().split()
    return None if allowed == "max" else int(allowed) / int(period)


def _cpu_time(root: Path) -> CpuTime | None:
    stat = root / "proc/stat"
    if not stat.is_file():
        return None
    user, nice, system, _idle, _waiting, *interrupts = map(int, stat.read_text().split("\n", 1)[0].split()[1:8])
    ticks = user + nice + system + sum(interrupts)
    return CpuTime(everyone=ticks / os.sysconf("SC_CLK_TCK"), ourselves=time.process_time())
