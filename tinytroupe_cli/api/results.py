"""Builds results and reports from a run's folder: its plan, its events and its accounts alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tinytroupe_cli.core.bounded_files import read_regular
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.plan.baseline_trials import extra_kinds, prefix, with_extra_trials
from tinytroupe_cli.plan.instrument import instrument_hash
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.answer_costs import AskedCall, answer_costs
from tinytroupe_cli.reports.artifacts import artifact_files
from tinytroupe_cli.reports.codings import coding_sheets
from tinytroupe_cli.reports.csv_files import as_csv, table_csv
from tinytroupe_cli.reports.data_formats import DATA_FORMATS
from tinytroupe_cli.reports.datasets import dataset_jsonl
from tinytroupe_cli.reports.formats import files_of
from tinytroupe_cli.reports.provenance import EndStatus, Provenance
from tinytroupe_cli.reports.results import Results, has_failed_expectation
from tinytroupe_cli.reports.results_builder import BranchesOfRuns, build_results
from tinytroupe_cli.reports.run_log import RecordedCall, RunLog
from tinytroupe_cli.reports.shortfall import Shortfall, shortfall
from tinytroupe_cli.reports.usage import ModelUsage, PartUsage, PurposeUsage, RunUsage, baseline_usage, usage_of_parts
from tinytroupe_cli.runs.calibrations import read_calibrations
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.damage import what_is_left
from tinytroupe_cli.runs.external_calls import recorded_external_calls
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import is_finished
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.spec.baselines import ExtraKind

__all__ = [
    "Results",
    "Shortfall",
    "check_whole",
    "has_failed_expectation",
    "log_of_run",
    "results_of_run",
    "rewrite_reports",
    "shortfall",
    "usage_of_run",
    "with_answer_costs",
    "write_reports",
]

_CALLS_HINT = (
    "`troupe repair RUN` keeps the answers that can be read; or rename the file and run `troupe report` again: "
    "only the costs will be missing"
)


def results_of_run(folder: RunFolder, manifest: Manifest | None = None) -> Results:
    """Build a run's results; the same folder gives the same bytes, as long as its instrument is not calibrated anew.

    `manifest` is the one about to be written; None: the folder's.
    """
    plan = folder.plan()
    events = {trial.id: folder.events(trial.id) for trial in with_extra_trials(plan).trials}
    manifest = manifest or folder.manifest()
    if manifest.status == "finished":
        check_whole(folder, events)
    accounts, origin = usage_of_run(folder, manifest.seconds, extra_kinds(plan), plan), _provenance(folder, manifest)
    known = read_calibrations(folder.path.resolve().parent.parent, instrument_hash(folder.planned()))
    return build_results(
        plan,
        events,
        accounts,
        origin,
        seconds=_seconds(folder),
        after=folder.after(),
        calibrations=known,
        branches=_branches(folder),
    )


def _branches(folder: RunFolder) -> BranchesOfRuns | None:
    """Return what the other runs of a multiverse found; None: nothing, so far."""
    if not folder.branches_file.exists():
        return None
    try:
        return BranchesOfRuns.model_validate_json(read_regular(folder.branches_file))
    except (ValueError, OSError) as error:
        hint = "delete it, and run the experiment again: stored answers are used"
        raise RunError(f"'{folder.branches_file}' can't be read", hint=hint) from error


def check_whole(folder: RunFolder, events: Mapping[str, Sequence[Event]]) -> None:
    """Raise `RunError` if part of a finished run is missing: a report of the rest would look complete."""
    for trial, happened in events.items():
        if not is_finished(happened):
            message = f"'{folder.events_file(trial)}' is damaged: the run finished, but the end of the file is missing"
            raise RunError(message, hint=what_is_left(folder.path))


def _seconds(folder: RunFolder) -> dict[tuple[str, str, int, str], float]:
    """Return how long each exchange with a system took."""
    calls = [call for call in recorded_external_calls(folder.outside) if call.kind == "system"]
    return {(call.trial, call.person, call.step, call.name): call.kept.seconds for call in calls}


def usage_of_run(
    folder: RunFolder, seconds: float | None = None, baselines: Sequence[ExtraKind] = (), plan: Plan | None = None
) -> RunUsage:
    """Sum up a run's usage over all its sessions; that of its baselines is counted apart too.

    With a plan, also by person and by condition.
    """
    if not folder.calls.exists():
        return RunUsage()
    store = SqliteCallStore(folder.calls, hint=_CALLS_HINT)
    try:
        models = tuple(
            ModelUsage(
                model=spent.model,
                calls=spent.calls,
                reused=spent.reused,
                usage=spent.usage,
                usd=spent.usd,
                is_local=spent.model.startswith("local/"),
            )
            for spent in store.spent()
        )
        purposes = tuple(
            PurposeUsage(what=what, calls=calls, reused=reused, usd=usd)
            for what, calls, reused, usd in store.spent_on()
        )
        apart: list[tuple[ExtraKind, int, int, float | None]] = [
            (kind, *store.spent_in(prefix(kind))) for kind in baselines
        ]
        people, conditions = _usage_of_parts(store, plan) if plan else ((), ())
    finally:
        store.close()
    whole = RunUsage(models=models, purposes=purposes, people=people, conditions=conditions, seconds=seconds)
    return baseline_usage(whole, apart)


def _usage_of_parts(store: SqliteCallStore, plan: Plan) -> tuple[tuple[PartUsage, ...], tuple[PartUsage, ...]]:
    """Return the usage by person and, with several conditions, by condition."""
    people = {"": "", **{member.id: member.id for member in plan.cast}}
    trials = {trial.id: trial.condition for trial in plan.trials if trial.condition} if len(plan.conditions) > 1 else {}
    by_person = usage_of_parts(store.spent_per("person"), people)
    return tuple(sorted(by_person, key=lambda part: not part.name)), tuple(
        usage_of_parts(store.spent_per("trial"), trials)
    )


def with_answer_costs(folder: RunFolder, results: Results) -> Results:
    """Return results in which each answer has its share of the calls that asked for it, as data files have it."""
    if not folder.calls.exists():
        return results
    store = SqliteCallStore(folder.calls, hint=_CALLS_HINT)
    try:
        costs = answer_costs(folder.plan(), (AskedCall(*call) for call in store.asked()))
    finally:
        store.close()
    return results.model_copy(update={"answer_costs": costs})


def log_of_run(folder: RunFolder) -> RunLog:
    """Return a run's events, and its calls when they are asked for."""
    plan = folder.plan()
    return RunLog(
        events={trial.id: folder.events(trial.id) for trial in plan.trials},
        calls=lambda: _recorded_calls(folder),
        images={image.name: image.data for image in plan.images},
    )


