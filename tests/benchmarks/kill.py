"""Kills one run at random moments, resumes it each time, and compares the end with a run left alone.

    python tests/benchmarks/kill.py --kills 10 --seed 1

Prints how many requests the provider answered, how many of those were asked again after
they had been answered (must be 0), and whether the event logs are equal to the byte.
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
from pathlib import Path

from tinytroupe_cli.core.streams import Stream

TESTS = Path(__file__).parents[1]
EXPERIMENT = """\
troupe: 1
name: kill
seed: 5
replicates: 2
factors: {price: [399, 559]}
personas: [lisa, oscar, {use: lisa, as: Lisa Two}, {use: oscar, as: Oscar Two}]
world: {type: room, place: A kitchen, steps: 20}
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
        left_alone, _ = _play(place / "alone", kills=[], latency=options.latency)
        chance = Stream(options.seed, "kills")
        span = options.latest - options.earliest
        moments = [options.earliest + span * chance.fraction() for _ in range(options.kills)]
        killed, requests = _play(place / "killed", kills=moments, latency=options.latency)
    answered, again = _asked_again(requests)
    same = left_alone == killed
    print(f"kills: {len(moments)}; requests received: {len(requests)}; answered: {answered}")
    print(f"answered before a kill and asked again: {again}")
    print(f"event logs equal to the byte: {same} ({len(killed)} trials)")
    return 0 if same and not again else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.5)
    parser.add_argument("--earliest", type=float, default=1.0, help="seconds after the start")
    parser.add_argument("--latest", type=float, default=7.0)
    return parser.parse_args()


def _play(place: Path, *, kills: list[float], latency: float) -> tuple[dict[str, str], list[dict[str, object]]]:
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
        for moment in kills:
            run = _start(place)
            try:
                run.wait(timeout=moment)
                print("finished before it could be killed", run.returncode)
                break
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
                print(f"killed after {moment:.1f} s; {_lines(log)} requests so far")
        run = _start(place)
        if run.wait(timeout=300) != 0:
            sys.exit(f"the last run ended with {run.returncode}:\n{(place / 'stderr.txt').read_text()}")
    finally:
        provider.terminate()
        provider.wait()
    time.sleep(0.1)
    folders = [path for path in (place / "results" / "kill").iterdir() if path.is_dir() and path.name != "latest"]
    assert len(folders) == 1, f"one run, one folder: {folders}"
    logs = {
        path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folders[0].rglob("events.jsonl")
    }
    return logs, [json.loads(line) for line in log.read_text().splitlines()]


def _start(place: Path) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "tinytroupe_cli", "run", "../kill.yaml"),
        *("--model", "openai/gpt-4o-mini", "--no-cache", "--quiet"),
    ]
    with (place / "stderr.txt").open("ab") as errors:
        return subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=errors)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def _asked_again(requests: list[dict[str, object]]) -> tuple[int, int]:
    answered: set[str] = set()
    again = 0
    for request in requests:
        key = hashlib.sha256(json.dumps(request["body"], sort_keys=True).encode()).hexdigest()
        again += key in answered
        if request["answered"]:
            answered.add(key)
    return len(answered), again


if __name__ == "__main__":
    sys.exit(main())
