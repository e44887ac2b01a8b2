"""Programs of the user's: found, started in the experiment's folder, ended with all they started."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tinytroupe_cli.core.errors import EnvironmentProblem, RunError

_KEPT = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP")
_KEPT_ON_WINDOWS = ("SYSTEMROOT", "COMSPEC", "PATHEXT", "USERPROFILE")


def child_environment(env: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return what a program of the user's is given: PATH, HOME, the locale, and the variables named.

    Raises `EnvironmentProblem` for a named variable that is not set.
    """
    missing = [name for name in names if name not in env]
    if missing:
        raise EnvironmentProblem(f"the environment has no variable {missing[0]}", hint=f"set {missing[0]}")
    usual = (*_KEPT, *(_KEPT_ON_WINDOWS if sys.platform == "win32" else ()))
    return {name: value for name, value in env.items() if name in usual or name in names or name.startswith("LC_")}


def find_program(name: str, folder: Path) -> str:
    """Return the program a command names; raises `RunError` where there is none.

    `python` is the Python that troupe runs in.
    """
    if name in ("python", "python3"):
        return sys.executable
    if os.sep in name or (os.altsep and os.altsep in name):
        path = folder / name
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
        raise RunError(f"'{name}' is not a program in '{folder}'", hint="commands are run in the experiment's folder")
    found = shutil.which(name)
    if found is None:
        raise RunError(
            f"there is no program '{name}' on this machine", hint="for a program next to the experiment, write ./NAME"
        )
    return found


async def start_program(
    command: Sequence[str], folder: Path, *, env: dict[str, str], output: int, errors: int, given: int
) -> asyncio.subprocess.Process:
    """Start a program in a group of its own; raises `OSError` or `RunError`."""
    program = find_program(command[0], folder)
    is_posix = sys.platform != "win32"
    return await asyncio.create_subprocess_exec(
        program,
        *command[1:],
        cwd=folder,
        env=env,
        stdin=given,
        stdout=output,
        stderr=errors,
        start_new_session=is_posix,
    )


async def end_program(process: asyncio.subprocess.Process, *, patience: float = 3.0) -> None:
    """End a program that we started, and what it started in its group; kindly, then not."""
    _signal(process, kill=False)
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await process.wait()
    _signal(process, kill=True)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, *, kill: bool) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill() if kill else process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