def _recorded_calls(folder: RunFolder) -> Iterator[RecordedCall]:
    if not folder.calls.exists():
        return
    store = SqliteCallStore(folder.calls)
    try:
        yield from (RecordedCall(*row) for row in store.recorded())
    finally:
        store.close()


def write_reports(folder: RunFolder, manifest: Manifest) -> tuple[Results, list[Path]]:
    """Write every report the plan asks for, and the data, to the run's folder; always results.json."""
    plan = folder.plan()
    return _written(folder, manifest, plan, plan.formats)


def rewrite_reports(folder: RunFolder) -> tuple[Results, list[Path]]:
    """Rewrite the reports of a run, report.md in any case."""
    plan = folder.plan()
    return _written(folder, folder.manifest(), plan, ("markdown", *plan.formats))


def _written(folder: RunFolder, manifest: Manifest, plan: Plan, formats: Sequence[str]) -> tuple[Results, list[Path]]:
    results, log = results_of_run(folder, manifest), log_of_run(folder) if "html" in formats else RunLog()
    costed = with_answer_costs(folder, results) if any(name in DATA_FORMATS for name in formats) else results
    files: dict[str, bytes] = {}
    for name in dict.fromkeys(("json", *formats)):
        files |= files_of(costed, name, log)
    files |= {table.file: table_csv(table) for table in results.tables}
    files |= {file: as_csv(header, rows) for file, (header, rows) in coding_sheets(plan, folder.after()).items()}
    if results.dataset is not None or results.documents:
        events = {trial.id: folder.events(trial.id) for trial in plan.trials}
        files |= artifact_files(plan, events)
        if results.dataset is not None:
            files[results.dataset.file] = dataset_jsonl(plan, events)
    paths = {folder.inside(file): content for file, content in files.items()}
    for path, content in paths.items():
        write_whole(path, content)
    return results, [*paths]


def _provenance(folder: RunFolder, manifest: Manifest) -> Provenance:
    status: EndStatus = "interrupted" if manifest.status == "running" else manifest.status
    path = folder.path.resolve()
    return Provenance(
        run=f"{path.parent.name}/{path.name}",  # not as typed: a report is the same from wherever it is built
        status=status,
        reason=manifest.reason,
        started=re.sub(r"\.\d+", "", manifest.started),  # in whole seconds
        ended=manifest.ended,
        versions=manifest.versions,
        hashes=manifest.hashes,
        parent=manifest.parent,
        at=manifest.at,
        asked_again=manifest.asked_again,
        left=manifest.left,
        command=manifest.command,
        lock=manifest.lock,
        deviations=manifest.deviations,
        notes=manifest.notes,
    )
