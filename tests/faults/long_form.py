"""Checks hostile inputs at length, in this process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from faults.arena import Arena, quiet_settings
from faults.checking import a_project, checked
from faults.hostile_inputs import HostileInput, hostile_inputs
from hypothesis import HealthCheck, Phase, given, seed, settings

BATCH: Final = 250
"""Inputs drawn with one seed: hypothesis keeps a history, which batches keep short."""


def check_inputs(arena: Arena) -> None:
    """Check a batch of hostile inputs."""
    os.environ |= quiet_settings(arena.folder / "user")
    project = a_project(arena.folder / "project")

    @seed(arena.chance.integer())
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(hostile_inputs())
    def attack(one: HostileInput) -> None:
        if arena.row.count < BATCH:
            _check(arena, one, project)

    attack()


def _check(arena: Arena, one: HostileInput, project: Path) -> None:
    outcome = checked(one, project)
    arena.row.count += 1
    arena.row.seconds = max(arena.row.seconds, outcome.seconds)
    arena.row.memory = max(arena.row.memory, outcome.megabytes)
    if outcome.fault:
        arena.expect(not outcome.fault, f"{one.kind}: {outcome.fault}\n    {one.files[one.target][:400]!r}")
        _keep(one, f"{arena.name}-{arena.row.count}")


def _keep(one: HostileInput, name: str) -> None:
    """Store an input in the folder that `--keep` names."""
    for file, data in one.files.items() if os.environ.get("TROUPE_FAULTS_KEEP") else ():
        place = Path(os.environ["TROUPE_FAULTS_KEEP"]) / name / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
