"""Prepares a branch: a new run from a step of another, with a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.api.planning import Compiled
from tinytroupe_cli.api.preparing import Prepared, models_needed, prepare
from tinytroupe_cli.api.reporting import Recording, load_recording
from tinytroupe_cli.api.server_consent import refuse_unlisted_servers
from tinytroupe_cli.api.settings import Settings, resolve_settings
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.branch import BranchChange, BranchOrigin, branch_plan
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.lock import is_locked

__all__ = ["BranchRequest", "prepare_branch"]


@dataclass(frozen=True)
class BranchRequest:
    """A change as the user typed it."""

    at: int
    say: str = ""
    source: str = "the moderator"
    to: tuple[str, ...] = ()
    """Ids or full names."""
    sets: tuple[str, ...] = ()
    """`lisa.emotions=angry`."""


def prepare_branch(
    where: Path,
    wish: BranchRequest,
    *,
    env: Mapping[str, str],
    project_dir: Path,
    flags: Mapping[str, JsonValue] | None = None,
    is_offline: bool = False,
) -> Prepared:
    """Prepare a branch; the same request again resumes an interrupted branch.

    Raises `RunError` for a request that can't be met, and whatever `prepare` raises.
    """
    recorded = load_recording(where)
    parent = RunFolder(recorded.folder)
    if is_locked(parent.lock):
        raise RunError(f"'{parent.path}' is still being written", hint="wait for it to end, or stop it")
    plan = branch_plan(parent.planned(), _change(recorded, wish))
    settings = resolve_settings(
        project_dir, {name: value for name, value in (flags or {}).items() if value is not None}
    )
    refuse_unlisted_servers(models_needed(plan, is_writing=True), settings, env)
    compiled = _compiled(parent, plan, project_dir, settings)
    prepared = prepare(compiled, env=env, folder=project_dir, is_offline=is_offline)
    return replace(prepared, parent=BranchOrigin(parent, wish.at))


def _change(recorded: Recording, wish: BranchRequest) -> BranchChange:
    steps = max(trial.world.steps for trial in recorded.plan.trials)
    if not 1 <= wish.at <= steps:
        raise RunError(f"there is no step {wish.at} to start from", hint=f"steps: 1 to {steps}")
    if not wish.say.strip() and not wish.sets:
        raise RunError("a branch needs a change", hint='add --say "…" or --set lisa.emotions=angry')
    known = {member.id: member.name for trial in recorded.plan.trials for member in trial.people}
    own = [person for person, name in known.items() if wish.source.casefold() in {person.casefold(), name.casefold()}]
    return BranchChange(
        at=wish.at,
        say=wish.say,
        source=own[0] if own else wish.source,
        to=tuple(recorded.person(name) for name in wish.to),
        sets=tuple(_set(recorded, text, list(known)) for text in wish.sets),
    )


def _set(recorded: Recording, text: str, people: Sequence[str]) -> tuple[str, str, JsonValue]:
    """Parse `lisa.emotions=angry`."""
    path, equals, value = text.partition("=")
    person, dot, field = path.strip().partition(".")
    if not equals or not dot or not field:
        raise RunError(
            f"--set expects PERSON.FIELD=VALUE, got '{text}'", hint=f"for example, {people[0]}.emotions=angry"
        )
    return recorded.person(person), field, plain_scalar(value.strip())


def _compiled(parent: RunFolder, plan: Plan, project_dir: Path, settings: Settings) -> Compiled:
    manifest = parent.manifest()
    if settings.origins.get("run.max_cost") == "--max-cost":
        plan = plan.model_copy(update={"limits": plan.limits.model_copy(update={"usd": settings.max_cost})})
    path = Path(manifest.experiment)
    if not manifest.experiment or not (project_dir / path).is_file():
        path = parent.experiment_file
    origins = {role: str(model.get("origin", "the parent run")) for role, model in manifest.models.items()}
    return Compiled(path, parent.experiment_text(), plan, settings, {**settings.origins, **origins}, ())
