"""Kills one run at random moments, resumes it each time, and compares the end with a run left alone.

    python tests/benchmarks/kill.py --kills 10 --seed 1

Prints how many requests the provider answered, how many of those were asked again although
they were not in flight at a kill (must be 0), and whether the event logs are equal to the byte.
In flight is what began before a kill and whose answer left after it (the provider may not have
noticed that nobody listens), or within GRACE before it: with many at a time, some answers wait
in the socket while others are read and stored.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinytroupe_cli.core.random_streams import Stream

GRACE = 0.25
"""Seconds between an answer leaving the provider and its being stored, at the most, with 16 at a time."""
TESTS = Path(__file__).parents[1]
EXPERIMENT = """\
troupe: 1
name: kill
seed: 5
replicates: 2
factors: {price: [399, 559]}
personas: [lisa, oscar, {use: lisa, as: Lisa Two}, {use: oscar, as: Oscar Two}]
world: {type: room, place: A kitchen, steps: 30}
stimuli:
  - say: "Would you buy it for ${{ price }}?"
  - say: "And at step {{ step }}?"
    at: {every: 2}
extract:
  - name: verdict
    of: each person
    how: interview
    question: "Would you buy it?"
    fields: {buys: yes_no, why: text}
"""


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "kill.yaml").write_text(EXPERIMENT)
        left_alone = _play(place / "alone", moments=[], latency=options.latency)
        chance = Stream(options.seed, "kills")
        span = options.latest - options.earliest
        moments = [options.earliest + span * chance.fraction() for _ in range(options.kills)]
        killed = _play(place / "killed", moments=moments, latency=options.latency)
    in_flight, other = _asked_again(killed)
    same = left_alone.logs == killed.logs
    answered = len({_key(request) for request in killed.requests if request["answered"]})
    print(f"kills: {len(killed.kills)}; requests received: {len(killed.requests)}; different ones answered: {answered}")
    print(f"answered by the provider while in flight at a kill, and asked again: {in_flight}")
    print(f"answered before a kill and asked again: {other}")
    print(f"event logs equal to the byte: {same} ({len(killed.logs)} trials)")
    return 0 if same and not other else 1


@dataclass
class Played:
    """A run's logs, all that the provider was asked, and when the run was killed."""

    logs: dict[str, str]
    requests: list[dict[str, Any]]
    kills: list[float]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.5)
    parser.add_argument("--earliest", type=float, default=1.0, help="seconds after the start")
    parser.add_argument("--latest", type=float, default=7.0)
    return parser.parse_args()


def _play(place: Path, *, moments: list[float], latency: float) -> Played:
    place.mkdir()
    log = place / "requests.jsonl"
    provider = subprocess.Popen(
        [sys.executable, str(TESTS / "provider.py"), "--port", "0", "--latency", str(latency), "--log", str(log)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert provider.stdout is not None
    url = provider.stdout.readline().strip()
    (place / "config.ini").write_text(f"[model]\napi_base = {url}\n[cache]\nfolder = {place / 'cache'}\n")
    try:
        kills = [when for moment in moments if (when := _kill(place, moment, log)) is not None]
        run = _start(place, *(["--resume", "results/kill"] if kills else []))
        if run.wait(timeout=300) != 0:
            sys.exit(f"the last run ended with {run.returncode}:\n{(place / 'stderr.txt').read_text()}")
    finally:
        provider.terminate()
        provider.wait()
    folders = [path for path in (place / "results" / "kill").iterdir() if path.is_dir() and path.name != "latest"]
    assert len(folders) == 1, f"one run, one folder: {folders}"
    files = folders[0].rglob("events.jsonl")
    logs = {path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return Played(logs, [json.loads(line) for line in log.read_text().splitlines()], kills)


def _kill(place: Path, moment: float, log: Path) -> float | None:
    """Start or resume the run and kill it; return when, or None if it had ended by itself."""
    run = _start(place)
    try:
        run.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGKILL)
        when = time.perf_counter()
        run.wait()
        print(f"killed after {moment:.1f} s; {_lines(log)} requests so far")
        return when
    print("it had finished before it could be killed")
    return None


def _start(place: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "tinytroupe_cli", "run", "../kill.yaml"),
        *("--model", "openai/gpt-4o-mini", "--no-cache", "--quiet", *words),
    ]
    with (place / "stderr.txt").open("ab") as errors:
        return subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=errors)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def _key(request: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(request["body"], sort_keys=True).encode()).hexdigest()


def _asked_again(played: Played) -> tuple[int, int]:
    """Count the answers that were asked for again: those in flight at a kill, and those that were not."""
    in_flight = other = 0
    answered: dict[str, dict[str, Any]] = {}
    for request in played.requests:
        key = _key(request)
        if key in answered:
            began, left = answered[key]["began"], answered[key]["at"]
            was_in_flight = any(began <= kill <= left + GRACE for kill in played.kills)
            in_flight, other = in_flight + was_in_flight, other + (not was_in_flight)
        if request["answered"]:
            answered[key] = request
    return in_flight, other


if __name__ == "__main__":
    sys.exit(main())
