"""Kills a run at random moments: the end is equal to that of a run left alone, and no answer is paid for twice."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from faults.arena import Arena
from projects import EXPERIMENT, MODEL, Project
from provider import FakeProvider, answer_for

KILLS_A_RUN: Final = 5
GRACE: Final = 0.5
"""Seconds, on a busy machine, between an answer leaving the provider and its being stored."""
LATENCY: Final = 0.05
LONGER: Final = EXPERIMENT.replace("steps: 3", "steps: 6").replace("[lisa, oscar]", "[lisa, oscar, amara]")
REPLICATED: Final = LONGER + "replicates: 3\n"
MAX_SHOWN: Final = 5
TIMES: Final = ("seconds", "started", "ended", "run", "sittings")
"""Keys of results.json that say when and in how many sessions a run was made, not what came of it."""


class Payments:
    """Watches that what a run has stored is not asked for again."""

    def __init__(self, fake: FakeProvider) -> None:
        """Begin with a run that has stored nothing."""
        self._fake = fake
        self._asked = self._sent = 0
        self._stored: set[str] = set()

    def check(self, arena: Arena, project: Project, *, before: float = 0.0) -> None:
        """Note stored answers that were asked for again, and new ones that arrived before a time and were not stored.

        New ones are those since the last check: what was on its way at an earlier kill may not have been asked again.
        """
        again = sum(answer_for(body) in self._stored for body in self._fake.requests[self._asked :])
        arena.expect(not again, f"{again} answers were stored and asked for again")
        self._stored, self._asked = stored_texts(project), len(self._fake.requests)
        new, self._sent = self._fake.sent[self._sent :], len(self._fake.sent)
        lost = {answer_for(body) for body, at in new if at < before} - self._stored
        arena.expect(not lost, f"{len(lost)} answers that had arrived were not stored")

    @property
    def paid_twice(self) -> int:
        """Return how many answers were sent more than once."""
        return sum(count > 1 for count in Counter(key_of(body) for body, _ in self._fake.sent).values())


def stored_texts(project: Project) -> set[str]:
    """Return the answers in a project's runs."""
    texts: set[str] = set()
    for run in project.runs:
        with closing(sqlite3.connect(run / "calls.sqlite")) as store, suppress(sqlite3.OperationalError):
            texts |= {json.loads(text)["text"] for (text,) in store.execute("SELECT completion FROM calls")}
    return texts


def last_texts(project: Project) -> set[str]:
    """Return the answer that each run of a project stored last."""
    texts: set[str] = set()
    for run in project.runs:
        with closing(sqlite3.connect(run / "calls.sqlite")) as store, suppress(sqlite3.OperationalError):
            last = store.execute("SELECT completion FROM calls ORDER BY rowid DESC LIMIT 1")
            texts |= {json.loads(text)["text"] for (text,) in last}
    return texts


def kill_runs(arena: Arena) -> None:
    """Kill one run a few times, end it, and compare; every other run has several trials at once."""
    experiment = (LONGER, REPLICATED)[arena.number % 2]
    with FakeProvider(latency=LATENCY) as fake:
        project = arena.project(fake.url, experiment)
        wanted, seconds = undisturbed(arena, fake, experiment)
        payments = Payments(fake)
        while not is_finished(project) and arena.row.count < KILLS_A_RUN:
            running = arena.start(project, "run", "x.yaml", "--model", MODEL, "--no-cache")
            running.lasted(arena.chance.fraction() * seconds / 2)
            when = time.perf_counter()
            arena.row.count += running.send(signal.SIGKILL)
            arena.ended(running)
            payments.check(arena, project, before=when - max(GRACE, seconds / 4))
        if not is_finished(project):
            ended = arena.run(project, "--no-cache")
            arena.expect(ended.code == 0, f"the last run ended with {ended.code}: {ended.err[-500:]}")
            payments.check(arena, project)
        arena.row.remarks["paid twice, in flight at a kill"] = payments.paid_twice
    arena.expect(len(project.runs) == 1, f"{len(project.runs)} runs instead of one")
    check_equal(arena, what_came(project), wanted)


def is_finished(project: Project) -> bool:
    """Return whether the run has ended, so that the same command would begin another."""
    with suppress(ValueError, OSError):
        return bool(project.runs) and project.manifest()["status"] == "finished"
    return False


def undisturbed(arena: Arena, fake: FakeProvider, experiment: str) -> tuple[Mapping[str, Any], float]:
    """Play the same run without a kill; return what came of it and the seconds it took."""
    alone = arena.project(fake.url, experiment, name="alone/project")
    ended = arena.run(alone, "--no-cache")
    arena.expect(ended.code == 0, f"undisturbed, it ended with {ended.code}: {ended.err[-500:]}")
    fake.requests.clear()
    fake.sent.clear()
    return what_came(alone), ended.seconds


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
