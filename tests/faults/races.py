"""Several troupe processes at once: on one run, one cache, one results folder, and readers beside a writer."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Final

from faults.arena import SMALL, SMALL_CALLS, Arena
from faults.kills import what_came
from faults.processes import Ended, Running
from projects import MODEL, Project
from provider import FakeProvider

RUN: Final = ("run", "x.yaml", "--model", MODEL)
REPEATED: Final = 3
"""Times each race is run in the long form, with other delays."""
READERS: Final = (
    ("show", "results"),
    ("report", "results"),
    ("runs",),
    ("export", "results"),
    ("report", "results", "--format", "html"),
    ("show", "results", "--json"),
)


def race(arena: Arena) -> None:
    """Run one of the races."""
    name = list(RACES)[arena.number % len(RACES)]
    arena.name = f"race: {name}"
    with FakeProvider(latency=0.1 + 0.2 * arena.chance.fraction()) as fake:
        RACES[name](arena, fake, arena.project(fake.url))


def _started(arena: Arena, project: Project, *commands: tuple[str, ...]) -> list[Running]:
    """Start commands with short, random delays between them."""
    running: list[Running] = []
    for words in commands:
        running.append(arena.start(project, *words))
        running[-1].lasted(arena.chance.fraction() * 0.5)
    return running


def _all_ended(arena: Arena, running: list[Running]) -> list[Ended]:
    return [arena.ended(one) for one in running]


def _one_run(arena: Arena, fake: FakeProvider, project: Project) -> None:
    """Two start the same experiment: one plays it, the other is refused or finds it played."""
    ended = _all_ended(arena, _started(arena, project, RUN, RUN))
    codes = sorted(one.code or 0 for one in ended)
    arena.expect(codes in ([0, 0], [0, 2]), f"exit codes {codes}: {[one.err[-300:] for one in ended]}")
    refused = next((one for one in ended if one.code), None)
    arena.expect(refused is None or "process " in refused.err, "the one refused was not told who plays")
    arena.expect(len(fake.requests) == SMALL_CALLS, f"{len(fake.requests)} calls instead of {SMALL_CALLS}")


def _one_run_killed(arena: Arena, fake: FakeProvider, project: Project) -> None:
    """A run is killed, and two resume it at once."""
    (first,) = _started(arena, project, RUN)
    first.lasted(1)
    first.send(signal.SIGKILL)
    arena.ended(first)
    codes = sorted(one.code or 0 for one in _all_ended(arena, _started(arena, project, RUN, RUN)))
    arena.expect(codes in ([0, 0], [0, 2]), f"exit codes {codes}")
    arena.expect(len(fake.requests) <= SMALL_CALLS + 2, f"{len(fake.requests)} calls: more than those in flight twice")


def _one_cache(arena: Arena, _fake: FakeProvider, project: Project) -> None:
    """Three play the same experiment into other folders, from one cache."""
    commands = [(*RUN, "--results", f"results-{number}") for number in range(3)]
    ended = _all_ended(arena, _started(arena, project, *commands))
    arena.expect(all(one.code == 0 for one in ended), f"{[one.err[-300:] for one in ended if one.code]}")
    logs = [project.logs(next((project.folder / f"results-{number}/tea").glob("2*"))) for number in range(3)]
    arena.expect(logs[0] == logs[1] == logs[2], "their logs differ")


def _one_results_folder(arena: Arena, _fake: FakeProvider, project: Project) -> None:
    """Four experiments of one name play into one folder, in the same second."""
    running = [arena.start(project, *RUN, "--seed", str(number), "--no-cache") for number in range(4)]
    ended = _all_ended(arena, running)
    arena.expect(all(one.code == 0 for one in ended), f"{[one.err[-300:] for one in ended if one.code]}")
    arena.expect(len(project.runs) == len(running), f"{len(project.runs)} runs instead of {len(running)}")
    left = [path.name for path in (project.folder / "results/tea").glob(".*") if not path.name.startswith(".lock")]
    arena.expect(not left, f"left behind: {left}")
    arena.expect((project.folder / "results/tea/latest/manifest.json").exists(), "`latest` leads nowhere")


def _readers(arena: Arena, fake: FakeProvider, project: Project) -> None:
    """Others read the run while it is played."""
    (run,) = _started(arena, project, RUN)
    while not fake.requests and run.is_running:
        run.lasted(0.05)
    read = [arena.troupe(project, *words) for words in READERS]
    bad = [one for one in read if one.code not in (0, 2, 6)]
    arena.expect(not bad, f"{[(one.command, one.code, one.err[-300:]) for one in bad]}")
    arena.expect(arena.ended(run).code == 0, "the run did not finish")
    _is_like_alone(arena, fake, project)


def _repair(arena: Arena, fake: FakeProvider, project: Project) -> None:
    """Somebody repairs the run while it is played."""
    (run,) = _started(arena, project, RUN)
    while not fake.requests and run.is_running:
        run.lasted(0.05)
    was_running = run.is_running
    repaired = arena.troupe(project, "repair", str(project.runs[0]))
    arena.expect(repaired.code == 2 or not was_running or not run.is_running, f"repair: exit {repaired.code}")
    arena.expect(arena.ended(run).code == 0, "the run did not finish")
    _is_like_alone(arena, fake, project)


def _reports(arena: Arena, _fake: FakeProvider, project: Project) -> None:
    """Four write the reports of a finished run at once."""
    arena.troupe(project, *RUN)
    before = what_came(project)
    commands = [("report", "results", "--format", name) for name in ("markdown", "details", "html", "csv")]
    ended = _all_ended(arena, [arena.start(project, *words) for words in commands])
    arena.expect(all(one.code == 0 for one in ended), f"{[one.err[-300:] for one in ended if one.code]}")
    arena.expect(what_came(project) == before, "its results changed")


def _branches(arena: Arena, _fake: FakeProvider, project: Project) -> None:
    """Two branch a finished run at once, in the same way."""
    arena.troupe(project, *RUN)
    words = ("branch", "results", "--at", "2", "--say", "Half the price.", "--yes")
    ended = _all_ended(arena, _started(arena, project, words, words))
    codes = sorted(one.code or 0 for one in ended)
    arena.expect(codes in ([0, 0], [0, 2]), f"exit codes {codes}: {[one.err[-300:] for one in ended]}")


def _is_like_alone(arena: Arena, fake: FakeProvider, project: Project) -> None:
    alone = arena.project(fake.url, SMALL, name="alone/project")
    arena.run(alone, "--no-cache")
    arena.expect(project.logs() == alone.logs(), "its logs differ from those of a run left alone")


RACES: Final[dict[str, Callable[[Arena, FakeProvider, Project], None]]] = {
    "two on one run": _one_run,
    "two resume one run": _one_run_killed,
    "three on one cache": _one_cache,
    "four on one results folder": _one_results_folder,
    "readers beside a run": _readers,
    "repair beside a run": _repair,
    "four reports at once": _reports,
    "two branches at once": _branches,
}
