"""Kills a run at random moments: the end is equal to that of a run left alone, and no answer is paid for twice."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from faults.arena import Arena
from projects import EXPERIMENT, MODEL, Project
from provider import FakeProvider

KILLS_A_RUN: Final = 5
GRACE: Final = 0.5
"""Seconds, on a busy machine, between an answer leaving the provider and its being stored."""
LATENCY: Final = 0.05
LONGER: Final = EXPERIMENT.replace("steps: 3", "steps: 6").replace("[lisa, oscar]", "[lisa, oscar, amara]")
MAX_SHOWN: Final = 5
TIMES: Final = ("seconds", "started", "ended", "run", "sittings")
"""Keys of results.json that say when and in how many sessions a run was made, not what came of it."""


def kill_runs(arena: Arena) -> None:
    """Kill one run a few times, end it, and compare."""
    with FakeProvider(latency=LATENCY) as fake:
        project = arena.project(fake.url, LONGER)
        wanted, seconds = undisturbed(arena, fake, LONGER)
        kills: list[float] = []
        while len(kills) < KILLS_A_RUN:
            killed = _killed(arena, project, arena.chance.fraction() * seconds / 2)
            if not killed:
                break
            kills.append(killed)
        else:
            ended = arena.run(project, "--no-cache")
            arena.expect(ended.code == 0, f"the last run ended with {ended.code}: {ended.err[-500:]}")
        arena.row.remarks["paid twice, in flight at a kill"] = check_payments(arena, fake, kills)
    arena.row.count = len(kills)
    arena.expect(len(project.runs) == 1, f"{len(project.runs)} runs instead of one")
    check_equal(arena, what_came(project), wanted)


def undisturbed(arena: Arena, fake: FakeProvider, experiment: str) -> tuple[Mapping[str, Any], float]:
    """Play the same run without a kill; return what came of it and the seconds it took."""
    alone = arena.project(fake.url, experiment, name="alone/project")
    ended = arena.run(alone, "--no-cache")
    arena.expect(ended.code == 0, f"undisturbed, it ended with {ended.code}: {ended.err[-500:]}")
    fake.requests.clear()
    fake.sent.clear()
    return what_came(alone), ended.seconds


def _killed(arena: Arena, project: Project, moment: float) -> float:
    """Start or resume the run and kill it; return when, or 0 if it had ended."""
    running = arena.start(project, "run", "x.yaml", "--model", MODEL, "--no-cache")
    running.lasted(moment)
    when = time.perf_counter()
    was_killed = running.send(signal.SIGKILL)
    ended = arena.ended(running)
    if not was_killed:
        arena.expect(ended.code == 0, f"before it was killed, it ended with {ended.code}: {ended.err[-500:]}")
    return when if was_killed else 0.0


def check_payments(arena: Arena, fake: FakeProvider, kills: Iterable[float]) -> int:
    """Note answers that arrived well before a kill and were asked for again; return how many were in flight."""
    asked = Counter(key_of(body) for body in fake.requests)
    safe = {key_of(body) for body, at in fake.sent if all(at < kill - GRACE or at > kill for kill in kills)}
    again = {key for key, count in asked.items() if count > 1}
    sent = Counter(key_of(body) for body, _ in fake.sent)
    lost = {key for key in again & safe if sent[key] > 1}
    arena.expect(not lost, f"{len(lost)} answers were stored and asked for again")
    return sum(sent[key] > 1 for key in again)


def check_equal(arena: Arena, found: Any, wanted: Any, where: str = "") -> None:
    """Note the first places where what came of a run differs from what came of one left alone."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in sorted(found.keys() | wanted.keys()):
            check_equal(arena, found.get(name), wanted.get(name), f"{where}.{name}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            check_equal(arena, one, other, f"{where}[{number}]")
    elif len(arena.row.faults) < MAX_SHOWN:
        arena.expect(found == wanted, f"{where} differs: {str(found)[-200:]!r}, left alone: {str(wanted)[-200:]!r}")


def key_of(body: Mapping[str, Any]) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def what_came(project: Project) -> Mapping[str, Any]:
    """Return the newest run's logs, results and measures, without times."""
    run = project.runs[-1]
    results = json.loads((run / "results.json").read_text()) if (run / "results.json").exists() else {}
    measures = run / "data/measures.csv"
    return {
        "logs": project.logs(),
        "results": without_times(results),
        "measures": _measures(measures) if measures.exists() else [],
    }


def _measures(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return [{name: value for name, value in row.items() if name not in TIMES} for row in csv.DictReader(rows)]


def without_times(value: Any) -> Any:
    """Return a document without the keys that differ between two equal runs."""
    if isinstance(value, dict):
        return {name: without_times(part) for name, part in value.items() if name not in (*TIMES, "plan")}
    return [without_times(part) for part in value] if isinstance(value, list) else value
