"""Reads what a finished or interrupted run found: results, reports and transcripts, from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.results import log_of_run, results_of_run, rewrite_reports, with_answer_costs
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import NothingToDo
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.reports.data_formats import require_formats
from tinytroupe_cli.reports.formats import FORMATS, files_of, format_name, format_named, render
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.runs.run_lookup import open_folder

__all__ = [
    "Recording",
    "Report",
    "Results",
    "load_recording",
    "load_results",
    "render_report",
    "write_format",
    "write_report",
]


@dataclass(frozen=True)
class Report:
    """The results, and where the report was written."""

    folder: Path
    results: Results
    markdown: Path
    json: Path

    @property
    def text(self) -> str:
        """Return the report as Markdown."""
        return self.markdown.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Recording:
    """The events of a run, trial by trial."""

    folder: Path
    plan: Plan
    events: Mapping[str, tuple[Event, ...]]
    """Trial id -> its events, in the order of the plan; empty if it has not started."""

    def trial(self, name: str) -> Trial:
        """Return a trial by its id; raises `NothingToDo` if it does not exist."""
        trials = {trial.id: trial for trial in self.plan.trials}
        if name not in trials:
            raise NothingToDo(f"no trial '{name}' in this run", hint=did_you_mean(name, trials, label="trials"))
        return trials[name]

    def person(self, name: str) -> str:
        """Return the id of a person by id or full name; raises `NothingToDo` for an unknown name."""
        people = {member.id: member.name for trial in self.plan.trials for member in trial.people}
        found = [person for person, full in people.items() if name.casefold() in {person.casefold(), full.casefold()}]
        if not found:
            hint = did_you_mean(name, [*people, *people.values()], label="people")
            raise NothingToDo(f"nobody called '{name}' takes part in this run", hint=hint)
        return found[0]


def write_report(where: Path) -> Report:
    """Rebuild results.json, report.md and all data of a run, without model calls.

    `where` is a run's folder, or `results/NAME` or `results` for the newest run below it.
    Raises `NothingToDo` if there is no run.
    """
    folder = open_folder(where)
    results, _ = rewrite_reports(folder)
    files = {name: folder.path / file for name, (file, *_) in FORMATS.items()}
    return Report(folder.path, results, files["markdown"], files["json"])


def render_report(where: Path, name: str) -> str:
    """Return a run's report in a format by name, without writing anything."""
    return render(load_results(where), name).decode()


def is_printed(name: str) -> bool:
    """Return whether a format is for the terminal, not for a data file; raises `RunError` where there is none."""
    return format_named(name).is_printed


def write_format(where: Path, name: str) -> Path:
    """Write a run's results in a format by name to its folder, and return the file; raises `RunError` if unknown."""
    folder = open_folder(where)
    require_formats([format_name(name)])
    results = with_answer_costs(folder, results_of_run(folder))
    for file, content in files_of(results, name, log_of_run(folder)).items():
        write_whole(folder.inside(file), content)
    return folder.path / format_named(name).file


def load_results(where: Path) -> Results:
    """Return a run's results without writing anything; `where` as for `write_report`."""
    return results_of_run(open_folder(where))


def load_recording(where: Path) -> Recording:
    """Read the events of a run; `where` as for `write_report`."""
    folder = open_folder(where)
    plan = folder.plan()
    return Recording(folder.path, plan, {trial.id: tuple(folder.events(trial.id)) for trial in plan.trials})
