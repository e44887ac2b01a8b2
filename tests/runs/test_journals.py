from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.events.types import Acted, Event, StepBegan, TrialBegan, TrialEnded
from tinytroupe_cli.runs.journal import Journal, is_finished, read_events

LOG: list[Event] = [
    TrialBegan(trial="r1", people=("lisa",), names={"lisa": "Lisa Carter"}),
    StepBegan(trial="r1", seq=1, step=1),
    Acted(trial="r1", seq=2, step=1, person="lisa", action="TALK", to="everyone", text="Olá,\nfour lines\u2028in one"),
    TrialEnded(trial="r1", seq=3, step=1),
]


def written(path: Path, events: list[Event] = LOG) -> Path:
    with Journal(path) as journal:
        for event in events:
            journal.write(event)
    return path


def test_what_was_written_is_read_a_line_an_event(tmp_path: Path) -> None:
    path = written(tmp_path / "trials" / "r1" / "events.jsonl")
    assert read_events(path) == LOG
    assert path.read_bytes().count(b"\n") == len(LOG)


def test_every_event_is_on_its_way_to_disk_before_the_next(tmp_path: Path) -> None:
    with Journal(tmp_path / "events.jsonl") as journal:
        journal.write(LOG[0])
        assert read_events(tmp_path / "events.jsonl") == LOG[:1]


def test_a_journal_cut_anywhere_holds_the_whole_lines_before_the_cut(tmp_path: Path) -> None:
    whole = written(tmp_path / "events.jsonl").read_bytes()

    @given(st.integers(0, len(whole)))
    def law(cut: int) -> None:
        torn = tmp_path / "torn.jsonl"
        torn.write_bytes(whole[:cut])
        assert read_events(torn) == LOG[: whole[:cut].count(b"\n")]

    law()


def test_a_damaged_line_inside_is_told_with_its_number(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl")
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], b'{"kind": "unheard of"}', *lines[2:]]))
    with pytest.raises(RunError, match=r"events\.jsonl:2"):
        read_events(path)


def test_a_trial_is_finished_when_its_log_says_so(tmp_path: Path) -> None:
    assert is_finished(LOG)
    assert not is_finished(LOG[:-1])
    assert not is_finished(read_events(tmp_path / "nowhere.jsonl"))


def test_playing_again_begins_the_journal_anew(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl")
    written(path, LOG[:2])
    assert read_events(path) == LOG[:2]
