"""Checks hostile inputs as `troupe check` does, and measures what each takes."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from faults.hostile_inputs import FOLDERS, ROOT, HostileInput

from tinytroupe_cli.cli.app import main

HANGS_AFTER = 20
"""Seconds after which a check is stopped."""
SLOW = 2.0
MEMORY = 500
"""MB that an input may take while it is checked."""
EXPECTED = (0, 2)
PEAK = Path("/proc/self/clear_refs")
"""Where Linux is told to measure the peak of memory anew."""


class HangError(BaseException):
    """A check did not end; not an Exception, so that nothing in between takes it for its own."""


@dataclass
class Outcome:
    """What came of one input."""

    kind: str
    code: int | None
    """Exit code; None: it did not end, or raised something."""
    seconds: float
    """Of computing, that of child processes included."""
    megabytes: int
    """Memory that it took at most, in addition to what the process had."""
    output: str = ""

    @property
    def fault(self) -> str:
        """Return what is wrong; empty if nothing is."""
        if self.code not in EXPECTED:
            return f"exit {self.code}: {self.output[-1500:]}"
        if self.megabytes > MEMORY:
            return f"took {self.megabytes} MB"
        return f"took {self.seconds:.1f} s" if self.seconds > SLOW else ""


def a_project(folder: Path) -> Path:
    """Make a project in which the shipped files are found."""
    (folder / ".git").mkdir(parents=True)
    for name in FOLDERS:
        for file in (ROOT / name).rglob("*"):
            if file.is_file():
                place = folder / file.relative_to(ROOT)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.read_bytes())
    return folder


def checked(one: HostileInput, project: Path) -> Outcome:
    """Put an input's files into the project, check it, and put the project in order again."""
    kept = {name: (project / name).read_bytes() for name in one.files if (project / name).exists()}
    for name, data in one.files.items():
        (project / name).write_bytes(data)
    try:
        return _timed(one, project)
    finally:
        for name in one.files:
            if name in kept:
                (project / name).write_bytes(kept[name])
            else:
                (project / name).unlink()


def _timed(one: HostileInput, project: Path) -> Outcome:
    printed = io.StringIO()
    PEAK.write_text("5")  # the peak begins anew at what the process has now
    before = _megabytes("VmRSS")
    began = computed()
    try:
        with (
            stopped_after(HANGS_AFTER),
            contextlib.chdir(project),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            code = exit_code(["check", one.target])
    except HangError:
        code = None
        printed.write(traceback.format_exc())
    seconds, megabytes = computed() - began, _megabytes("VmHWM") - before
    return Outcome(one.kind, code, seconds, megabytes, printed.getvalue())


def _megabytes(name: str) -> int:
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) // 1024


def exit_code(words: list[str]) -> int | None:
    """Return the exit code of a command run in this process."""
    try:
        main(words)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except Exception:  # noqa: BLE001 - what is looked for
        print(traceback.format_exc())
        return None
    return 0


@contextlib.contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise `HangError` after so many seconds."""

    def stop(_number: int, _frame: FrameType | None) -> Any:
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def computed() -> float:
    """Return the seconds that this process and its children have computed, however busy the machine is."""
    return sum(os.times()[:4])


def memory() -> int:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
