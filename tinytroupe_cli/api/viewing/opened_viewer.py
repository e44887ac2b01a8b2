"""Opens a viewer for a folder of runs, or beside runs that are about to begin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tinytroupe_cli.api.viewing.view_server import ViewServer
from tinytroupe_cli.api.viewing.view_site import NOW, ViewSite
from tinytroupe_cli.api.viewing.viewed_runs import viewed, viewed_folders
from tinytroupe_cli.core.clock import WallClock

__all__ = ["OpenedViewer", "viewer_beside", "viewer_of"]


class OpenedViewer:
    """A server, and the page to begin with."""

    def __init__(self, site: ViewSite, start: str, port: int) -> None:
        self._site, self._start = site, start
        self._server = ViewServer(site, port)
        self._server.start()

    @property
    def address(self) -> str:
        """Return the address of the first page, which holds until the server stops."""
        return self._server.address(self._start)

    def opening_address(self) -> str:
        """Return an address of the first page that works once, for the browser's command line."""
        return self._server.opening_address(self._start)

    def follow(self, folder: Path) -> None:
        """Show this run, which has begun, on the first page."""
        self._site.follow(folder)

    @property
    def had_readers(self) -> bool:
        """Return whether a page was ever open."""
        return self._site.readers.had_any

    @property
    def has_readers(self) -> bool:
        """Return whether a page is open."""
        return self._site.readers.is_anyone_there()

    def stop(self) -> None:
        """Stop serving."""
        self._server.stop()


def viewer_of(where: Path, port: int = 0) -> OpenedViewer:
    """Serve a run, or all runs in a folder; raises `NothingToDo` if there is none."""
    site = ViewSite(viewed(where), WallClock())
    return OpenedViewer(site, site.start, port)


def viewer_beside(results: Sequence[Path]) -> OpenedViewer:
    """Serve runs that are about to begin, and those in their folders; with one, its page comes first."""
    return OpenedViewer(ViewSite(viewed_folders(results), WallClock()), NOW if len(results) == 1 else "", 0)
