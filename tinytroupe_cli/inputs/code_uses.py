"""What code a plan would run: functions, programs and servers, with the files that decide what they do.

Reads files; imports and starts nothing.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.core.bounded_files import sha256_of
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.inputs.functions import dotted_path
from tinytroupe_cli.inputs.module_source import local_sources, source_file
from tinytroupe_cli.personas.search_path import project_folders
from tinytroupe_cli.plan.planned_systems import PlannedSystem
from tinytroupe_cli.plan.types import Plan

_SHELLS = ("sh", "bash", "zsh", "dash", "cmd", "powershell", "pwsh")


@dataclass(frozen=True, slots=True)
class CodeUse:
    """One piece of code that a run would use."""

    user: str
    """What uses it: `the tool 'look_up'`."""
    runs: str
    """The function or the command line."""
    files: tuple[Path, ...] = ()
    """The user's files that are known to be part of it."""
    env: tuple[str, ...] = ()
    """Variables it is given beside the usual ones."""

    @property
    def sentence(self) -> str:
        """Return it as a line to read before agreeing."""
        given = f", which is given {', '.join(self.env)}" if self.env else ""
        return f"{self.user} runs {self.runs}{given}"


def code_uses(plan: Plan, base_dir: Path) -> tuple[CodeUse, ...]:
    """Return all code the people of a plan can use or talk to, each piece once."""
    members = (member for trial in plan.trials for member in trial.people)
    tools = dict.fromkeys(tool.function for member in members for tool in member.tools if tool.kind == "function")
    found = [CodeUse(f"the tool '{written}'", *_function(written, base_dir)) for written in tools]
    for trial in plan.trials:
        for system in trial.systems:
            found += _of_system(system, base_dir)
    return tuple(dict.fromkeys(found))


def code_fingerprint(uses: Sequence[CodeUse]) -> str:
    """Return a hash of the code: what runs, with which variables, and the content of its files."""
    digest = hashlib.sha256()
    for use in sorted(uses, key=lambda use: use.sentence):
        digest.update(f"{use.sentence}\n".encode(errors="surrogatepass"))
        for file in use.files:
            content = sha256_of(file) if file.is_file() else "missing"
            digest.update(f"{file}: {content}\n".encode(errors="surrogatepass"))
    return digest.hexdigest()


def _of_system(system: PlannedSystem, base_dir: Path) -> Iterator[CodeUse]:
    user = f"the system '{system.name}'"
    if system.python:
        yield CodeUse(user, *_function(system.python, base_dir))
    for command in (system.command, system.start):
        if command:
            yield CodeUse(user, shlex.join(command), tuple(_files_of(command, base_dir)), system.env)


def _function(written: str, base_dir: Path) -> tuple[str, tuple[Path, ...]]:
    dotted = written
    folders = project_folders(base_dir)
    file = None
    with suppress(RunError):  # the run says what is missing
        dotted = dotted_path(written)
        file = source_file(dotted.partition(":")[0], folders)
    if file is None:
        return f"the function {dotted}", ()
    files = tuple(local_sources(file, folders)) or (file.resolve(),)
    return f"the function {dotted} ({file})", files


def _files_of(command: Sequence[str], base_dir: Path) -> list[Path]:
    """Return the files a command line names, and the modules that Python files among them import."""
    found: list[Path] = []
    for number, word in enumerate(_words(command)):
        path = base_dir / word
        with suppress(OSError, ValueError):
            if path.is_file() and (number or "/" in word):
                found += local_sources(path, [base_dir]) if path.suffix == ".py" else []
                found.append(path.resolve())
            elif number and not word.startswith("-") and path.suffix != ".py":
                with suppress(RunError):
                    module = source_file(word, [base_dir])
                    found += local_sources(module, [base_dir]) if module else []
    return sorted(dict.fromkeys(found))


def _words(command: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command; those of a shell's script too."""
    is_shell = Path(command[0]).stem in _SHELLS
    for word in command:
        yield word
        if is_shell:
            with suppress(ValueError):
                yield from shlex.split(word)
