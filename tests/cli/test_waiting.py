"""A command that takes longer than a second says so on a terminal, and nowhere else."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

SLOW = """\
import sys, time
from tinytroupe_cli.cli.waiting import waiting
with waiting("checking [b]x[/b]", is_quiet={quiet}) as count:
    count(1, 4)
    time.sleep({seconds})
    count(3, 4)
    time.sleep({seconds} / 2)
print("done")
"""


def on_terminal(code: str, *, term: str = "xterm", out: Path | None = None) -> str:
    """Return what a program shows on a terminal; stdout goes to a file if one is named."""
    ours, its = pty.openpty()
    env = {**os.environ, "TERM": term, "COLUMNS": "80"}
    with contextlib.ExitStack() as opened:
        stdout = opened.enter_context(out.open("w")) if out else its
        process = subprocess.Popen([sys.executable, "-c", code], stdin=its, stdout=stdout, stderr=its, env=env)
        os.close(its)
        shown = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while part := os.read(ours, 2**16):
                shown += part
        process.wait(30)
    os.close(ours)
    return shown.decode()


def test_a_long_wait_has_a_line_that_is_removed_before_the_answer(tmp_path: Path) -> None:
    shown = on_terminal(SLOW.format(quiet=False, seconds=1.6), out=tmp_path / "out.txt")
    assert "checking [b]x[/b]" in shown
    assert "0:00:0" in shown
    assert shown.rstrip().endswith("\x1b[2K")
    assert (tmp_path / "out.txt").read_text() == "done\n"


@pytest.mark.parametrize(
    ("quiet", "seconds", "term"), [(False, 0.1, "xterm"), (True, 1.3, "xterm"), (False, 1.3, "dumb")]
)
def test_a_short_wait_a_quiet_command_and_a_plain_terminal_show_nothing(quiet: bool, seconds: float, term: str) -> None:
    assert on_terminal(SLOW.format(quiet=quiet, seconds=seconds), term=term) == "done\r\n"


def test_in_a_pipe_nothing_is_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SLOW.format(quiet=False, seconds=1.3)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_the_line_goes_when_the_work_fails() -> None:
    failing = SLOW.replace("    count(3, 4)\n", "    raise SystemExit('no')\n")
    shown = on_terminal(failing.format(quiet=False, seconds=1.6))
    assert shown.rstrip().endswith("no")
    assert "\x1b[2K" in shown
