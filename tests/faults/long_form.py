"""The long form: many attacks, none of which stops the others, and a table of what came of them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from faults.checking import Outcome, Row, a_project, checked, memory, quiet_environment
from faults.damaged_stores import a_run, copied, damages, used
from faults.hostile_inputs import HostileInput, hostile_inputs
from hypothesis import HealthCheck, Phase, given, seed, settings
from provider import FakeProvider

from tinytroupe_cli.core.random_streams import Stream

MAX_SHOWN = 25


def attack_inputs(count: int, *, seed: int, minutes: float, keep: Path | None) -> dict[str, Row]:
    """Check so many hostile inputs, or as many as fit into the time."""
    rows: dict[str, Row] = {}
    end = time.perf_counter() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        quiet_environment(Path(folder) / "user")
        project = a_project(Path(folder) / "project")
        number = 0
        while sum(row.count for row in rows.values()) < count and time.perf_counter() < end:
            _batch(min(500, count), seed + number, project, rows, end)
            number += 1
    for row in rows.values():
        for at, (one, fault) in enumerate(row.faults):
            _told(one, fault, keep and keep / f"{one.kind}-{at}", is_shown=at < MAX_SHOWN)
    return rows


def _batch(count: int, number: int, project: Path, rows: dict[str, Row], end: float) -> None:
    """Check `count` inputs drawn with one seed; hypothesis keeps a history, which batches keep short."""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(hostile_inputs())
    def attack(one: HostileInput) -> None:
        if time.perf_counter() < end:
            _count(rows, one, checked(one, project))

    attack()


def _count(rows: dict[str, Row], one: HostileInput, outcome: Outcome) -> None:
    row = rows.setdefault(one.kind, Row())
    row.count += 1
    row.survived += not outcome.fault
    row.worst_seconds = max(row.worst_seconds, outcome.seconds)
    row.worst_memory = max(row.worst_memory, memory())
    if outcome.fault:
        row.faults.append((one, outcome.fault))


def attack_stores(count: int, *, seed: int, minutes: float) -> dict[str, Row]:
    """Damage that many files of a finished and of a half-finished run, and use the runs afterwards."""
    rows: dict[str, Row] = {}
    end = time.perf_counter() + 60 * minutes
    with tempfile.TemporaryDirectory() as name, FakeProvider() as fake:
        folder = Path(name)
        quiet_environment(folder / "user")
        os.environ |= {"OPENAI_API_KEY": "sk-test-0123456789abcdef"}
        for state in ("finished", "half"):
            project = a_run(folder / "project", fake.url, state)
            copied(project.folder, folder / state)
            every = list(damages(project, state))
            for damage in Stream(seed, "damages").sample(every, min(count // 2, len(every))):
                if time.perf_counter() > end:
                    break
                copied(folder / state, project.folder)
                row = rows.setdefault(f"{state}: {damage.way}", Row())
                found = [(words, fault) for words, fault, seconds in timed(row, used(project, damage)) if fault]
                row.count, row.survived = row.count + 1, row.survived + (not found)
                for words, fault in found:
                    print(f"--- {state}, {damage.file} {damage.way}, {words}: {fault}")
                    row.faults.append((HostileInput(damage.way, damage.file), fault))
    return rows


def timed(row: Row, attacks: Iterable[tuple[str, str, float]]) -> Iterator[tuple[str, str, float]]:
    """Pass commands on, and keep the longest time in the row."""
    for words, fault, seconds in attacks:
        row.worst_seconds = max(row.worst_seconds, seconds)
        row.worst_memory = max(row.worst_memory, memory())
        yield words, fault, seconds


def _told(one: HostileInput, fault: str, folder: Path | None, *, is_shown: bool) -> None:
    if is_shown:
        print(f"--- {one.kind}: {fault}\n    {one.files[one.target][:400]!r}")
    for name, data in one.files.items() if folder else ():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def printed(rows: Mapping[str, Row]) -> str:
    """Return the table."""
    lines = [f"{'what':<24} {'count':>6} {'survived':>9} {'worst time':>11} {'most memory':>12}"]
    for kind, row in sorted(rows.items()):
        lines.append(
            f"{kind:<24} {row.count:>6} {row.survived:>9} {row.worst_seconds:>9.2f} s {row.worst_memory:>9} MB"
        )
    count, survived = (sum(getattr(row, name) for row in rows.values()) for name in ("count", "survived"))
    return "\n".join([*lines, f"{'all':<24} {count:>6} {survived:>9}"])
