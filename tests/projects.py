"""A project in a folder of its own, and the command line in it: `Project(tmp_path, url).troupe("run", "x.yaml")`."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinytroupe_cli.api.reporting import render_report
from tinytroupe_cli.cli.app import main

MODEL = "openai/gpt-4o-mini"
PRICES = "prices: {openai/gpt-4o-mini: {input: 0.15, output: 0.6}}\n"
"""What the fake provider would cost; it is on this machine, where calls are free unless a price is given."""
FORMATS = "[run]\nformats = json, details, methods\n"
"""Everything in words; no report with charts unless a test is about it, as they take half a second."""
EXPERIMENT = """\
troupe: 1
name: tea
seed: 3
personas: [lisa, oscar]
world: {type: room, place: A kitchen, steps: 3}
stimuli:
  - say: "Tea or coffee?"
extract:
  - name: drink
    of: each person
    how: interview
    question: "What will you drink?"
    fields: {cup: {choice: [tea, coffee]}, why: text}
"""


@dataclass
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


class Project:
    """A folder with an experiment, and a config.ini that keeps everything in it."""

    def __init__(self, folder: Path, url: str = "", experiment: str = EXPERIMENT) -> None:
        self.folder = folder
        self.write("config.ini", f"[model]\napi_base = {url}\n[cache]\nfolder = {folder / 'cache'}\n{FORMATS}")
        self.write("x.yaml", experiment)

    def line_of(self, text: str, name: str = "x.yaml") -> int:
        """Return the number of the first line that has a text."""
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def troupe(self, *words: str) -> Finished:
        """Run a command in this process."""
        out, err = io.StringIO(), io.StringIO()
        code, argv, sys.argv = 0, sys.argv, ["troupe", *words]  # commands quote themselves
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(words)
            except SystemExit as stop:
                code = int(stop.code or 0)
            finally:
                sys.argv = argv
        return Finished(code, out.getvalue(), err.getvalue())

    def run(self, *words: str) -> Finished:
        return self.troupe("run", "x.yaml", "--model", MODEL, *words)

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start `troupe run` as a process of its own."""
        return self.start_troupe("run", "x.yaml", "--model", MODEL, *words, **env)

    def start_troupe(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "tinytroupe_cli", *words],
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def runs(self) -> list[Path]:
        """The run folders, in the order they were made."""
        found = {path.resolve() for path in (self.folder / "results").glob("*/*/manifest.json")}
        started = {path: re.findall(r'"started": "(.*?)"', path.read_text(errors="replace")) for path in found}
        return [path.parent for path in sorted(found, key=lambda path: (started[path], path.parent.name))]

    @property
    def results(self) -> dict[str, Any]:
        """The newest run's results."""
        return json.loads((self.runs[-1] / "results.json").read_text())

    @property
    def report(self) -> str:
        """The newest run's details.md, whether it was written or not."""
        written = self.runs[-1] / "details.md"
        return written.read_text() if written.exists() else render_report(self.runs[-1], "details")

    def logs(self, run: Path | None = None) -> dict[str, bytes]:
        """Return a run's event logs by trial."""
        folder = run or self.runs[-1]
        return {path.parent.name: path.read_bytes() for path in sorted(folder.rglob("events.jsonl"))}

    def events(self, run: Path | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return a run's events by trial, in order."""
        return {trial: [json.loads(line) for line in log.splitlines()] for trial, log in self.logs(run).items()}

    def manifest(self) -> dict[str, Any]:
        return json.loads((self.runs[-1] / "manifest.json").read_text())


def fingerprint(folder: Path) -> dict[Path, str]:
    """Return file -> SHA-256 of everything in a folder."""
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
