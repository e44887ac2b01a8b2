"""Chooses how a run is shown: live on a terminal, plain lines elsewhere; JSON lines or nothing on request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.json_lines import JsonLines
from tinytroupe_cli.cli.live_view import LiveView
from tinytroupe_cli.cli.outline import outline_of
from tinytroupe_cli.cli.plain_lines import PlainLines
from tinytroupe_cli.cli.terminal import err
from tinytroupe_cli.cli.view import NullView, View

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared

MAX_TURNS = 150
"""Largest number of turns whose messages are all kept on screen."""


def view_for(prepared: Prepared, *, is_quiet: bool, is_json: bool) -> View:
    """Return the view for a run."""
    if is_json:
        return JsonLines(prepared.plan.name)
    if is_quiet:
        return NullView()
    outline = outline_of(prepared)
    says = min(outline.turns, prepared.estimate.calls.high) <= MAX_TURNS
    if err().is_terminal and os.environ.get("TERM") != "dumb":
        return LiveView(outline, says=says)
    return PlainLines(outline, says=says)
