"""Runs a function in a child process with limits on computing time, waiting and memory.

For parsers of files that others have made: one that hangs or fills the memory ends its process, not ours. One child
handles file after file and is replaced only when one breaks a limit.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, cast

from tinytroupe_cli.core.errors import TroupeError

MAX_MEMORY: Final = 500_000_000
"""Bytes a child may allocate."""
_WAIT: Final = 5
"""Seconds of waiting for each second of computing: the machine may be busy."""
_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
_CHILD: Final = "import sys; sys.path[:] = {path!r}; from tinytroupe_cli.core.limited_process import answer; answer()"


@dataclass(frozen=True, slots=True)
class LimitedCall:
    """A function's arguments, as JSON, and its limit."""

    arguments: Sequence[Any]
    seconds: int
    """Of computing."""


class LimitError(TroupeError):
    """A call took too long or needed too much memory; the message continues a sentence that begins with the file."""


class FailedCall(TroupeError):
    """The function raised an error; the message is its own if it is one of ours."""


def call_limited(function: str, calls: Sequence[LimitedCall]) -> Iterator[Any]:
    """Yield the result of `module:function` for each call, or the `LimitError` or `FailedCall` it ended with."""
    child: _Child | None = None
    try:
        for call in calls:
            child = child or _Child(function)
            outcome = child.ask(call)
            if isinstance(outcome, LimitError):
                child.close()
                child = None
            yield outcome
    finally:
        if child is not None:
            child.close()


class _Child:
    def __init__(self, function: str) -> None:
        command = [sys.executable, "-c", _CHILD.format(path=[os.path.abspath(part) for part in sys.path])]  # noqa: PTH100
        env = {name: value for name, value in os.environ.items() if name in _KEPT}
        self._function = function
        self._process = subprocess.Popen(  # noqa: S603 - this Python, with our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
        )

    def ask(self, call: LimitedCall) -> Any:
        request = json.dumps([self._function, list(call.arguments), call.seconds])
        timer = threading.Timer(call.seconds * _WAIT, self._process.kill)
        timer.start()
        try:
            answered = self._exchange(request.encode() + b"\n")
        finally:
            timer.cancel()
        if not answered:
            self._process.wait()
            return LimitError(f"can't be read within {call.seconds} seconds")
        found: dict[str, Any] = json.loads(answered)
        if "memory" in found:
            return LimitError(f"can't be read with {MAX_MEMORY // 10**6} MB of memory")
        if "error" in found:
            return FailedCall(found["error"], hint=found["hint"])
        return found["result"]

    def _exchange(self, request: bytes) -> bytes:
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            return b""
        try:
            to.write(request)
            to.flush()
            line = back.readline()
        except OSError:
            return b""
        return line if line.endswith(b"\n") else b""

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def answer() -> None:
    """Answer the calls on stdin, one JSON line each: the main function of the child."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints is not an answer
    _limit_memory()
    for line in sys.stdin:
        function, arguments, seconds = json.loads(line)
        _limit_time(seconds)
        results.write(json.dumps(_outcome(function, arguments)).encode() + b"\n")
        results.flush()


def _outcome(function: str, arguments: list[Any]) -> dict[str, Any]:
    module, _, name = function.partition(":")
    try:
        called = cast("Callable[..., Any]", getattr(importlib.import_module(module), name))
        return {"result": called(*arguments)}
    except TroupeError as error:
        return {"error": error.message, "hint": error.hint}
    except MemoryError:
        return {"memory": True}
    except RecursionError:
        return {"error": "nested too deeply", "hint": ""}
    except Exception as error:  # noqa: BLE001 - a parser's own errors, of which no list exists
        return {"error": f"{error or type(error).__name__}", "hint": ""}


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on Windows
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))
