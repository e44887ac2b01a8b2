"""Measures troupe against a provider with a fixed latency on this machine, and prints a table.

    python -m tests.benchmarks [--only W1,W2] [--latency 0.2] [--realtime] [--json tests/benchmarks/record.json]

Every workload is played by `troupe run` in a process of its own, and then its requests are sent again by LiteLLM alone
with equal concurrency. "path" is the least time the calls can take, "bare" the time of LiteLLM alone, "own CPU" what
troupe adds to LiteLLM's, "reusable" the share of people's later prompts that was sent before (blocks of 16 tokens),
"cached" the share of all prompts a provider with OpenAI's rule would hold (blocks of 128, from 1,024 on), "first" the
time until the first request and "report" that from the last answer to the written report. Medians of several rounds;
W5 to W8 are played once. Prints the bars that hold or are missed, and what moved since the record.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.bench_table import START, bar_lines, moved_lines, table
from benchmarks.measuring import Bench, Figures, measured, provider
from benchmarks.starting import provider_capacity, starting_times
from benchmarks.workloads import workloads

RECORD = Path(__file__).with_name("record.json")


def main() -> None:
    """Measure what was asked for."""
    options = _options()
    prefix = ("chrt", "-r", "1") if options.realtime and shutil.which("chrt") else ()
    known, found = workloads(), dict[str, Figures]()
    wanted = options.only.split(",") if options.only else [*known, START]
    unknown = set(wanted) - {*known, START}
    if unknown:
        sys.exit(f"unknown workload {', '.join(sorted(unknown))}: expected {', '.join(known)} or {START}")
    recorded: dict[str, Any] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    with provider(prefix) as url:
        capacity = provider_capacity(url)
        bench = Bench(url, options.latency, options.concurrency, prefix)
        print(f"the provider answers {capacity:,.0f} calls a second; {options.latency:g} s a call", flush=True)
        for name in wanted:
            rounds = options.rounds
            found[name] = starting_times(bench) if name == START else measured(known[name], bench, rounds=rounds)
            print(f"measured {name}", file=sys.stderr, flush=True)
            if options.json:  # after each, so that a run that is stopped leaves what it measured
                options.json.write_text(json.dumps(_record(found, options, capacity), indent=2) + "\n")
    print(table(found))
    print("\n".join(bar_lines(found)))
    for line in moved_lines(found, recorded.get("figures", {})):
        print(f"moved   {line}")


def _record(found: dict[str, Figures], options: argparse.Namespace, capacity: float) -> dict[str, Any]:
    return {
        "date": time.strftime("%Y-%m-%d"),
        "version": metadata.version("tinytroupe-cli"),
        "litellm": metadata.version("litellm"),
        "machine": f"{os.cpu_count()} cores, shared; {platform.system()}, Python {platform.python_version()}",
        "latency": options.latency,
        "concurrency": options.concurrency,
        "provider_calls_a_second": round(capacity),
        "figures": {
            row: {name: float(f"{value:.4g}") for name, value in figures.items()} for row, figures in found.items()
        },
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", help=f"workloads and '{START}', separated by commas")
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--concurrency", type=int, default=100)
    parser.add_argument("--rounds", type=int, help="for every workload, instead of its own number")
    parser.add_argument("--realtime", action="store_true", help="run ahead of other programs (chrt -r 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
