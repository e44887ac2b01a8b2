"""Checks a run before it starts: what would stop it, and which run it resumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tinytroupe_cli.api.estimating import Estimate, estimate_plan
from tinytroupe_cli.api.locking import LockCheck, check_lock
from tinytroupe_cli.api.people_generation import not_generated
from tinytroupe_cli.api.planning import Compiled
from tinytroupe_cli.api.retry import RetryKind
from tinytroupe_cli.core.errors import Fatal
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.models.limiter import ProviderSlots
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.preflight import Finding, check_models, keys_set, role_mismatches
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.plan.planned_interventions import claims_in
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.plan.written_wordings import is_missing
from tinytroupe_cli.preview.estimate.system_calls import models_of_systems
from tinytroupe_cli.reports.data_formats import require_formats
from tinytroupe_cli.runs.branch import BranchOrigin
from tinytroupe_cli.runs.drift import finished_run, refuse_drift, unfinished_run
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.run_lookup import open_folder

__all__ = ["Prepared", "keys_set", "models_needed", "prepare"]


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to start."""

    compiled: Compiled
    estimate: Estimate
    resumed: RunFolder | None
    """The unfinished run to resume; None: a new one."""
    findings: tuple[Finding, ...]
    """Warnings about the models; errors have been raised."""
    results: Path
    prices: PriceTable
    is_offline: bool
    project_dir: Path = Path()
    """The folder the command runs in."""
    not_generated: frozenset[str] = frozenset()
    """Sampled people not yet generated."""
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values of `${env:NAME}` in the addresses of systems."""
    parent: BranchOrigin | None = None
    """The run it branches from."""
    retry: frozenset[RetryKind] = frozenset()
    """What is asked again."""
    lock: LockCheck | None = None
    """The lock beside the experiment; None: there is none."""
    retried: RunFolder | None = None
    """The finished run whose answers are reused, except those asked again."""
    shard: str = ""
    """The shard that runs here, such as `2/3`; empty: everything runs here."""
    shard_trials: frozenset[str] | None = None
    """The trials of the shard; None: all."""
    lanes: dict[str, ProviderSlots] = field(default_factory=dict[str, ProviderSlots])
    """What earlier runs of the same command learned about providers' rate limits."""

    @cached_property
    def secrets(self) -> Secrets:
        """What may be neither printed nor written: keys, passwords, and values the plan refers to."""
        return Secrets(self.env, referring=self.plan.model_dump_json(include={"models", "trials", "outputs"}))

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.compiled.plan

    @property
    def models(self) -> tuple[ModelConfig, ...]:
        """The models the plan needs, each once."""
        return models_needed(self.plan, is_writing=bool(self.not_generated))


def prepare(
    compiled: Compiled,
    *,
    env: Mapping[str, str],
    folder: Path,
    resume: Path | None = None,
    is_offline: bool = False,
    retry: frozenset[RetryKind] = frozenset(),
) -> Prepared:
    """Check for whatever would stop the run, before any money is spent.

    Raises `Fatal` for a model that can't work, `RunError` for a run that can't be continued, and `EnvironmentProblem`
    for a report format whose library is missing.
    """
    plan = compiled.plan
    require_formats(plan.formats)
    prices = PriceTable({use: (price.input, price.output, price.cached) for use, price in plan.prices.items()})
    results = folder / compiled.settings.results
    left = not_generated(plan, folder)
    needed = models_needed(plan, is_writing=bool(left))
    found = [] if is_offline else check_models(needed, env, prices, max_usd=plan.limits.usd)
    found += role_mismatches(_roles(plan), prices)
    wrong = [finding for finding in found if finding.is_error]
    if wrong:
        raise Fatal("; ".join(finding.message for finding in wrong), hint=wrong[0].hint)
    if resume is not None:
        resumed = open_folder(folder / resume)
        refuse_drift(resumed, plan)
    else:
        resumed = unfinished_run(results, plan)
    expected = estimate_plan(plan, folder)
    prepared = Prepared(compiled, expected, resumed, tuple(found), results, prices, is_offline, folder, left, env)
    retried = finished_run(results, plan) if retry and resumed is None else None
    return replace(prepared, retry=retry, retried=retried, lock=check_lock(compiled, results))


def _roles(plan: Plan) -> dict[str, ModelConfig]:
    """Return the models by role."""
    models = plan.models
    embeddings = {"embeddings": models.embedding_models[0]} if models.embedding_models else {}
    return {"people": models.people, "judge": models.judge, **embeddings}


def models_needed(plan: Plan, *, is_writing: bool = False) -> tuple[ModelConfig, ...]:
    """Return the models a plan calls, each once; the judge's and the author's only if they are used."""
    is_judged = any(query.procedure != "interview" for trial in plan.trials for query in trial.queries)
    is_judged |= any(claims_in(intervention.when) for trial in plan.trials for intervention in trial.interventions)
    is_judged |= any(trial.quality is not None and bool(trial.quality.least) for trial in plan.trials)
    is_judged |= bool(plan.outputs.categories or plan.outputs.codings) or is_missing(plan)
    is_enriched = any(tool.enrich for trial in plan.trials for person in trial.people for tool in person.tools)
    author = [plan.models.author] if is_writing or is_enriched or plan.outputs.story else []
    judge = [plan.models.judge] if is_judged else []
    coders = [one.second for one in plan.outputs.codings if one.second is not None]
    others = [*plan.models.embedding_models, *models_of_systems(plan), *coders]
    return tuple(dict.fromkeys([plan.models.people, *judge, *author, *others]))
