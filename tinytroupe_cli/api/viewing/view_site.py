"""What is at which address of a viewer: the list, a page for each run, and what these pages ask for.

Knows nothing of HTTP but the parts of an address that was let in.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from tinytroupe_cli.api.history import status_of
from tinytroupe_cli.api.viewing.live_run import LiveRun
from tinytroupe_cli.api.viewing.readers import Readers
from tinytroupe_cli.api.viewing.report_pages import ReportPages
from tinytroupe_cli.api.viewing.run_cards import RunCards
from tinytroupe_cli.api.viewing.trouble_words import trouble_of
from tinytroupe_cli.api.viewing.viewed_runs import ViewedRuns, address_of, key_of
from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.reports.figures import humanized
from tinytroupe_cli.reports.measure_words import capitalized
from tinytroupe_cli.reports.page_assets import PageName
from tinytroupe_cli.reports.page_templates import Served
from tinytroupe_cli.reports.view_pages import notice_page, runs_page
from tinytroupe_cli.runs.folder import RunFolder

NOW: Final = "now"
"""The address of the run that `troupe run --view` is at."""
_OVER: Final = "The run has ended. Its report is being made …"


class Reply(NamedTuple):
    """What is sent back."""

    status: int
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    page: PageName | None = None
    """Which page it is, so that its style sheet and script alone are allowed."""
    to: str = ""
    """Where the browser is sent, relative to the address it asked for."""


def html_reply(page: PageName, body: bytes, status: int = 200) -> Reply:
    """Return a page."""
    return Reply(status, body, "text/html; charset=utf-8", page)


class ViewSite:
    """Answers requests for the pages of some runs."""

    def __init__(self, runs: ViewedRuns, clock: Clock) -> None:
        self._runs, self._clock = runs, clock
        self._served = Served("../../../", has_list=runs.only is None)
        self._cards = RunCards(runs, clock)
        self._reports = ReportPages(self._served)
        self._live: dict[Path, LiveRun] = {}
        self._lock = threading.Lock()
        self._current: Path | None = None
        self.readers = Readers(clock)

    def follow(self, folder: Path) -> None:
        """Show this run at the address `now`."""
        self._current = folder

    @property
    def start(self) -> str:
        """Return the address to begin with: that of the list, or of the only run."""
        return "" if self._runs.only is None else address_of(key_of(self._runs.only.path))

    def reply(self, parts: list[str], query: Mapping[str, str]) -> Reply:
        """Return the reply for an address in parts."""
        with self.readers.asking():
            match parts:
                case [""] if self.start:
                    return Reply(303, to=self.start)
                case [""]:
                    where = ", ".join(_as_typed(folder) for folder in self._runs.where)
                    return html_reply("runs", runs_page(self._cards.read(), where))
                case [name] if name == NOW:
                    return self._now()
                case ["open" | "left" as what]:
                    return self._heard(what, query.get("page", ""))
                case ["runs", name, folder, "" | "state" as what]:
                    found = self._runs.all().get(f"{name}/{folder}")
                    if found is not None:
                        return self._page(found) if what == "" else self._state(found, query.get("since", ""))
                case _:
                    pass
            return Reply(404, b"There is no such page.\n")

    def _now(self) -> Reply:
        if self._current is not None:
            return Reply(303, to=address_of(key_of(self._current)))
        waiting = notice_page("Getting ready", "The run has not begun yet.", Served("./"), is_waiting=True)
        return html_reply("runs", waiting)

    def _heard(self, what: str, page: str) -> Reply:
        if what == "open":
            self.readers.opened(page)
        else:
            self.readers.left(page)
        return Reply(204)

    def _page(self, folder: RunFolder) -> Reply:
        try:
            if _is_going(folder):
                return html_reply("live", self._live_run(folder).page(self._served))
            return html_reply("served_report", self._reports.page(folder))
        except (TroupeError, OSError) as error:
            problem, hint = trouble_of(error)
            title = f"{capitalized(humanized(folder.path.resolve().parent.name))} can't be shown"
            return html_reply("runs", notice_page(title, problem, self._served, hint=hint))

    def _state(self, folder: RunFolder, since: str) -> Reply:
        """Return what is new; when the run is over, whether its report is ready."""
        try:
            if _is_going(folder):
                number = int(since) if since.isascii() and since.isdigit() else 0
                return _json({"is_over": False, **self._live_run(folder).news(number)})
        except (TroupeError, OSError):
            return _json({"is_over": True, "is_ready": True, "frame": ""})  # the page says why
        self._live.pop(folder.path, None)
        is_ready = self._reports.is_ready(folder)
        if not is_ready:
            self._reports.prepare(folder)
        return _json({"is_over": True, "is_ready": is_ready, "status": _OVER, "frame": ""})

    def _live_run(self, folder: RunFolder) -> LiveRun:
        with self._lock:
            return self._live.setdefault(folder.path, LiveRun(folder, self._clock))


def _as_typed(folder: Path) -> str:
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)


def _is_going(folder: RunFolder) -> bool:
    return status_of(folder, folder.manifest()) == "running"


def _json(content: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=utf-8")
