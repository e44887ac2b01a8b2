"""What this machine has, as the system tells it or as someone writes it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.local_machine import Machine, this_machine


def test_the_memory_of_a_container_counts_and_is_rounded_as_machines_are_sold(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal:       16265216 kB\n")
    assert this_machine({}, tmp_path).gigabytes == 16
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/memory.max").write_text(f"{8 << 30}\n")
    assert this_machine({}, tmp_path).gigabytes == 8


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system doesn't tell")
def test_the_quota_of_a_container_counts(tmp_path: Path) -> None:
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/cpu.max").write_text("100000 100000\n")
    assert this_machine({}, tmp_path).cores == 1


def test_what_is_written_wins() -> None:
    machine = this_machine({"TROUPE_MACHINE": "cores=8 memory=16"})
    assert (machine.cores, machine.gigabytes, str(machine)) == (8, 16, "8 cores and 16 GB of memory")
    with pytest.raises(RunError, match="can't be read"):
        this_machine({"TROUPE_MACHINE": "big"})


def test_what_is_not_known_is_too_little() -> None:
    assert not Machine(8, None).has(4, 8)
    assert str(Machine(1, None)) == "1 core and an unknown amount of memory"
    assert Machine(4, 8).has(4, 8)
