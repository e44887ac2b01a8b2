"""The list of runs: how each of them went, from its folder.

What a run's files say is kept until they change. That a finished run's log is whole is found out by reading all of it:
a few runs each time the list is asked for, as there may be hundreds.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from tinytroupe_cli.api.history import status_of
from tinytroupe_cli.api.results import check_whole
from tinytroupe_cli.api.viewing.file_stamps import Stamps, stamps
from tinytroupe_cli.api.viewing.run_figures import cost_in_words, spent, trials_done
from tinytroupe_cli.api.viewing.trouble_words import sentence, trouble_of
from tinytroupe_cli.api.viewing.viewed_runs import ViewedRuns, address_of
from tinytroupe_cli.core.bounded_files import read_regular
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.plan.baseline_trials import with_extra_trials
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.figures import humanized
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.live_page import title_of
from tinytroupe_cli.reports.measure_words import capitalized
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.view_pages import RunCard, RunKind
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.manifest import Manifest

CHECKING: Final = 0.4
"""Seconds that reading whole logs may take for one list."""
_STATES: Final[dict[str, tuple[RunKind, str]]] = {
    "running": ("running", "Running"),
    "finished": ("finished", "Finished"),
    "interrupted": ("unfinished", "Interrupted"),
    "limit": ("unfinished", "Stopped at a limit"),
    "stopped": ("unfinished", "Stopped"),
    "killed": ("unfinished", "Ended unexpectedly"),
}


class RunCards:
    """The cards of all runs."""

    def __init__(self, runs: ViewedRuns, clock: Clock) -> None:
        self._runs, self._clock = runs, clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Stamps, RunCard]] = {}
        self._checked: dict[str, tuple[Stamps, TroupeError | None]] = {}

    def read(self) -> list[RunCard]:
        """Return a card for each run, newest first."""
        with self._lock:
            until = self._clock.seconds() + CHECKING
            folders = self._runs.all()
            found = [self._card(key, folder) for key, folder in folders.items()]
            found.sort(key=lambda card: (card.started or card.key.partition("/")[2], card.key), reverse=True)
            return [self._checked_card(card, folders[card.key], until) for card in found]

    def _card(self, key: str, folder: RunFolder) -> RunCard:
        now = stamps(folder)
        before = self._known.get(key)
        if before is not None and before[0] == now and before[1].kind == "finished":
            return before[1]
        try:
            card = _read(key, folder)
        except (TroupeError, OSError) as error:
            card = unreadable_card(key, error)
        self._known[key] = (now, card)
        return card

    def _checked_card(self, card: RunCard, folder: RunFolder, until: float) -> RunCard:
        """Return the card; if its log turns out to be damaged, that of a run that can't be read."""
        if card.kind not in ("finished", "unfinished"):
            return card
        now, _ = self._known[card.key]
        before = self._checked.get(card.key)
        if before is None or before[0] != now:
            if self._clock.seconds() > until:
                return card
            before = self._checked[card.key] = (now, _damage(folder))
        return card if before[1] is None else unreadable_card(card.key, before[1], title=card.title)


def unreadable_card(key: str, error: Exception, *, title: str = "") -> RunCard:
    """Return the card of a run that can't be read: why, and what to do."""
    name = key.partition("/")[0]
    return RunCard(
        key=key,
        address=address_of(key),
        title=title or capitalized(humanized(name)),
        kind="unreadable",
        state="Unreadable",
        problem=trouble_of(error).problem,
        hint=trouble_of(error).hint,
        facts=(key,),
    )


def _damage(folder: RunFolder) -> TroupeError | None:
    """Return why the logs of a run can't be read; None: they can."""
    try:
        plan, manifest = folder.plan(), folder.manifest()
        events = {trial.id: folder.events(trial.id) for trial in with_extra_trials(plan).trials}
        if manifest.status == "finished":
            check_whole(folder, events)
    except TroupeError as error:
        return error
    return None


def _read(key: str, folder: RunFolder) -> RunCard:
    manifest, plan = folder.manifest(), folder.plan()
    kind, state = _STATES[status_of(folder, manifest)]
    return RunCard(
        key=key,
        address=address_of(key),
        title=title_of(plan),
        started=manifest.started,
        kind=kind,
        state=state,
        answer=_answer(folder.path) if kind == "finished" else "",
        facts=_facts(key, folder, plan, manifest, is_going=kind == "running"),
        problem=sentence(manifest.reason) if kind == "unfinished" else "",
        hint=f"`{manifest.command}` continues it." if kind == "unfinished" and manifest.command else "",
    )


def _facts(key: str, folder: RunFolder, plan: Plan, manifest: Manifest, *, is_going: bool) -> tuple[str, ...]:
    trials = count(len(plan.trials), "trial")
    calls, usd = spent(folder, manifest)
    cost = cost_in_words(plan, usd)
    return (
        *([count(len(plan.cast), "person", "people")] if plan.cast else []),
        trials if manifest.status == "finished" else f"{trials_done(folder, plan):,} of {trials} done",
        *([f"{count(calls, 'call')} so far"] if is_going else []),
        "cost unknown" if cost == "unknown" else cost,
        key,
    )


def _answer(path: Path) -> str:
    """Return the answer to the title as results.json has it; empty: it has none, or another version wrote it."""
    try:
        found = headline(Results.model_validate_json(read_regular(path / "results.json")))
    except (OSError, ValueError):
        return ""
    return found.sentence if found else ""
