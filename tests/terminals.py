"""A command on a terminal: a process of its own, whose stdout and stderr are one screen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

from projects import MODEL, Project

_COMMANDS_TO_TERMINALS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(project: Project, *words: str, columns: int = 80) -> list[str]:
    """Return the lines that `troupe run` leaves on a terminal, without colours; what is overwritten stays too."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    command = [sys.executable, "-m", "tinytroupe_cli", "run", "x.yaml", "--model", MODEL, *words]
    env = {**os.environ, "TERM": "xterm-256color"} | {"COLUMNS": str(columns)}
    with subprocess.Popen(command, cwd=project.folder, env=env, stdin=its, stdout=its, stderr=its):
        os.close(its)
        shown = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while part := os.read(ours, 2**16):
                shown += part
    os.close(ours)
    return [_COMMANDS_TO_TERMINALS.sub("", line) for line in shown.decode().replace("\r", "\n").split("\n")]


def answered(project: Project, answer: str, *words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run on a terminal, outside CI, and type an answer; return the exit code and all that was shown."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "tinytroupe_cli", "run", "x.yaml", "--model", MODEL, "--quiet", *words]
    given = {name: value for name, value in os.environ.items() if name != "CI"} | (env or {})
    with subprocess.Popen(command, cwd=project.folder, env=given, stdin=its, stdout=its, stderr=its) as process:
        os.close(its)
        os.write(ours, answer.encode())
        shown = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while part := os.read(ours, 2**16):
                shown += part
    os.close(ours)
    return process.returncode, shown.decode()
