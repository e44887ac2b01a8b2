"""Answers a shell that completes a line: prints completions, never an error, and runs no command.

Typer finds the completions and speaks each shell's protocol. Here a line is prepared for it and its answer mended: bash
splits words at `=` and `:`, which are joined again.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Final

VARIABLE: Final = "_TROUPE_COMPLETE"
_BREAKS: Final = "=:"
"""Where bash splits words, besides spaces; they are words of their own there."""


def is_asked(env: Mapping[str, str]) -> bool:
    """Return whether a shell asks for completions."""
    return env.get(VARIABLE, "").startswith("complete_")


def answer(run: Callable[[Sequence[str]], None], env: MutableMapping[str, str]) -> None:
    """Print the completions for the line in the environment and exit; `run` is given the words before the cursor."""
    is_bash = env[VARIABLE] == "complete_bash"
    before = _join_words(env) if is_bash else ""
    said, code = io.StringIO(), 0
    with redirect_stdout(said), redirect_stderr(io.StringIO()), suppress(Exception):
        try:
            run(_words(env))
        except SystemExit as stop:
            code = int(stop.code or 0) if isinstance(stop.code, int | None) else 1
    lines = said.getvalue()
    sys.stdout.write("".join(_for_bash(lines, before)) if is_bash else lines)
    sys.exit(code)


def _words(env: Mapping[str, str]) -> list[str]:
    """Return the words of the line after the name of the program, roughly: enough to tell the command."""
    return (env.get("COMP_WORDS") or env.get("_TYPER_COMPLETE_ARGS") or "").split()[1:]


def _join_words(env: MutableMapping[str, str]) -> str:
    """Join what bash split at `=` and `:`; return the part of the last word that bash leaves as it is."""
    words, at = env.get("COMP_WORDS", "").split("\n"), int(env.get("COMP_CWORD") or 0)
    joined: list[str] = []
    is_open = False
    for word in words[: at + 1]:
        is_break = bool(word) and not word.strip(_BREAKS)
        if joined and (is_open or is_break):
            joined[-1] += word
        else:
            joined.append(word)
        is_open = is_break
    env["COMP_WORDS"], env["COMP_CWORD"] = "\n".join(joined), str(len(joined) - 1)
    last = joined[-1] if joined else ""
    return last[: max(last.rfind(sign) for sign in _BREAKS) + 1]


def _for_bash(lines: str, before: str) -> Iterator[str]:
    """Yield the completions as bash inserts them: without the part it keeps, spaces escaped."""
    for line in lines.splitlines():
        if line.startswith(before) and line:
            yield line.removeprefix(before).replace(" ", "\\ ") + "\n"
