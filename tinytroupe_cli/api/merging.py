"""Joins the runs of shards: `troupe merge`. The joined run is the run that one machine would have made."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.results import usage_of_run, write_reports
from tinytroupe_cli.api.run_outcome import RunOutcome
from tinytroupe_cli.core.errors import LimitReached, NothingToDo, RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.merging import PlannedMerge, merge_folders, missing_trials, plan_merge
from tinytroupe_cli.runs.run_lookup import folders_below

__all__ = ["MergedRun", "merge_runs"]

_Part = tuple[RunFolder, Manifest]


@dataclass(frozen=True)
class MergedRun:
    """A run joined from its shards."""

    plan: Plan
    experiment: str
    """The experiment's file, as typed."""
    text: str
    """Its content."""
    outcome: RunOutcome
    problem: str = ""
    """What is missing; empty if the run is complete."""


def merge_runs(sources: Sequence[Path], into: Path) -> list[MergedRun]:
    """Join the runs found in results folders, one for each experiment; writes nothing if there is an error in any.

    Of several runs of the same plan in one source, the newest counts. Raises `NothingToDo` if there is none, `RunError`
    for a damaged one and for parts that contradict each other.
    """
    groups: dict[str, list[_Part]] = {}
    for source in sources:
        newest: dict[str, _Part] = {}
        for part in sorted(_runs_in(source), key=lambda found: (found[1].started, found[0].path.name)):
            newest[part[1].hashes.get("plan", part[0].path.name)] = part
        for identity, part in newest.items():
            groups.setdefault(identity, []).append(part)
    if not groups:
        raise NothingToDo("there is no run to merge", hint="name the results folders of shards, as in shard-*/results")
    ordered = sorted(groups.values(), key=lambda parts: (parts[0][1].experiment, parts[0][0].path.name))
    planned = [(_planned(parts, into), [manifest for _, manifest in parts]) for parts in ordered]
    merged = [_merge(plan, manifests) for plan, manifests in planned]
    write_whole(into / ".gitignore", "*\n")
    return merged


def _runs_in(source: Path) -> list[_Part]:
    folder = RunFolder(source)
    if folder.manifest_file.is_file():
        return [(folder, folder.manifest())]
    if not source.is_dir():
        raise NothingToDo(f"there is no folder '{source}'", hint="name the results folders of shards")
    return [(folder, folder.manifest()) for folder in folders_below(source)]


def _planned(parts: Sequence[_Part], into: Path) -> PlannedMerge:
    folders, manifests = [folder for folder, _ in parts], [manifest for _, manifest in parts]
    first = manifests[0]
    if any(manifest.versions.get("troupe") != first.versions.get("troupe") for manifest in manifests):
        versions = ", ".join(sorted({manifest.versions.get("troupe", "unknown") for manifest in manifests}))
        raise RunError(f"the shards of {first.name} were run by different versions of troupe: {versions}")
    return plan_merge(folders, into / first.name / folders[0].path.resolve().name)


def _merge(plan: PlannedMerge, manifests: Sequence[Manifest]) -> MergedRun:
    first = manifests[0]
    folder = merge_folders(plan, first)
    left, planned = missing_trials(folder)
    spent = usage_of_run(folder)
    limit = next((manifest for manifest in manifests if manifest.status == "limit"), None) if left else None
    problem = f"{left} of {planned} trials are missing: a shard was not finished, or was left out" if left else ""
    ending = {"status": "limit" if limit else "stopped", "reason": limit.reason if limit else problem}
    joined = first.model_copy(
        update={
            **(ending if left else {"status": "finished", "reason": ""}),
            "started": min(manifest.started for manifest in manifests),
            "ended": max(manifest.ended for manifest in manifests),
            "sessions": max(manifest.sessions for manifest in manifests),
            "seconds": round(sum(manifest.seconds for manifest in manifests), 1),
            "command": _without_shard(first.command),
            "asked_again": sum(manifest.asked_again for manifest in manifests),
            "left": _sums(manifest.left for manifest in manifests),
            "notes": tuple(dict.fromkeys(note for manifest in manifests for note in manifest.notes)),
            "calls": spent.calls,
            "usd": spent.usd,
        }
    )
    results, reports = write_reports(folder, joined)
    folder.write_manifest(joined)
    bugs = (folder.bug_file(trial.id) for trial in with_extra_trials(folder.plan()).trials)
    outcome = RunOutcome(
        folder.path,
        results,
        tuple(reports),
        LimitReached(limit.reason) if limit else None,
        tuple(file for file in bugs if file.exists()),
    )
    return MergedRun(folder.planned(), first.experiment, folder.experiment_text(), outcome, problem)


def _sums(counted: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in counted:
        for kind, number in counts.items():
            total[kind] = total.get(kind, 0) + number
    return total


def _without_shard(command: str) -> str:
    """Return the command that would have run everything in one place."""
    words = shlex.split(command)
    kept = [
        word
        for place, word in enumerate(words)
        if word != "--shard" and not word.startswith("--shard=") and (place == 0 or words[place - 1] != "--shard")
    ]
    return shlex.join(kept)
