"""Conversations with a person of a run: in character, from their memory at a step; the run is not changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pydantic import JsonValue

from tinytroupe_cli.api.model_access import NullCallStore, ResolvedModels, open_models
from tinytroupe_cli.api.reporting import Recording, load_recording
from tinytroupe_cli.api.run import user_cache_path
from tinytroupe_cli.api.server_consent import refuse_unlisted_servers
from tinytroupe_cli.api.settings import Settings, resolve_settings
from tinytroupe_cli.api.trial_wiring import RunResources, build_minds
from tinytroupe_cli.core.errors import EnvironmentProblem, NothingToDo, RunError
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.models.port import AnswerSchema, CallStore
from tinytroupe_cli.models.preflight import check_models
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.prompts.catalog import PersonTalk, render
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.spec.roles import ChosenModel

__all__ = ["Conversation", "PersonSnapshot", "Reply", "find_person"]

_MAX_CHARACTERS: Final = 1_200
"""Characters; longer, repetitive answers would be lost entirely."""
_WORDS: Final = AnswerSchema.flat("answer", {"words": {"type": "string"}}, longest={"words": _MAX_CHARACTERS})


@dataclass(frozen=True)
class PersonSnapshot:
    """A person as they are after a step of a trial."""

    recorded: Recording
    trial: Trial
    person: str
    name: str
    step: int
    past: tuple[Event, ...]
    """Everything that happened up to the end of that step."""
    others: tuple[str, ...]
    """Other trials the person is part of."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person said, or why they said nothing."""

    words: str
    why_not: str = ""


def find_person(where: Path, name: str, *, at: int | None = None, trial: str = "") -> PersonSnapshot:
    """Find a person of a run, by id or name; by default in the first trial they took part in.

    `where` is a run's folder, or `results/NAME` or `results` for the newest run below it. Raises `NothingToDo`
    where there is no such run, person or trial, `RunError` for a step that wasn't played.
    """
    recorded = load_recording(where)
    person = recorded.person(name)
    theirs = [
        candidate for candidate in recorded.plan.trials if any(member.id == person for member in candidate.people)
    ]
    begun = [candidate for candidate in theirs if recorded.events[candidate.id]]
    chosen = recorded.trial(trial) if trial else next(iter(begun), theirs[0])
    if chosen not in theirs:
        hint = f"trials with them: {', '.join(candidate.id for candidate in theirs)}"
        raise NothingToDo(f"'{name}' does not take part in trial '{chosen.id}'", hint=hint)
    events = recorded.events[chosen.id]
    last = max((event.step for event in events), default=0)
    if not events:
        raise NothingToDo(f"trial '{chosen.id}' has not started", hint="run it with `troupe run`")
    if at is not None and not 0 <= at <= last:
        raise RunError(f"trial '{chosen.id}' did not reach step {at}", hint=f"steps: 0 (before the first) to {last}")
    step = last if at is None else at
    full = next(member.name for member in chosen.people if member.id == person)
    past = tuple(event for event in events if event.step <= step)
    return PersonSnapshot(
        recorded,
        chosen,
        person,
        full,
        step,
        past,
        tuple(candidate.id for candidate in theirs if candidate is not chosen),
    )


class Conversation:
    """A conversation with a person, as a context manager. It is remembered until its end only."""

    def __init__(
        self,
        whom: PersonSnapshot,
        *,
        project_dir: Path,
        env: Mapping[str, str],
        flags: Mapping[str, JsonValue] | None = None,
    ) -> None:
        """Prepare the conversation; raises `EnvironmentProblem` if the run's model can't be called here."""
        given = {name: value for name, value in (flags or {}).items() if value is not None}
        use, settings = whom.recorded.plan.models.people, resolve_settings(project_dir, given)
        refuse_unlisted_servers([use], settings, env)
        found = check_models([use], env, PriceTable(), max_usd=settings.max_cost)
        wrong = [finding for finding in found if finding.is_error]
        if wrong:
            raise EnvironmentProblem(wrong[0].message, hint=wrong[0].hint)
        self.whom = whom
        self.model = use.name
        self._ready = ResolvedModels({"people": ChosenModel(use, "the run")}, settings, settings.max_cost)
        self._secrets = Secrets(env, referring=whom.recorded.plan.model_dump_json(include={"models", "trials"}))
        self._said: list[tuple[str, str]] = []
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()

    def __enter__(self) -> Self:
        """Open the model."""
        self._runner.__enter__()
        self._mind = self._runner.run(self._enter())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        self._runner.run(self._open.aclose())
        self._runner.__exit__(kind, error, trace)

    def say(self, message: str) -> Reply:
        """Say something and return the reply."""
        answer = self._runner.run(self._ask(message))
        if isinstance(answer, NoAnswer):
            return Reply("", f"{answer.reason.replace('_', ' ')}: {answer.text}".strip(": "))
        self._said.append((message, answer))
        return Reply(answer)

    async def _enter(self) -> PersonMind:
        plan, trial = self.whom.recorded.plan, self.whom.trial
        store = _user_cache(self._ready.settings)
        if isinstance(store, SqliteCallStore):
            self._open.callback(store.close)
        chat = await self._open.enter_async_context(open_models(self._ready, store, self._secrets))
        return build_minds(trial, RunResources(plan, chat))[self.whom.person]

    async def _ask(self, message: str) -> str | NoAnswer:
        question = render("person/talk", PersonTalk(exchanges=tuple(self._said), message=message))
        answer = await self._mind.answer(self.whom.past, question, schema=_WORDS, sample=0, step=self.whom.step)
        return answer if isinstance(answer, NoAnswer) else str(answer.values["words"]).strip()


def _user_cache(settings: Settings) -> CallStore:
    """Return the user's cache: answers are never stored in the run."""
    if not settings.cache_enabled:
        return NullCallStore()
    return SqliteCallStore(user_cache_path(settings.cache_folder), keep_requests=False)
