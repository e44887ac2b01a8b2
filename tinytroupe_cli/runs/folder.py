"""RunFolder: every path of a run; only this module knows them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tinytroupe_cli.core.bounded_files import read_regular
from tinytroupe_cli.core.errors import EnvironmentProblem, RunError
from tinytroupe_cli.core.files import sync_folder, write_whole
from tinytroupe_cli.events.postprocessing import PostEvent, decode_all
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.plan.added_people import with_blocks
from tinytroupe_cli.plan.drawn_people import WrittenPeople, with_people
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.plan.written_wordings import with_wordings
from tinytroupe_cli.runs.damage import STILL_THERE, damaged_file_error, what_is_left
from tinytroupe_cli.runs.journal import read_events
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.wordings_file import read_wordings

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run's folder."""

    path: Path

    @property
    def experiment_file(self) -> Path:
        """The experiment as it was when the run started."""
        return self.path / "experiment.yaml"

    def experiment_text(self) -> str:
        """Read the experiment; raises `RunError` if it can't be read."""
        try:
            return read_regular(self.experiment_file).decode()
        except (OSError, ValueError) as error:
            raise RunError(f"'{self.experiment_file}' is damaged", hint=STILL_THERE) from error

    @property
    def plan_file(self) -> Path:
        """The plan, without what is generated during the run."""
        return self.path / "plan.json"

    @property
    def manifest_file(self) -> Path:
        """What was run, and how it ended."""
        return self.path / "manifest.json"

    @property
    def calls(self) -> Path:
        """Every completion."""
        return self.path / "calls.sqlite"

    @property
    def outside(self) -> Path:
        """Answers of systems and tools; exists only if there are any."""
        return self.path / "outside.sqlite"

    @property
    def adaptations(self) -> Path:
        """What was learned about models' servers."""
        return self.path / "adaptations.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.path / ".lock"

    @property
    def after_file(self) -> Path:
        """Results of postprocessing, after the trials."""
        return self.path / "after.jsonl"

    def after(self) -> list[PostEvent]:
        """Read the results of postprocessing; empty if there are none yet."""
        try:
            return decode_all(read_regular(self.after_file)) if self.after_file.exists() else []
        except (ValueError, OSError) as error:
            raise RunError(f"'{self.after_file}' is damaged", hint=what_is_left(self.path)) from error

    @property
    def branches_file(self) -> Path:
        """What the other runs of a multiverse found; exists only once they are over."""
        return self.path / "multiverse.json"

    @property
    def inherited(self) -> Path:
        """Answers of the parent; exists in branches only."""
        return self.path / "inherited"

    @property
    def trials(self) -> Path:
        """A folder for each trial that has started."""
        return self.path / "trials"

    @property
    def has_events(self) -> bool:
        """Whether any trial has started."""
        return next(self.trials.glob("*/events.jsonl"), None) is not None

    def inside(self, name: str) -> Path:
        """Return the path of a file with a name from the plan; raises `RunError` if it leads out of the folder."""
        path = self.path / name
        if not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(self.path)):
            hint = "this run's files were changed: don't use it"
            raise RunError(f"'{name}' is outside the run's folder '{self.path}'", hint=hint)
        return path

    def events_file(self, trial: str) -> Path:
        """Return a trial's journal."""
        return self.inside(f"{self.trials.name}/{trial}/events.jsonl")

    def bug_file(self, trial: str) -> Path:
        """Return the report of a bug that broke a trial off; exists only after one."""
        return self.inside(f"{self.trials.name}/{trial}/bug.txt")

    def manifest(self) -> Manifest:
        """Read the manifest; raises `RunError` if this is not a run."""
        try:
            written = read_regular(self.manifest_file)
        except OSError as error:
            raise RunError(f"'{self.path}' is not a run's folder", hint="`troupe runs` lists them") from error
        try:
            return Manifest.model_validate_json(written)
        except ValueError as error:
            raise damaged_file_error(self.manifest_file, written) from error

    @property
    def people_file(self) -> Path:
        """The people generated for this run, by id."""
        return self.path / "people.json"

    @property
    def wordings_file(self) -> Path:
        """The wordings that a model wrote for this run."""
        return self.path / "wordings.yaml"

    def plan(self) -> Plan:
        """Read the plan, with everyone and all wordings generated since, and without blocks that have not begun."""
        plan = with_wordings(self.planned(), read_wordings(self.wordings_file))
        plan, written = with_blocks(plan, self.block_count()), self.people()
        return plan if written is None else with_people(plan, written)

    @property
    def blocks_file(self) -> Path:
        """How many blocks of people have begun, in a run to which people are added."""
        return self.path / "blocks.json"

    def block_count(self) -> int:
        """Read how many blocks of people have begun, at least one."""
        try:
            return int(json.loads(read_regular(self.blocks_file))["begun"]) if self.blocks_file.exists() else 1
        except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
            hint = "delete it and run the same command again: the blocks are analyzed again"
            raise RunError(f"'{self.blocks_file}' can't be read", hint=hint) from error

    def write_block_count(self, count: int) -> None:
        """Write how many blocks have begun; those of an earlier session stay."""
        if count > self.block_count() or not self.blocks_file.exists():
            write_whole(self.blocks_file, json.dumps({"begun": count}) + "\n")

    def people(self) -> WrittenPeople | None:
        """Read the people generated for this run; None if they are not complete yet."""
        if not self.people_file.exists():
            return None
        try:
            return WrittenPeople.model_validate_json(read_regular(self.people_file))
        except (ValueError, OSError) as error:
            raise RunError(f"'{self.people_file}' can't be read", hint="delete it, and it is created again") from error

    def write_people(self, people: WrittenPeople) -> None:
        """Write the generated people; they never change during the run."""
        write_whole(self.people_file, people.model_dump_json(indent=1) + "\n")

    def planned(self) -> Plan:
        """Read the plan as it was when the run started."""
        file = self.plan_file
        try:
            written = read_regular(file)
        except OSError as error:
            raise RunError(f"'{self.path}' contains no plan: {error.strerror or error}", hint=STILL_THERE) from error
        try:
            return Plan.model_validate_json(written)
        except ValueError as error:
            raise damaged_file_error(file, written) from error

    def events(self, trial: str) -> list[Event]:
        """Read the events of a trial; empty if it has not started."""
        return read_events(self.events_file(trial))

    def legible_events(self, trial: str) -> list[Event]:
        """Read the events of a trial; empty if its journal is damaged, so that the trial is run again."""
        try:
            return self.events(trial)
        except RunError:
            return []

    def write_plan(self, plan: Plan) -> None:
        """Write the plan."""
        write_whole(self.plan_file, plan.model_dump_json(indent=1) + "\n")

    def write_images(self, plan: Plan) -> None:
        """Put every picture people are shown next to the plan, for readers of the report."""
        for image in plan.images:
            path = self.inside(f"images/{image.name}")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(base64.b64decode(image.data.partition(",")[2]))

    def write_manifest(self, manifest: Manifest) -> None:
        """Replace the manifest."""
        write_whole(self.manifest_file, manifest.model_dump_json(indent=2) + "\n")


