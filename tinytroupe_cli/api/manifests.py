"""Builds a run's manifest: the plan, the models and the settings."""

from __future__ import annotations

from tinytroupe_cli.api.local_models import local_settings
from tinytroupe_cli.api.locking import LockCheck
from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.api.settings import setting_values
from tinytroupe_cli.api.versions import versions
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.runs.manifest import Manifest

__all__ = ["build_manifest"]


def build_manifest(prepared: Prepared, command: str, before: Manifest | None, *, started: str) -> Manifest:
    """Return the manifest of a new run or, given the one `before`, of a resumed run."""
    compiled, plan = prepared.compiled, prepared.plan
    named = {"people": plan.models.people, "judge": plan.models.judge, "author": plan.models.author}
    named |= {"embeddings": plan.models.embeddings, "ratings": plan.models.ratings}
    roles = {role: use for role, use in named.items() if use is not None}
    settings = compiled.settings
    found = prepared.lock
    # A run that is resumed keeps the lock with which it began.
    lock = found if before is None else LockCheck(before.lock, before.deviations) if before.lock else None
    return Manifest(
        name=plan.name,
        status="running",
        notes=before.notes if before else (),
        started=before.started if before else started,
        sessions=before.sessions + 1 if before else 1,
        asked_again=before.asked_again if before else 0,
        lock=lock.record if lock else None,
        deviations=lock.deviations if lock else (),
        command=command,
        experiment=str(compiled.path),
        parent=prepared.parent.name if prepared.parent else before.parent if before else "",
        at=prepared.parent.at if prepared.parent else before.at if before else 0,
        versions=versions(),
        hashes={"plan": plan_hash(plan), "prompts": plan.prompts, "prices": prepared.prices.sha256},
        models={
            role: {**use.model_dump(exclude_none=True), "origin": compiled.origins.get(role, "default")}
            for role, use in roles.items()
        },
        on_this_machine=local_settings(plan),
        settings={
            name: {"value": prepared.secrets.hide_in(value), "origin": settings.origins[name]}
            for name, value in setting_values(settings).items()
            if not name.startswith("trust.")  # what a user allows is no part of a run
        },
    )
