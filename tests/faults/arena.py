"""Where one attack takes place: a folder, a stream of chance, troupe as processes, and what was found wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faults.processes import Ended, Running
from projects import MODEL, Project

from tinytroupe_cli.core.random_streams import Stream

PATIENT = "timeout = 60\n"
FORMATS = "[run]\nformats = json, details, csv\nattempts = 3\n"
PATIENCE = 180.0
"""Seconds after which a command hangs, however busy the machine is."""
EXPECTED = (0, 1, 2, 4, 5, 6, 130)
"""Exit codes that are documented and no bug."""
KEY = "sk-test-0123456789abcdef"
SMALL = """\
troupe: 1
name: tea
seed: 3
personas: [lisa, oscar]
world: {type: room, place: A kitchen, steps: 2}
stimuli: [{say: "Tea or coffee?"}]
extract:
  - {name: drink, of: each person, how: interview, question: "What will you drink?",
     fields: {cup: {choice: [tea, coffee]}, why: text}}
"""
SMALL_CALLS = 2 * 2 + 2


@dataclass
class Row:
    """What came of the attacks of one kind."""

    count: int = 0
    survived: int = 0
    seconds: float = 0.0
    """The longest that one command took."""
    memory: int = 0
    """The most memory that one command took, in MB."""
    faults: list[str] = field(default_factory=list[str])
    remarks: dict[str, float] = field(default_factory=dict[str, float])
    """Sums of what is worth knowing beside, such as calls paid twice."""

    def add(self, other: Row) -> None:
        """Add what came of other attacks."""
        self.count += other.count
        self.survived += other.survived
        self.seconds = max(self.seconds, other.seconds)
        self.memory = max(self.memory, other.memory)
        self.faults += other.faults
        for name, value in other.remarks.items():
            self.remarks[name] = self.remarks.get(name, 0) + value


class Arena:
    """The place of one attack, or of a few on the same run."""

    def __init__(self, folder: Path, kind: str, number: int, seed: int) -> None:
        """Take an existing, empty folder, and which attack of its kind this is."""
        self.folder = folder
        self.number = number
        self.name = f"{kind} {number}"
        self.chance = Stream(seed, "faults", kind, number)
        self.row = Row()
        self._env = quiet(folder / "user")

    def project(
        self, url: str, experiment: str = SMALL, *, name: str = "project", model: str = PATIENT, run: str = ""
    ) -> Project:
        """Make a project whose attempts at a call are few."""
        made = Project(self.folder / name, url, experiment)
        settings = f"[model]\napi_base = {url}\n{model}[cache]\nfolder = {made.folder / 'cache'}\n{FORMATS}"
        made.write("config.ini", settings + run)
        return made

    def start(
        self, project: Project, *words: str, env: Mapping[str, str] | None = None, file_limit: int = 0
    ) -> Running:
        """Start a command as a process."""
        number = sum(1 for _ in self.folder.glob("*.out"))
        return Running(
            project.folder,
            words,
            env={**self._env, **(env or {})},
            place=self.folder / f"{number}",
            file_limit=file_limit,
        )

    def run(
        self, project: Project, *words: str, seconds: float = PATIENCE, env: Mapping[str, str] | None = None
    ) -> Ended:
        """Run the project's experiment."""
        return self.troupe(project, "run", "x.yaml", "--model", MODEL, *words, seconds=seconds, env=env)

    def troupe(
        self, project: Project, *words: str, seconds: float = PATIENCE, env: Mapping[str, str] | None = None
    ) -> Ended:
        """Run a command to its end."""
        return self.ended(self.start(project, *words, env=env), seconds=seconds)

    def ended(self, running: Running, *, seconds: float = PATIENCE) -> Ended:
        """Wait for a command, and note what no command may do."""
        ended = running.wait(seconds)
        self.row.seconds = max(self.row.seconds, ended.seconds)
        self.row.memory = max(self.row.memory, ended.memory)
        said = ended.out + ended.err
        self.expect(ended.code is not None, f"`{ended.command}` still ran after {seconds:g} s")
        if ended.code is not None:
            is_usual = ended.code in EXPECTED and "bug:" not in said and "Traceback" not in said
            self.expect(is_usual or ended.was_killed, f"`{ended.command}` ended with {ended.code}: {said[-1500:]}")
        return ended

    def expect(self, claim: object, fault: str) -> None:
        """Note a fault if the claim is false."""
        if not claim:
            self.row.faults.append(f"{self.name}: {fault}")


def quiet(folder: Path) -> dict[str, str]:
    """Return the environment of a process without the user's own settings, keys and people."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **quiet_settings(folder), "OPENAI_API_KEY": KEY}


def quiet_settings(folder: Path) -> dict[str, str]:
    """Return the variables that keep the user's own settings, models and people out of a command."""
    homes = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME")
    return {
        **{name: str(folder / name.lower()) for name in homes},
        "NO_COLOR": "1",
        "COLUMNS": "120",
        "TROUPE_SERVERS": "",
        "TROUPE_MACHINE": "cores=2 memory=8",
    }