def plan_lock(results: Path, plan: Plan) -> Path:
    """Return the lock held while a plan runs: two at once would ask everything twice.

    Raises `EnvironmentProblem` where runs can't be kept there.
    """
    folder = results / plan.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder for runs, '{folder}', can't be created: {error.strerror or error}"
        hint = "choose another with --results, or with [run] results in config.ini"
        raise EnvironmentProblem(message, hint=hint) from error
    return folder / f".lock-{plan_hash(plan)[:8]}"


def create_folder(
    results: Path,
    plan: Plan,
    manifest: Manifest,
    *,
    text: str,
    date: datetime,
    fill: Callable[[Path], None] = lambda _path: None,
) -> RunFolder:
    """Create a new run's folder and point `latest` to it; `fill` adds files before it appears.

    It appears complete with plan, experiment and manifest, or, after a kill, not at all.
    """
    path = _fresh(results / plan.name / f"{date:%Y-%m-%dT%H-%M-%S}-{manifest.hashes['plan'][:4]}")
    draft = RunFolder(path.with_name(f".{path.name}.{os.getpid()}"))
    draft.path.parent.mkdir(parents=True, exist_ok=True)
    draft.path.mkdir(mode=0o700)  # it holds every answer and all that people were told
    draft.trials.mkdir()
    write_whole(draft.experiment_file, text)
    draft.write_plan(plan)
    draft.write_images(plan)
    fill(draft.path)
    draft.write_manifest(manifest)
    if not (results / ".gitignore").exists():  # `results` may be a folder with files of the user's
        write_whole(results / ".gitignore", "*\n")
    draft.path.replace(path)
    for folder in (path, path.parent, results, results.parent):
        sync_folder(folder)
    point_latest(path)
    return RunFolder(path)


def _fresh(path: Path) -> Path:
    """Return an unused path: two runs may start in the same second."""
    number = 2
    fresh = path
    while fresh.exists():
        fresh = path.with_name(f"{path.name}-{number}")
        number += 1
    return fresh


def point_latest(path: Path) -> None:
    """Point `latest` to a run; where links are not supported, `latest` is a text file."""
    link = path.parent / LATEST
    if link.is_dir() and not link.is_symlink():
        return  # a copy made without links: it isn't ours to delete
    draft = path.parent / f".{LATEST}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    try:
        draft.symlink_to(path.name)
    except OSError:
        draft.write_text(path.name + "\n")
    draft.replace(link)
