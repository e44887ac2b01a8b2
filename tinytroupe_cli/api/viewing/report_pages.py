"""The reports of runs that are over, made from their folders and kept until a file of the run changes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from tinytroupe_cli.api.results import log_of_run, results_of_run
from tinytroupe_cli.api.viewing.file_stamps import Stamps, stamps
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.reports.html_report import html
from tinytroupe_cli.reports.page_templates import Served
from tinytroupe_cli.runs.folder import RunFolder

MAX_PAGES: Final = 8
"""Pages that are kept."""


class ReportPages:
    """Makes one report at a time; a report takes seconds where there is much to compute."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._making = threading.Lock()
        self._kept: dict[Path, tuple[Stamps, bytes | TroupeError]] = {}
        self._beginning = threading.Lock()
        self._thread: threading.Thread | None = None

    def page(self, folder: RunFolder) -> bytes:
        """Return the report of a run; raises `TroupeError` if it can't be read."""
        with self._making:
            now = stamps(folder)
            before = self._kept.pop(folder.path, None)
            made = before[1] if before is not None and before[0] == now else self._made(folder)
            self._kept[folder.path] = (now, made)
            while len(self._kept) > MAX_PAGES:
                self._kept.pop(next(iter(self._kept)))
        if isinstance(made, TroupeError):
            raise made
        return made

    def is_ready(self, folder: RunFolder) -> bool:
        """Return whether a report is there, which `page` makes anew if a file has changed since."""
        return folder.path in self._kept

    def prepare(self, folder: RunFolder) -> None:
        """Begin to make a report, unless one is being made."""
        with self._beginning:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._prepare, args=(folder,), daemon=True)
                self._thread.start()

    def _prepare(self, folder: RunFolder) -> None:
        try:
            self.page(folder)
        except TroupeError:
            return  # the page tells it

    def _made(self, folder: RunFolder) -> bytes | TroupeError:
        try:
            return html(results_of_run(folder), log_of_run(folder), self._served)
        except TroupeError as error:
            return error
