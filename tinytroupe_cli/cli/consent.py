"""Asks before an experiment's code runs or much money is spent; without a terminal, refuses and names the flag."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from tinytroupe_cli.cli.terminal import err, printable

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Compiled
    from tinytroupe_cli.api.preparing import Prepared


def ask_for_code(all_compiled: Iterable[Compiled]) -> None:
    """Ask, once for each project and its files, whether code may run; raises `RunError` where it may not."""
    from tinytroupe_cli.api.code_consent import code_request, remember_code

    for compiled in all_compiled:
        request = code_request(compiled)
        if request is None:
            continue
        if not can_ask():
            raise request.refusal()
        err().print(f"{request.experiment} runs code on this machine, with your permissions:", markup=False)
        for use in request.uses:
            err().print(printable(f"  - {use.sentence}"), markup=False)
            for file in use.files:
                err().print(printable(f"      {file}"), markup=False)
        if not _agrees("Run it? Your answer is remembered until one of these files changes."):
            raise request.refusal()
        remember_code(request)


def ask_for_cost(runs: Sequence[Prepared], *, agreed: bool) -> None:
    """Ask whether runs may cost more than `[run] ask_above`; raises `RunError` where nobody can answer."""
    from tinytroupe_cli.api.cost_consent import cost_question

    question = None if agreed else cost_question(runs, is_terminal=can_ask())
    if question is None:
        return
    if not can_ask():
        raise question.refusal
    if not _agrees(printable(question.words)):
        raise question.refusal


def _agrees(question: str) -> bool:
    """Ask; no answer is a no."""
    try:
        return typer.confirm(question, default=False, err=True)
    except typer.Abort:
        return False


def can_ask() -> bool:
    """Return whether somebody is there to answer: a terminal that is not a CI job's."""
    return sys.stdin.isatty() and sys.stderr.isatty() and os.environ.get("CI", "").lower() in ("", "0", "false")
