"""troupe view: shows runs in a browser; troupe run --view: shows a run while it is going."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.completions import RUNS
from tinytroupe_cli.cli.consent import can_ask
from tinytroupe_cli.cli.terminal import err, out

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.viewing.opened_viewer import OpenedViewer

PAUSE = 0.2
"""Seconds between two looks at whether a page is still open."""

Where = Annotated[Path, typer.Argument(help="A folder of runs, or one run's folder.", autocompletion=RUNS)]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to serve on; default: any that is free.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Only print the address.")]


def view(where: Where = Path("results"), *, port: Port = 0, no_browser: NoBrowser = False) -> None:
    """Show runs in a browser, also while they are going. Serves this machine alone, until Ctrl-C."""
    from tinytroupe_cli.api.viewing.opened_viewer import viewer_of

    viewer = viewer_of(where, port)
    out().print(viewer.address, markup=False)
    err().print("Serving this machine alone; Ctrl-C stops it.", markup=False)
    if not no_browser:
        open_browser(viewer)
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(PAUSE)
    viewer.stop()


@contextmanager
def beside(runs: Sequence[Prepared], *, is_wanted: bool) -> Generator[OpenedViewer | None]:
    """Serve runs while they are going and, once they have ended, as long as a page is open."""
    if not is_wanted or not runs:
        yield None
        return
    from tinytroupe_cli.api.viewing.opened_viewer import viewer_beside

    viewer = viewer_beside([prepared.results for prepared in runs])
    err().print(f"  Follow it at {viewer.address}", markup=False, soft_wrap=True)
    is_opened = open_browser(viewer)
    try:
        yield viewer
    except typer.Exit:  # the runs have ended, and been told of
        with suppress(KeyboardInterrupt):
            _serve_readers(viewer, is_expected=is_opened or can_ask())
        raise
    finally:
        viewer.stop()


def _serve_readers(viewer: OpenedViewer, *, is_expected: bool) -> None:
    """Serve until the last page is closed; if none was ever open, and somebody is expected, until one was."""
    if not viewer.has_readers and (viewer.had_readers or not is_expected):
        return
    err().print(f"  Still shown at {viewer.address}", markup=False, soft_wrap=True)
    err().print("  Close the page or press Ctrl-C to end; `troupe view` shows it again.", markup=False)
    while viewer.has_readers or not viewer.had_readers:
        time.sleep(PAUSE)


def open_browser(viewer: OpenedViewer) -> bool:
    """Open the first page in the user's browser; return whether that was possible."""
    import webbrowser

    if not (can_ask() and has_browser(os.environ, sys.platform)):
        return False
    try:
        return webbrowser.open(viewer.opening_address())
    except webbrowser.Error:
        return False


def has_browser(env: Mapping[str, str], platform: str) -> bool:
    """Return whether a window can be opened here: elsewhere a text browser would take the terminal over."""
    if platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in env
    return any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
