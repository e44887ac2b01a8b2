"""Runs troupe's commands as processes that can be killed, and measures them.

A process is forked from one that has imported everything, so that it starts in a tenth of a second; with a variable
that acts only when a program is loaded (LD_PRELOAD), it is started as usual.
"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import TextIO

_TESTS = Path(__file__).parents[1]
_POLL = 0.02


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    command: str
    code: int | None
    """Exit code, negative for a signal; None: it had to be killed because it did not end."""
    out: str
    err: str
    seconds: float
    memory: int
    """The most it had, in MB."""
    was_killed: bool = False


class Running:
    """A command that runs as a process."""

    def __init__(
        self, folder: Path, words: Sequence[str], *, env: Mapping[str, str], place: Path, file_limit: int = 0
    ) -> None:
        """Start it in a folder; its output goes to PLACE.out and PLACE.err, and no file may exceed `file_limit`."""
        forking = _forking()
        self._words, self._place = words, place
        self._began = time.perf_counter()
        self._memory = 0
        self._was_killed = False
        place.with_suffix(".out").touch()
        place.with_suffix(".err").touch()
        if "LD_PRELOAD" in env:
            self._forked, self._loaded = None, _loaded(folder, words, env, place)
            self.pid = self._loaded.pid
        else:
            arguments = (str(folder), list(words), dict(env), str(place), file_limit)
            self._loaded, self._forked = None, forking.Process(target=_troupe, args=arguments)
            self._forked.start()
            self.pid = self._forked.pid or 0

    @property
    def is_running(self) -> bool:
        """Return whether it runs, and look at its memory."""
        self._memory = max(self._memory, _memory_of(self.pid))
        return self._forked.is_alive() if self._forked else self._loaded is not None and self._loaded.poll() is None

    def send(self, number: signal.Signals) -> bool:
        """Send a signal; return False if it has ended by itself."""
        if not self.is_running:
            return False
        self._was_killed = number == signal.SIGKILL
        os.kill(self.pid, number)
        return True

    def lasted(self, seconds: float) -> bool:
        """Let it run for so long; return False if it ended before."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if not self.is_running:
                return False
            time.sleep(_POLL)
        return True

    def wait(self, seconds: float) -> Ended:
        """Wait until it has ended; kill it after so many seconds."""
        hangs = self.lasted(seconds)
        if hangs:
            os.kill(self.pid, signal.SIGKILL)
        code = self._code()
        return Ended(
            " ".join(["troupe", *self._words]),
            None if hangs else code,
            self._place.with_suffix(".out").read_text(errors="replace"),
            self._place.with_suffix(".err").read_text(errors="replace"),
            time.perf_counter() - self._began,
            self._memory,
            was_killed=self._was_killed,
        )

    def _code(self) -> int | None:
        if self._forked:
            self._forked.join()
            return self._forked.exitcode
        return self._loaded.wait() if self._loaded else None


@functools.cache
def _forking() -> ForkServerContext:
    """Start the process that others are forked from; Python 3.11 passes the search path by the environment alone."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["faults.preloaded"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_TESTS), str(_TESTS.parent), *([before] if before else [])])
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return context


def _loaded(folder: Path, words: Sequence[str], env: Mapping[str, str], place: Path) -> subprocess.Popen[bytes]:
    with place.with_suffix(".out").open("wb") as out, place.with_suffix(".err").open("wb") as err:
        command = [sys.executable, "-m", "tinytroupe_cli", *words]
        return subprocess.Popen(command, cwd=folder, env=dict(env), stdout=out, stderr=err, stdin=subprocess.DEVNULL)


def _troupe(folder: str, words: list[str], env: dict[str, str], place: str, file_limit: int) -> None:
    """Become the command."""
    from tinytroupe_cli.cli.app import main

    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.stdout, sys.stderr = _to(f"{place}.out", 1), _to(f"{place}.err", 2)
    sys.argv = ["troupe", *words]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if file_limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    main(words)


def _to(path: str, number: int) -> TextIO:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, number)
    return os.fdopen(number, "w", encoding="utf-8", buffering=1, closefd=False)


def _memory_of(pid: int) -> int:
    """Return the most memory a process has had so far, in MB; 0 if that can't be known."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return 0
