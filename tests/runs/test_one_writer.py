from __future__ import annotations

import errno
import os
import platform
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.runs.lock import is_locked, locked

HOLD = """
import sys, time
from pathlib import Path
from tinytroupe_cli.runs.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_run_has_one_writer_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with locked(lock):
        assert is_locked(lock)
        with pytest.raises(RunError, match="another troupe process is writing"), locked(lock):
            pass
    assert not is_locked(lock)


def test_a_killed_writer_leaves_no_lock_behind(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert is_locked(lock)
    holder.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    holder.communicate()
    assert not is_locked(lock)


def test_asking_whether_a_run_is_locked_leaves_nothing_in_it(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / ".lock")
    assert not list(tmp_path.iterdir())


def test_who_is_refused_is_told_who_writes_where_and_since_when(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    owner = f"(process {os.getpid()} on {platform.node()}, since 2026-01-05T12:00:00)"
    with (
        locked(lock, since="2026-01-05T12:00:00"),
        pytest.raises(RunError, match=re.escape(owner)),
        locked(lock),
    ):
        pass


def test_the_owner_is_not_written_in_the_byte_that_windows_locks(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with locked(lock):
        assert lock.read_bytes()[:1].isspace()
        assert lock.read_bytes()[1:].startswith(b"process ")


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP], ids=["ENOLCK", "EOPNOTSUPP"])
def test_a_file_system_without_locks_is_told_with_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(_descriptor: int, **_how: bool) -> bool:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("filelock.lock_descriptor", refuse)
    (tmp_path / ".lock").touch()
    words = re.escape(f"{tmp_path} can't be locked: {os.strerror(code)}")
    with pytest.raises(EnvironmentProblem, match=words) as told, locked(tmp_path / ".lock"):
        pass
    assert "--results" in told.value.hint
    with pytest.raises(EnvironmentProblem, match=words):
        is_locked(tmp_path / ".lock")
