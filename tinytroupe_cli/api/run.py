"""Runs an experiment: the composition root, which builds everything and passes it on."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from tinytroupe_cli.api.answer_cache import open_user_cache, user_adaptation_files, user_cache_path
from tinytroupe_cli.api.code_consent import refuse_unasked_code
from tinytroupe_cli.api.interrupts import InterruptPolicy, run_until_interrupted
from tinytroupe_cli.api.local_models import local_embeddings, local_provider
from tinytroupe_cli.api.manifests import build_manifest
from tinytroupe_cli.api.people_generation import GenerationProgress, generate_for_plan
from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.api.results import (
    Results,
    Shortfall,
    has_failed_expectation,
    shortfall,
    usage_of_run,
    write_reports,
)
from tinytroupe_cli.api.retry import kinds_to_retry, needs_rerun
from tinytroupe_cli.api.run_outcome import RunListener, RunOutcome
from tinytroupe_cli.api.system_pool import open_systems
from tinytroupe_cli.api.toolbox import open_toolbox
from tinytroupe_cli.api.trial_wiring import RunResources, fresh_respondents, trial_runner
from tinytroupe_cli.api.wording_generation import wordings_for_plan
from tinytroupe_cli.core.clock import Clock, WallClock
from tinytroupe_cli.core.errors import LimitReached, TroupeError
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.models.adaptations import Adaptations
from tinytroupe_cli.models.asked_again import Retries
from tinytroupe_cli.models.gate import Gate
from tinytroupe_cli.models.ledger import Ledger, Snapshot, Spend, SpendLimits
from tinytroupe_cli.models.limiter import Limiter
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.models.providers import OfflineProvider, Provider, ProviderRouter
from tinytroupe_cli.models.stack import build_stack
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.plan.drawn_people import with_people
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.plan.written_wordings import is_missing, with_wordings
from tinytroupe_cli.runs.adding_people import run_blocks
from tinytroupe_cli.runs.branch import copy_history, inherited_stores
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.executors import EXECUTORS, IsDone
from tinytroupe_cli.runs.folder import RunFolder, create_folder, plan_lock
from tinytroupe_cli.runs.journal import is_finished
from tinytroupe_cli.runs.lock import locked
from tinytroupe_cli.runs.manifest import RunStatus
from tinytroupe_cli.runs.postprocessing import run_postprocessing
from tinytroupe_cli.runs.wordings_file import read_wordings, write_wordings

__all__ = [
    "Event",
    "GenerationProgress",
    "Results",
    "RunListener",
    "RunOutcome",
    "Shortfall",
    "Snapshot",
    "has_failed_expectation",
    "run_prepared",
    "shortfall",
    "user_cache_path",
]


def run_prepared(
    prepared: Prepared, listener: RunListener | None = None, *, command: str = "", clock: Clock | None = None
) -> RunOutcome:
    """Run a prepared experiment to its end and write its reports.

    Raises `RunError` if it would run code that is not allowed. A limit ends it in good order. Whatever else ends it is
    raised, `KeyboardInterrupt` for Ctrl-C; the run's folder is then valid and the same command continues it.
    """
    refuse_unasked_code(prepared.compiled)
    clock = clock or WallClock()
    since = clock.date().isoformat(timespec="seconds")
    with locked(plan_lock(prepared.results, prepared.plan), what="a run of this experiment", since=since):
        session = _RunSession(prepared, command, clock)
        with locked(session.folder.lock, since=since):
            return session.run(listener or RunListener())


class _RunSession:
    """One process's work on a run: from opening its folder to closing its manifest."""

    def __init__(self, prepared: Prepared, command: str, clock: Clock) -> None:
        self._prepared = prepared
        self._clock = clock
        self._began = clock.seconds()
        before = prepared.resumed.manifest() if prepared.resumed else None
        self._before = before.seconds if before else 0.0
        self._adaptations = Adaptations()
        self._secrets = prepared.secrets
        self._manifest = build_manifest(
            prepared, self._secrets.hide(command), before, started=clock.date().isoformat(timespec="milliseconds")
        )
        self._retries = Retries(kinds_to_retry(prepared.retry))
        self.folder = prepared.resumed or self._new_folder()

    def run(self, listener: RunListener) -> RunOutcome:
        """Run, and leave a manifest that says how it ended, whatever happens."""
        self.folder.write_plan(self._prepared.plan)  # limits may have been raised since
        self.folder.write_manifest(self._manifest.model_copy(update={"seconds": self._before}))
        limit: LimitReached | None = None
        try:
            asyncio.run(self._run_in_good_order(listener))
        except LimitReached as reached:
            limit = reached
        except (KeyboardInterrupt, asyncio.CancelledError):
            self._end("interrupted", "stopped by the user")
            raise KeyboardInterrupt from None
        except TroupeError as error:
            self._end("stopped", error.message)
            raise
        except BaseException as error:
            self._end("stopped", f"{type(error).__name__}: {error}")
            raise
        bugs = self._bugs()
        if bugs:
            results, reports = self._end("stopped", f"trials ended by a bug in troupe: {len(bugs)}")
        elif limit is None and not self._is_complete():
            results, reports = self._end("stopped", f"only shard {self._prepared.shard} was run here")
        else:
            results, reports = self._end("limit" if limit else "finished", limit.message if limit else "")
        return RunOutcome(self.folder.path, results, tuple(reports), limit, bugs, self._prepared.shard)

    def _is_complete(self) -> bool:
        """Return whether every trial was run, here or in an earlier session; only a shard leaves some out."""
        if self._prepared.shard_trials is None:
            return True
        trials = with_extra_trials(self.folder.plan()).trials
        return all(is_finished(self.folder.legible_events(trial.id)) for trial in trials)

    def _bugs(self) -> tuple[Path, ...]:
        files = (self.folder.bug_file(trial.id) for trial in with_extra_trials(self._prepared.plan).trials)
        return tuple(file for file in files if file.exists())

    async def _run_in_good_order(self, listener: RunListener) -> None:
        provider, gate, limiter = self._provider()
        patience = InterruptPolicy(self._prepared.compiled.settings.drain, self._prepared.plan.limits.minutes)
        await run_until_interrupted(self._run(provider, limiter, listener), gate, patience, listener.on_stopping)

    async def _run(self, provider: Provider, limiter: Limiter, listener: RunListener) -> None:
        compiled, plan = self._prepared.compiled, self._prepared.plan
        store = SqliteCallStore(self.folder.calls)
        cache = inherited_stores(self.folder, open_user_cache(compiled.settings))
        for stored in (store, cache) if "failed" in self._prepared.retry else ():
            if stored is not None:
                stored.forget_too_long()
        ledger = Ledger(self._clock, _bounds(plan), spent=_spent(self.folder))
        adaptations = self._adaptations = Adaptations(listener.on_note)
        adaptation_files = [*user_adaptation_files(compiled.settings), self.folder.adaptations]
        for path in adaptation_files:
            adaptations.read(path, self._clock.date())
        try:
            chat = build_stack(
                limiter,
                store=store,
                cache=cache,
                ledger=ledger,
                prices=self._prepared.prices,
                clock=self._clock,
                attempts=compiled.settings.attempts,
                retries=self._retries,
                adaptations=adaptations,
            )
            listener.on_start(self.folder.path, ledger.snapshot)
            plan = await self._cast(await self._word(plan, chat), chat, listener)
            await self._play(plan, chat, listener)
        finally:
            for path in adaptation_files:
                adaptations.write(path, self._clock.date())
            await provider.aclose()
            store.close()
            if cache is not None:
                cache.close()

    async def _play(self, plan: Plan, chat: ChatModel, listener: RunListener) -> None:
        """Play all trials, block by block where people are added, and ask what is asked afterwards."""
        whole = with_extra_trials(plan)
        async with open_systems(self._prepared, whole, self.folder, chat, self._clock) as systems:
            with open_toolbox(self._prepared, whole, self.folder, self._clock) as toolbox:
                backstage = RunResources(whole, chat, toolbox, systems)
                run_trial, hide, is_done = trial_runner(backstage), self._secrets.hide, self._is_done()

                async def run_part(part: Plan) -> None:
                    played, watch = self._in_shard(with_extra_trials(part)), listener.on_event
                    await EXECUTORS["here"](played, self.folder, run_trial, watch, is_done=is_done, hide=hide)

                plan = await run_blocks(plan, self.folder, run_part, listener.on_note)
        if not self._bugs() and self._is_complete():
            await run_postprocessing(plan, self.folder, chat, fresh_respondents(backstage))

    def _in_shard(self, plan: Plan) -> Plan:
        """Return the plan with the trials of this shard alone."""
        own = self._prepared.shard_trials
        if own is None:
            return plan
        return plan.model_copy(update={"trials": tuple(trial for trial in plan.trials if trial.id in own)})

    async def _word(self, plan: Plan, chat: ChatModel) -> Plan:
        """Put the wordings that a model writes into the plan; once written, they change only by hand."""
        if not is_missing(plan):
            return plan
        if not self.folder.wordings_file.exists():
            write_wordings(self.folder.wordings_file, await wordings_for_plan(plan, chat))
        return with_wordings(plan, read_wordings(self.folder.wordings_file))

    async def _cast(self, plan: Plan, chat: ChatModel, listener: RunListener) -> Plan:
        """Put the people of populations into the plan; once generated, a run's people never change."""
        if not plan.populations:
            return plan
        people = self.folder.people()
        if people is None:
            people = await generate_for_plan(plan, chat, self._prepared.project_dir, listener.on_person)
            self.folder.write_people(people)
        return with_people(plan, people)

    def _is_done(self) -> IsDone:
        """Return a function that tells whether a trial needs no run; postprocessing of the others is redone."""
        again = needs_rerun(self._prepared.retry)
        trials = with_extra_trials(self._prepared.plan).trials
        if any(again(self.folder.legible_events(trial.id)) for trial in trials):
            self.folder.after_file.unlink(missing_ok=True)
        return lambda events: is_finished(events) and not again(events)

    def _provider(self) -> tuple[Provider, Gate, Limiter]:
        fixed = self._prepared.compiled.settings.concurrency
        if self._prepared.is_offline:
            offline = OfflineProvider()
            gate = Gate(offline)
            return offline, gate, Limiter(gate, self._clock, fixed, self._prepared.lanes)
        images = {image.name: image.data for image in self._prepared.plan.images}
        remote = LiteLLMProvider(images=images, secrets=self._secrets)
        providers = ProviderRouter(local=local_provider(), embeddings=local_embeddings(), remote=remote)
        gate = Gate(providers)
        limiter = Limiter(gate, self._clock, fixed, self._prepared.lanes)
        remote.on_headers = limiter.observe
        remote.remarked = self._note
        return providers, gate, limiter

    def _note(self, sentence: str) -> None:
        self._adaptations.note(sentence)

    def _new_folder(self) -> RunFolder:
        compiled, parent = self._prepared.compiled, self._prepared.parent
        source = parent.folder if parent else self._prepared.retried
        return create_folder(
            self._prepared.results,
            compiled.plan,
            self._manifest,
            text=compiled.text,
            date=self._clock.date(),
            fill=partial(copy_history, source) if source else lambda _path: None,
        )

    def _end(self, status: RunStatus, reason: str) -> tuple[Results, list[Path]]:
        """Write the reports, then the end of the run: a kill in between leaves a run that can be resumed."""
        spent = usage_of_run(self.folder)
        changes = {
            "status": status,
            "reason": self._secrets.hide(reason),
            "ended": self._clock.date().isoformat(timespec="seconds"),
            "seconds": round(self._before + self._clock.seconds() - self._began, 1),
            "calls": spent.calls,
            "usd": spent.usd,
            "asked_again": self._manifest.asked_again + self._retries.asked,
            "left": dict(self._retries.not_retried),
            "notes": tuple(dict.fromkeys((*self._manifest.notes, *self._adaptations.notes))),
        }
        manifest = self._manifest.model_copy(update=changes)
        try:
            return write_reports(self.folder, manifest)
        except KeyboardInterrupt:  # its reports are missing: the same command writes them
            manifest = manifest.model_copy(update={"status": "interrupted", "reason": "stopped by the user"})
            raise
        finally:
            self.folder.write_manifest(manifest)


def _bounds(plan: Plan) -> SpendLimits:
    return SpendLimits(plan.limits.usd, plan.limits.tokens, plan.limits.calls, plan.limits.minutes)


def _spent(folder: RunFolder) -> Spend:
    """Return the spending of a run's earlier sessions."""
    accounts = usage_of_run(folder)
    tokens = accounts.usage.prompt + accounts.usage.completion
    return Spend(sum(model.usd or 0.0 for model in accounts.models), tokens, accounts.calls - accounts.reused)
