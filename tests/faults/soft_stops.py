"""Stops a run by Ctrl-C or SIGTERM: what is in flight is waited for and kept, and nothing is paid for twice."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from faults.arena import Arena
from faults.kills import LONGER, check_equal, is_finished, key_of, undisturbed, what_came
from projects import MODEL
from provider import FakeProvider

STOPS_A_RUN: Final = 3
LATENCY: Final = 0.3
AT_ONCE: Final = 10.0
"""Seconds within which a run must end at a second signal, on a busy machine."""


def stop_runs(arena: Arena) -> None:
    """Stop one run softly a few times, end it and compare; every fourth run is stopped at once instead."""
    if arena.number % 4 == 3:
        _stop_at_once(arena)
        return
    with FakeProvider(latency=LATENCY) as fake:
        project = arena.project(fake.url, LONGER, model="timeout = 60\n")
        wanted, seconds = undisturbed(arena, fake, LONGER)
        while arena.row.count < STOPS_A_RUN and not is_finished(project):
            running = arena.start(project, "run", "x.yaml", "--model", MODEL, "--no-cache")
            before = len(fake.requests)
            _until(lambda: len(fake.requests) > before or not running.is_running)  # noqa: B023 - used at once
            running.lasted(arena.chance.fraction() * seconds / 3)
            how = (signal.SIGINT, signal.SIGTERM)[arena.chance.integer(2)]
            was_stopped = running.send(how)
            ended = arena.ended(running)
            if is_finished(project):
                break
            arena.row.count += was_stopped
            arena.expect(ended.code == 130, f"{how.name}: exit {ended.code}: {ended.err[-500:]}")
            arena.expect("resume with:" in ended.err, f"no way to go on in: {ended.err[-500:]}")
        if not is_finished(project):
            ended = arena.run(project, "--no-cache")
            arena.expect(ended.code == 0, f"the last run ended with {ended.code}: {ended.err[-500:]}")
        again = [count for count in Counter(key_of(body) for body in fake.requests).values() if count > 1]
    arena.expect(not again, f"{len(again)} calls were asked for again after a soft stop")
    check_equal(arena, what_came(project), wanted)


def _stop_at_once(arena: Arena) -> None:
    """Stop a run whose provider never answers by two signals."""
    arena.row.count = 1
    with FakeProvider(latency=300) as fake:
        project = arena.project(fake.url, LONGER, model="timeout = 300\n")
        running = arena.start(project, "run", "x.yaml", "--model", MODEL, "--no-cache")
        _until(lambda: bool(fake.requests))
        running.send(signal.SIGINT)
        arena.expect(running.lasted(0.2 + arena.chance.fraction()), "it did not wait for the answers in flight")
        running.send(signal.SIGTERM)
        began = time.perf_counter()
        ended = arena.ended(running)
        arena.expect(time.perf_counter() - began < AT_ONCE, "a second signal did not end it at once")
        arena.expect(ended.code == 130, f"exit {ended.code}: {ended.err[-500:]}")


def _until(is_so: Callable[[], bool]) -> None:
    """Wait, a minute at the most."""
    end = time.perf_counter() + 60
    while time.perf_counter() < end and not is_so():
        time.sleep(0.02)
