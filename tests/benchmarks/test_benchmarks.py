"""The benchmark command runs, and counts as it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.bench_table import BARS, COLUMNS, START, bar_lines, moved_lines, table
from benchmarks.prompt_prefixes import SentPrompt, prompt_figures
from benchmarks.workloads import workloads

CHECKOUT = Path(__file__).parents[2]
SHORT = tuple(range(64))
LONG = tuple(range(2_000))


def test_the_command_measures_a_workload_and_writes_it_down(tmp_path):
    file = tmp_path / "record.json"
    words = ["--only", "W1", "--latency", "0.02", "--rounds", "1", "--json", str(file)]
    command = [sys.executable, "-m", "tests.benchmarks", *words]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr
    assert "| W1 | 8 |" in done.stdout
    figures = json.loads(file.read_text())["figures"]["W1"]
    assert set(COLUMNS) <= set(figures)
    assert figures["calls"] == workloads()["W1"].turns
    assert figures["wall_to_path"] >= 1
    assert figures["after_import"] < figures["first_request"]
    assert "bar: <= 1.1" in done.stdout


def test_an_unknown_workload_is_refused():
    command = [sys.executable, "-m", "tests.benchmarks", "--only", "W1,W9"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "unknown workload W9: expected W1, W2" in done.stderr


def test_a_prompt_reuses_whole_blocks_of_what_was_answered_before_it():
    first = SentPrompt("You are Lisa.", SHORT, arrived=0, answered=1)
    beside = SentPrompt("You are Lisa.", SHORT, arrived=0.5, answered=1.5)
    later = SentPrompt("You are Lisa.", (*SHORT[:40], -1, -2, -3, -4, -5, -6, -7, -8), arrived=2, answered=3)

    figures = prompt_figures([first, beside, later])

    assert figures.tokens == (64 + 64 + 48) / 3
    assert figures.reusable == 32 / 48  # 40 tokens are the same, which are two blocks of 16
    assert figures.cached == 0  # shorter than a provider caches


def test_a_provider_caches_long_prompts_in_blocks_of_128():
    prompts = [SentPrompt("You are Lisa.", LONG, arrived=at, answered=at + 0.5) for at in (0, 1)]

    assert prompt_figures(prompts).cached == 15 * 128 / 4_000


def test_bars_name_rows_and_figures_that_are_measured():
    assert {bar.row for bar in BARS} <= {*workloads(), START}
    assert {bar.figure for bar in BARS if bar.row != START} <= set(COLUMNS)


def test_a_bar_holds_or_is_missed():
    found = {"W1": dict.fromkeys(COLUMNS, 0.0) | {"wall_to_path": 1.2, "own_cpu_ms": 0.5}}

    lines = list(bar_lines(found))

    assert "MISSED  W1 wall_to_path 1.2 (bar: <= 1.1)" in lines
    assert "holds   W1 own_cpu_ms 0.5 (bar: <= 1)" in lines
    assert table(found).count("\n") == 2


def test_only_what_moved_by_more_than_noise_is_told():
    before = {"W1": {"wall": 1.0, "calls": 8.0}, "W2": {"wall": 2.0}}
    now = {"W1": {"wall": 1.1, "calls": 12.0}}

    assert list(moved_lines(now, before)) == ["W1 calls: 8 -> 12"]
