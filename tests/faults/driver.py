"""Runs attacks in a few processes at a time, none of which stops the others, and makes the table."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from faults.arena import Arena, Row
from faults.kinds import KINDS

MAX_JOBS = 5
"""Jobs that may follow one another for each one planned: some attacks come too late, and don't count."""


def attack(kind: str, number: int, seed: int) -> Row:
    """Make one job's attacks in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        arena = Arena(Path(folder), kind, number, seed)
        try:
            KINDS[kind].attack()(arena)
        except Exception:  # noqa: BLE001 - one attack does not stop the others
            arena.row.faults.append(f"{arena.name}: the attack failed: {traceback.format_exc()}")
        row = arena.row
        row.count = max(row.count, int(not KINDS[kind].counts or bool(row.faults)))
        row.survived = max(0, row.count - len(row.faults))
        return row


def attack_all(counts: Mapping[str, int], *, seed: int, minutes: float, processes: int = 2) -> dict[str, Row]:
    """Make so many attacks of each kind, or as many as fit into the time; print each fault as it is found."""
    rows: dict[str, Row] = {}
    end = time.perf_counter() + 60 * minutes
    with ProcessPoolExecutor(processes) as pool:
        for kind, count in counts.items():
            rows[kind] = Row()
            began = time.perf_counter()
            waiting: list[Future[Row]] = []
            for number in range(MAX_JOBS * count):
                if _planned(rows[kind], waiting, kind) >= count or time.perf_counter() >= end:
                    break
                waiting.append(pool.submit(attack, kind, number, seed))
                if len(waiting) >= processes:
                    _take(waiting, rows[kind])
            while waiting:
                _take(waiting, rows[kind])
            print(f"{kind}: {rows[kind].count} in {time.perf_counter() - began:.0f} s", flush=True)
    return rows


def _planned(row: Row, waiting: Iterable[Future[Row]], kind: str) -> int:
    return row.count + KINDS[kind].a_job * sum(1 for _ in waiting)


def _take(waiting: list[Future[Row]], row: Row) -> None:
    """Add the oldest job's row."""
    done = waiting.pop(0).result()
    row.add(done)
    for fault in done.faults:
        print(f"--- {fault}", flush=True)


def printed(rows: Mapping[str, Row]) -> str:
    """Return the table."""
    lines = [f"{'kind':<18} {'count':>6} {'survived':>9} {'worst time':>11} {'most memory':>12}"]
    for kind, row in rows.items():
        remarks = "; ".join(f"{name}: {value:g}" for name, value in row.remarks.items() if value)
        figures = f"{kind:<18} {row.count:>6} {row.survived:>9} {row.seconds:>9.1f} s {row.memory:>9} MB"
        lines.append(f"{figures}   {remarks}".rstrip())
    count, survived = (sum(getattr(row, name) for row in rows.values()) for name in ("count", "survived"))
    return "\n".join([*lines, f"{'all':<18} {count:>6} {survived:>9}"])
