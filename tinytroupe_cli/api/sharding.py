"""Divides the trials of experiments among machines: `--shard 2/3` runs the second third of them.

The division depends on the plans alone. Trials are dealt out in turn; an experiment that needs all its trials in one
place (for people, wordings or codes that a model writes for the whole run) is dealt out whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.api.people_generation import not_generated
from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.plan.written_wordings import is_missing
from tinytroupe_cli.runs.postprocessing import needs_postprocessing

__all__ = ["Shard", "in_shard", "read_shard"]


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of a command's work."""

    number: int
    """From 1."""
    of: int

    def __str__(self) -> str:
        """Return it as typed."""
        return f"{self.number}/{self.of}"


def read_shard(written: str | None) -> Shard | None:
    """Read `2/3`; raises `RunError` for anything else. None stays None."""
    if written is None:
        return None
    found = re.fullmatch(r"\s*(\d{1,4})\s*/\s*(\d{1,4})\s*", written)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise RunError(f"--shard expects I/N with I from 1 to N, got '{written}'", hint="for example, --shard 1/4")
    return Shard(int(found[1]), int(found[2]))


def in_shard(runs: Sequence[Prepared], shard: Shard, project_dir: Path) -> list[Prepared]:
    """Return the runs that have trials in a shard, each limited to these; branches of a multiverse stay together."""
    mine: dict[int, frozenset[str] | None] = {}
    for number, (place, trial) in enumerate(_units(runs, project_dir)):
        if number % shard.of == shard.number - 1:
            mine[place] = None if trial is None else frozenset({trial, *(mine.get(place) or ())})
    whole = {id(branch) for place, trials in mine.items() if trials is None for branch in runs[place].compiled.branches}
    chosen: list[Prepared] = []
    for place, run in enumerate(runs):
        if place in mine or id(run.compiled) in whole:
            chosen.append(replace(run, shard=str(shard), shard_trials=mine.get(place)))
    return chosen


def _units(runs: Sequence[Prepared], project_dir: Path) -> Iterator[tuple[int, str | None]]:
    """Yield what is dealt out: the place of a run, and one of its trials; None: all of them."""
    branches = {id(branch) for run in runs for branch in run.compiled.branches}
    for place, run in enumerate(runs):
        if id(run.compiled) in branches:
            continue
        if _is_divisible(run.compiled, project_dir):
            yield from ((place, trial.id) for trial in with_extra_trials(run.plan).trials)
        else:
            yield place, None


def _is_divisible(compiled: Compiled, project_dir: Path) -> bool:
    plan = compiled.plan
    is_whole = bool(compiled.branches or plan.stopping) or is_missing(plan) or needs_postprocessing(plan)
    return not is_whole and not not_generated(plan, project_dir)
