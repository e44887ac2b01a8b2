"""The pages of `troupe view` that are no report: the list of runs, and a page that says why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.page_templates import Served, assets, page

RunKind = Literal["running", "finished", "unfinished", "unreadable"]


class RunCard(Frozen):
    """A run, as the list shows it."""

    key: str
    """`name/folder`: what it is known by on the server."""
    address: str
    """Of its page, relative to the list."""
    title: str
    started: str = ""
    """ISO 8601; empty: not known."""
    kind: RunKind
    state: str
    """The kind in words."""
    answer: str = ""
    """The answer to its title; empty: it is not finished, or asked nothing."""
    facts: tuple[str, ...] = ()
    """People, progress, cost and folder."""
    problem: str = ""
    """Why it can't be shown, or has not finished."""
    hint: str = ""
    """What to do about it."""


def runs_page(cards: Sequence[RunCard], where: str) -> bytes:
    """Return the list of runs in a folder."""
    return page(
        "runs.html.jinja", {"title": "Runs", "cards": cards, "where": where, "served": Served("./"), **assets("runs")}
    )


def notice_page(title: str, message: str, served: Served, *, hint: str = "", is_waiting: bool = False) -> bytes:
    """Return a page with a message; one that waits is replaced when there is something to show."""
    told = {"title": title, "message": message, "hint": hint, "is_waiting": is_waiting}
    return page("notice.html.jinja", {**told, "served": served, **assets("runs")})
