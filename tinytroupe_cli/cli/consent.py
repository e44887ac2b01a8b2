"""Asks before an experiment's code runs; without a terminal, refuses and names the flag."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from tinytroupe_cli.cli.terminal import err, printable

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Compiled


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
        if not typer.confirm("Run it? Your answer holds until one of these files changes.", default=False, err=True):
            raise request.refusal()
        remember_code(request)


def can_ask() -> bool:
    """Return whether somebody is there to answer: a terminal that is not a CI job's."""
    return sys.stdin.isatty() and sys.stderr.isatty() and os.environ.get("CI", "").lower() in ("", "0", "false")
