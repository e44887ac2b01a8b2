"""How many threads compute."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinytroupe_cli.models.local_cores import (
    WATCH_SECONDS,
    CpuTime,
    busy_cores,
    compute_threads,
    is_busy,
    threads_words,
    usable_cores,
)

linux_only = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system doesn't tell")


def readings(*values: CpuTime | None):
    left = list(values)
    return lambda: left.pop(0)


def no_wait(_: float) -> None:
    pass


@pytest.mark.parametrize(
    ("everyone", "ourselves", "busy"),
    [(0.0, 0.0, 0), (0.2, 0.0, 1), (0.4, 0.2, 1), (0.2, 0.2, 0), (0.05, 0.0, 0)],
    ids=["idle", "one other", "one other beside us", "only us", "hardly anyone"],
)
def test_only_cores_that_others_use_count_as_busy(everyone: float, ourselves: float, busy: int):
    read = readings(CpuTime(100.0, 5.0), CpuTime(100.0 + everyone, 5.0 + ourselves))

    assert busy_cores(read, wait=no_wait) == busy


def test_a_system_that_does_not_tell_counts_as_idle():
    assert busy_cores(readings(None, None), wait=no_wait) == 0


@linux_only
def test_both_threads_of_a_core_count_once(tmp_path: Path):
    for cpu in os.sched_getaffinity(0):
        topology = tmp_path / f"sys/devices/system/cpu/cpu{cpu}/topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text("0-99\n")

    assert usable_cores(tmp_path) == 1


@linux_only
@pytest.mark.parametrize(("limit", "most"), [("50000 100000", 1), ("100000 100000", 1), ("max 100000", 10**6)])
def test_a_containers_quota_bounds_the_cores(tmp_path: Path, limit: str, most: int):
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/cpu.max").write_text(limit)

    found = usable_cores(tmp_path)

    assert found == min(most, len(os.sched_getaffinity(0)))


@linux_only
def test_one_thread_is_left_however_busy_the_machine_is(tmp_path: Path):
    crowd = CpuTime(100.0 + 50 * WATCH_SECONDS, 5.0)

    assert compute_threads(tmp_path, read=readings(CpuTime(100.0, 5.0), crowd)) == 1


@linux_only
def test_a_machine_is_busy_where_others_keep_a_core(tmp_path: Path):
    quiet, crowd = CpuTime(100.0 + 0.1 * WATCH_SECONDS, 5.0), CpuTime(100.0 + WATCH_SECONDS, 5.0)

    assert is_busy(tmp_path, read=readings(CpuTime(100.0, 5.0), crowd))
    assert not is_busy(tmp_path, read=readings(CpuTime(100.0, 5.0), quiet))


def test_how_many_threads_a_model_may_get_is_told_as_a_range():
    assert threads_words(4) == "1 to 4: the cores that were free when the model was loaded"
    assert threads_words(1) == "1"
    assert threads_words(None) == "as many as llama.cpp chooses"
