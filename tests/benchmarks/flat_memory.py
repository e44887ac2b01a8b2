"""Memory of a long run and of a wide one, the sizes of their files, and how long `resume` takes after a kill.

    PYTHONPATH=.:tests python tests/benchmarks/flat_memory.py --steps 500 --people 10 --kill 0.9
    PYTHONPATH=.:tests python tests/benchmarks/flat_memory.py --steps 1 --people 5000 --world network

The fake provider answers at once. Prints resident memory (MiB), as JSON, at each tenth of one call a turn; in a long
chat there are up to two, as people are asked again and look things up. With `--kill`, the process is killed at that
part of them, and the resume is timed, with the moment of its first new call.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import Bench, a_project, environment, fetched, provider, run_words
from benchmarks.workloads import Workload, network, room

POLL_SECONDS = 0.5
MIB = 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--world", choices=["room", "network"], default="room")
    parser.add_argument("--kill", type=float, default=0.0, help="kill at this part of one call a turn, then resume")
    options = parser.parse_args()
    turns = options.steps * options.people
    spec = (room if options.world == "room" else network)(options.people, options.steps)
    workload = Workload("flat", "", spec, turns=turns)
    with provider(()) as url, tempfile.TemporaryDirectory() as name:
        bench, folder = Bench(url, 0.0, concurrency=16), Path(name)
        a_project(workload, bench, folder)
        figures: dict[str, Any] = {"steps": options.steps, "people": options.people, "load": os.getloadavg()[0]}
        figures["run"] = watched(["-m", "tinytroupe_cli", *run_words(bench)], bench, folder, turns, options.kill)
        run = the_run(folder)
        figures |= sizes(run)
        if options.kill:
            again = run_words(bench, "--resume", str(run))
            figures["resume"] = watched(["-m", "tinytroupe_cli", *again], bench, folder, turns)
            figures |= {f"completed_{key}": value for key, value in sizes(run).items()}
    print(json.dumps(figures, indent=1))


def watched(words: list[str], bench: Bench, folder: Path, calls: int, kill: float = 0.0) -> dict[str, Any]:
    """Run a command and return its seconds, the calls it made and its memory at each tenth of `calls`."""
    began, asked, tenths, peak = time.perf_counter(), 0, dict[str, float](), 0.0
    first_call = 0.0
    before_calls = 0.0
    process = subprocess.Popen([sys.executable, *words], cwd=folder, env=environment(), stderr=subprocess.PIPE)
    while process.poll() is None:
        time.sleep(POLL_SECONDS)
        asked += len([line for line in fetched(f"{bench.url}/log").splitlines() if line])
        first_call = first_call or (time.perf_counter() - began if asked else 0.0)
        now = resident_mib(process.pid)
        peak = max(peak, now)
        if not asked:
            before_calls = max(before_calls, now)
        if asked:
            tenths.setdefault(f"{min(1.0, asked / calls):.1f}", round(now, 1))
        if kill and asked >= kill * calls:
            process.send_signal(signal.SIGKILL)
            process.wait()
            break
    seconds = round(time.perf_counter() - began, 1)
    _, told = process.communicate()
    found = {"seconds": seconds, "first_call_after": round(first_call, 1), "calls": asked, "exit": process.returncode}
    if process.returncode not in (0, -signal.SIGKILL):
        found["told"] = told.decode()[-2000:]
    return {**found, "peak_before_calls": round(before_calls, 1), "mib_by_part": tenths, "peak_mib": round(peak, 1)}


def the_run(folder: Path) -> Path:
    """Return the only run in a project."""
    [run] = (path.parent for path in (folder / "results").glob("*/*/plan.json") if not path.parent.is_symlink())
    return run


def sizes(run: Path) -> dict[str, float]:
    """Return the MiB of a run's logs, of its store, and of everything in it."""
    return {
        "log_mib": _mib(run, "**/events.jsonl"),
        "store_mib": _mib(run, "calls.sqlite*"),
        "all_mib": _mib(run, "**/*"),
    }


def resident_mib(process: int) -> float:
    """Return the resident memory of a process; 0 where the system doesn't tell."""
    status = Path(f"/proc/{process}/status")
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _mib(folder: Path, pattern: str) -> float:
    return round(sum(file.stat().st_size for file in folder.glob(pattern) if file.is_file()) / MIB, 1)


if __name__ == "__main__":
    main()
