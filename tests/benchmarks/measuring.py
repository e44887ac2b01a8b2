"""Plays a workload against the provider with a latency, then the same requests through LiteLLM alone; returns figures.

Each run is a process of its own, as a user starts it. Ratios compare runs of one round, which follow each other, so
that a busy machine slows both.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.prompt_prefixes import prompt_figures, sent_prompts
from benchmarks.workloads import Workload

from tinytroupe_cli.runs.calls import SqliteCallStore

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
MODEL = "openai/gpt-4o-mini"
Figures = dict[str, float]


@dataclass(frozen=True)
class Bench:
    """Where and how everything is played."""

    url: str
    latency: float
    concurrency: int
    prefix: tuple[str, ...] = ()
    """Put before every command, such as `chrt -r 1`."""

    def python(self, *words: str, folder: Path) -> float:
        """Run a command of Python in a folder and return its seconds; raises if it fails."""
        began = time.perf_counter()
        command = [*self.prefix, sys.executable, *words]
        done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr}")
        return time.perf_counter() - began

    def log(self) -> list[dict[str, Any]]:
        """Return what the provider received since it was last asked."""
        lines = fetched(f"{self.url}/log").splitlines()
        entries = [json.loads(line) for line in lines]
        return [{**entry, "body": json.loads(entry["body"])} for entry in entries]


def environment() -> dict[str, str]:
    """Return the environment of a user who has run troupe before: compiled modules are kept, no keys are set."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "OPENAI_API_KEY")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "TROUPE_SERVERS": "", "NO_COLOR": "1"}


def fetched(url: str) -> bytes:
    """Return what is at an address of this machine."""
    with urllib.request.urlopen(url, timeout=60) as response:
        return response.read()


@contextmanager
def provider(prefix: Sequence[str]) -> Generator[str, None, None]:
    """Start the provider with a latency as a process of its own; yields its address."""
    command = [*prefix, sys.executable, str(HERE / "latency_provider.py")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def measured(workload: Workload, bench: Bench, *, rounds: int | None = None) -> Figures:
    """Play a workload several times; returns the median of each figure."""
    found: list[Figures] = []
    for _ in range(rounds or workload.rounds):
        with tempfile.TemporaryDirectory() as folder:
            found.append(_played(workload, bench, Path(folder)))
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def a_project(workload: Workload, bench: Bench, folder: Path) -> None:
    """Write the experiment, and the configuration that leads to the provider."""
    address = f"{bench.url}/{bench.latency:g}/{workload.spread:g}/v1"
    (folder / "config.ini").write_text(f"[model]\napi_base = {address}\n[cache]\nfolder = {folder / 'cache'}\n")
    (folder / "x.yaml").write_text(workload.spec)


def run_words(bench: Bench, *words: str) -> list[str]:
    """Return the command line that runs the experiment."""
    return ["run", "x.yaml", "--model", MODEL, "--concurrency", str(bench.concurrency), "--yes", "--quiet", *words]


def _played(workload: Workload, bench: Bench, folder: Path) -> Figures:
    a_project(workload, bench, folder)
    marks_file = folder / "marks.json"
    bench.log()
    began = time.perf_counter()
    bench.python(str(HERE / "timed_run.py"), str(marks_file), *run_words(bench), folder=folder)
    marks, log = json.loads(marks_file.read_text()), bench.log()
    [run] = (path.parent for path in (folder / "results").glob("*/*/manifest.json") if not path.parent.is_symlink())
    chains = _chains(workload, run, log)
    (folder / "bodies.json").write_text(json.dumps(chains))
    place = [f"{bench.url}/{bench.latency:g}/{workload.spread:g}/v1", str(bench.concurrency)]
    bare_file = folder / "bare.json"
    bench.python(str(HERE / "bare_loop.py"), str(bare_file), "bodies.json", *place, folder=folder)
    bare, bare_log = json.loads(bare_file.read_text()), bench.log()
    wall, bare_wall = _wall(marks, log), _wall(bare, bare_log)
    path = critical_path(bench, calls=len(log), depth=max(len(rounds) for rounds in chains))
    prompts = prompt_figures(sent_prompts(log))
    calls = len(log)
    return {
        "calls": calls,
        "wall": wall,
        "wall_to_path": wall / path,
        "wall_to_bare": wall / bare_wall,
        "calls_a_turn": calls / workload.turns,
        "prompt_tokens": prompts.tokens * calls / workload.turns,
        "reusable": prompts.reusable,
        "cached": prompts.cached,
        "own_cpu_ms": 1000 * (_cpu(marks) - _cpu(bare)) / calls,
        "bare_cpu_ms": 1000 * _cpu(bare) / calls,
        "peak_mib": marks["peak"],
        "bare_peak_mib": bare["peak"],
        "log_bytes": sum(file.stat().st_size for file in run.rglob("events.jsonl")) / calls,
        "store_bytes": sum(file.stat().st_size for file in run.glob("calls.sqlite*")) / calls,
        "first_request": marks["asked"][0] - began,
        "after_import": marks["asked"][0] - marks["imported"][0],
        "report": marks["reported"][0] - max(one["answered"] for one in log),
    }


def _wall(marks: dict[str, Any], log: Sequence[dict[str, Any]]) -> float:
    """Return the seconds from the moment LiteLLM is first asked to the provider's last answer."""
    return max(one["answered"] for one in log) - marks["asked"][0]


def _cpu(marks: dict[str, Any]) -> float:
    """Return the seconds of CPU from the first call until all is played."""
    return marks["played"][1] - marks["asked"][1]


def critical_path(bench: Bench, *, calls: int, depth: int) -> float:
    """Return the least seconds that the calls can take: the longest chain, or all calls through the slots."""
    return bench.latency * max(depth, math.ceil(calls / bench.concurrency))


def _chains(workload: Workload, run: Path, log: Sequence[dict[str, Any]]) -> list[list[list[dict[str, Any]]]]:
    """Return the bodies that were sent, by trial and step, or all side by side if they are independent.

    Who looks something up within a turn calls again in the same step: then the step has several rounds.
    """
    bodies = [one["body"] for one in log]
    if workload.shape == "asked":
        return [[bodies]]
    steps: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    before = Counter[tuple[str, str, int]]()
    store = SqliteCallStore(run / "calls.sqlite")
    by_text = {_text(body["messages"]): body for body in bodies}
    for trial, person, step, what, request, _completion in store.recorded():
        earlier = before[trial, person, step] if what != "consolidate" else 0  # which happens in the background
        before[trial, person, step] += what != "consolidate"
        steps.setdefault((trial, step, earlier), []).append(by_text[_text(json.loads(request)["messages"])])
    store.close()
    trials = dict.fromkeys(trial for trial, *_ in steps)
    return [[steps[key] for key in sorted(steps) if key[0] == trial] for trial in trials]


def _text(messages: Sequence[dict[str, Any]]) -> str:
    return "\x00".join(f"{message['role']}\x00{message['content']}" for message in messages)
