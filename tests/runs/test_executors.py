from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import a_plan, a_trial

from tinytroupe_cli.core.errors import Fatal
from tinytroupe_cli.events.types import Crashed, Event, StepBegan, TrialBegan, TrialEnded
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.runs.executors import EXECUTORS
from tinytroupe_cli.runs.folder import RunFolder, create_folder
from tinytroupe_cli.runs.journal import is_finished
from tinytroupe_cli.runs.manifest import Manifest

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PLAN = a_plan(*(a_trial(id=name) for name in ("r1", "r2", "r3")))


def a_folder(results: Path, plan: Plan = PLAN) -> RunFolder:
    manifest = Manifest(name=plan.name, status="running", started="", hashes={"plan": plan_hash(plan)})
    return create_folder(results, plan, manifest, text="", date=NOON)


class Player:
    """Plays trials of three events, and remembers which it played."""

    def __init__(self, failing: str = "", error: Exception | None = None) -> None:
        self.played: list[str] = []
        self.closed: list[str] = []
        self.failing = failing
        self.error = error or Fatal("wrong key")

    async def __call__(self, trial: Trial) -> AsyncGenerator[Event, None]:
        self.played.append(trial.id)
        try:
            yield TrialBegan(trial=trial.id, people=(), names={})
            if trial.id == self.failing:
                raise self.error
            await asyncio.sleep(0.01)
            yield StepBegan(trial=trial.id, seq=1, step=1)
            yield TrialEnded(trial=trial.id, seq=2, step=1)
        finally:
            self.closed.append(trial.id)


def play(folder: RunFolder, player: Player) -> list[Event]:
    seen: list[Event] = []
    asyncio.run(EXECUTORS["here"](folder.plan(), folder, player, seen.append))
    return seen


def test_every_trial_is_played_side_by_side_and_has_its_journal(tmp_path: Path) -> None:
    folder, player = a_folder(tmp_path), Player()
    seen = play(folder, player)
    assert player.played == ["r1", "r2", "r3"]
    assert [event.trial for event in seen[:3]] == ["r1", "r2", "r3"]
    assert all(is_finished(folder.events(trial)) for trial in player.played)


def test_a_finished_trial_is_shown_again_but_not_played(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    first = play(folder, Player())
    again = Player()
    seen = play(folder, again)
    assert not again.played
    assert sorted(map(str, seen)) == sorted(map(str, first))


def test_an_unfinished_trial_is_played_from_its_beginning(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    play(folder, Player())
    path = folder.events_file("r2")
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    player = Player()
    play(folder, player)
    assert player.played == ["r2"]
    assert path.read_bytes() == whole


def test_what_stops_one_trial_stops_all_and_is_raised_as_it_is(tmp_path: Path) -> None:
    folder, player = a_folder(tmp_path), Player(failing="r2")
    with pytest.raises(Fatal, match="wrong key"):
        play(folder, player)
    assert sorted(player.closed) == sorted(player.played)
    assert not any(is_finished(folder.events(trial)) for trial in ("r1", "r2", "r3"))


@pytest.mark.parametrize("error", [ValueError("a bug"), RecursionError("too deep"), KeyError("\ud83d"), OSError("odd")])
def test_a_bug_in_one_trial_is_that_trials_failure_alone(tmp_path: Path, error: Exception) -> None:
    folder = a_folder(tmp_path)
    seen = play(folder, Player(failing="r2", error=error))
    last = folder.events("r2")[-1]
    assert isinstance(last, Crashed)
    assert last in seen
    assert type(error).__name__ in last.error
    assert "test_executors.py" in (folder.path / last.file).read_text()
    assert [is_finished(folder.events(trial)) for trial in ("r1", "r2", "r3")] == [True, False, True]


def test_a_trial_that_a_bug_broke_off_is_played_again_when_the_run_goes_on(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    play(folder, Player(failing="r2", error=ValueError("a bug")))
    again = Player()
    play(folder, again)
    assert again.played == ["r2"]
    assert is_finished(folder.events("r2"))
    assert not folder.bug_file("r2").exists()


def test_a_full_disk_is_no_bug_and_stops_the_run(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    with pytest.raises(OSError, match="No space left"):
        play(folder, Player(failing="r2", error=OSError(errno.ENOSPC, "No space left on device")))


def test_what_watches_may_fail_without_being_taken_for_a_trial(tmp_path: Path) -> None:
    def watch(_event: Event) -> None:
        raise RuntimeError("the watcher's own")

    folder = a_folder(tmp_path)
    with pytest.raises(RuntimeError, match="the watcher's own"):
        asyncio.run(EXECUTORS["here"](folder.plan(), folder, Player(), watch))


def test_a_trial_whose_journal_is_damaged_is_played_again(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    play(folder, Player())
    whole = folder.events_file("r2").read_bytes()
    folder.events_file("r2").write_bytes(b"\xff\xfe\x00")
    again = Player()
    play(folder, again)
    assert again.played == ["r2"]
    assert folder.events_file("r2").read_bytes() == whole
