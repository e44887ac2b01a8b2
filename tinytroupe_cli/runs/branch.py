"""A new run from step n of another: the plan with a change, and the parent's answers to reuse."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.models.port import Completion, Request
from tinytroupe_cli.plan.planned_interventions import StepReached
from tinytroupe_cli.plan.types import (
    Plan,
    PlannedChange,
    PlannedIntervention,
    PlannedStateChange,
    PlannedStimulus,
    Trial,
)
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.folder import RunFolder

NAME = "a change at step"


@dataclass(frozen=True)
class BranchChange:
    """What differs from a step on."""

    at: int
    say: str = ""
    source: str = "the moderator"
    to: tuple[str, ...] = ()
    """Person ids; empty: everyone."""
    sets: tuple[tuple[str, str, JsonValue], ...] = ()
    """Person id, field, value."""


@dataclass(frozen=True)
class BranchOrigin:
    """The parent of a run and the step it branches from."""

    folder: RunFolder
    at: int

    @property
    def name(self) -> str:
        """Return the parent's path below the results folder."""
        path = self.folder.path.resolve()
        return f"{path.parent.name}/{path.name}"


def branch_plan(plan: Plan, change: BranchChange) -> Plan:
    """Return the plan of a branch."""
    return plan.model_copy(update={"trials": tuple(_branched(trial, change) for trial in plan.trials)})


def copy_history(parent: RunFolder, child: Path) -> None:
    """Copy the parent's answers into a new folder; the parent is not changed."""
    inherited = RunFolder(child).inherited
    inherited.mkdir(parents=True)
    for name in (parent.calls.name, parent.outside.name):
        for file in (name, f"{name}-wal"):  # the second is what a kill leaves of the first
            if (parent.path / file).exists():
                shutil.copyfile(parent.path / file, inherited / file)
    for file in (parent.people_file, parent.wordings_file):
        if file.exists():
            shutil.copyfile(file, child / file.name)


@dataclass
class InheritedStores:
    """A cache that looks up the parent's answers before the user's."""

    inherited: SqliteCallStore
    cache: SqliteCallStore | None

    def get(self, key: str) -> Completion | None:
        """Look in the parent's store, then in the user's."""
        found = self.inherited.get(key)
        return self.cache.get(key) if found is None and self.cache is not None else found

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        """Store in the user's cache."""
        if self.cache is not None:
            self.cache.put(key, request, completion, cost=cost, seconds=seconds)

    def close(self) -> None:
        """Close both."""
        self.inherited.close()
        if self.cache is not None:
            self.cache.close()

    def forget_too_long(self) -> None:
        """Forget in both which requests were longer than the model's window."""
        self.inherited.forget_too_long()
        if self.cache is not None:
            self.cache.forget_too_long()


def inherited_stores(folder: RunFolder, cache: SqliteCallStore | None) -> InheritedStores | SqliteCallStore | None:
    """Put the parent's answers before the user's cache; for runs without a parent, return the cache."""
    calls = folder.inherited / folder.calls.name
    return InheritedStores(SqliteCallStore(calls), cache) if calls.exists() else cache


def _branched(trial: Trial, change: BranchChange) -> Trial:
    cast = tuple(member.id for member in trial.people)
    added_stimuli = tuple(_said(cast, change))
    added = (*trial.stimuli, *added_stimuli)
    stepping_in = tuple(_set(cast, change, number=len(trial.interventions) + 1))
    return trial.model_copy(
        update={
            "stimuli": tuple(sorted(added, key=lambda stimulus: stimulus.step)),
            "interventions": (*trial.interventions, *stepping_in),
        }
    )


def _said(cast: tuple[str, ...], change: BranchChange) -> Iterator[PlannedStimulus]:
    to = tuple(person for person in cast if person != change.source and (not change.to or person in change.to))
    if change.say and to:
        yield PlannedStimulus(
            step=change.at, verb="say", text=change.say, source=change.source, to=to, to_everyone=not change.to
        )


def _set(cast: tuple[str, ...], change: BranchChange, *, number: int) -> Iterator[PlannedIntervention]:
    changes = tuple(
        PlannedChange(people=(person,), field=field, value=value)
        for person, field, value in change.sets
        if person in cast
    )
    if changes:
        yield PlannedIntervention(
            name=f"{NAME} {change.at} ({number})",
            when=StepReached(step=change.at),
            then=(PlannedStateChange(changes=changes),),
        )
