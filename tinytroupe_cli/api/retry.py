"""Decides what `--retry` asks again: unusable replies, refusals, and failed calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import get_args

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.events.types import Event, Failed, Refused
from tinytroupe_cli.models.port import Again
from tinytroupe_cli.reports.shortfall import RetryKind
from tinytroupe_cli.spec.error_text import either

__all__ = ["RETRIES", "RetryKind", "retry_kinds"]

RETRIES: tuple[RetryKind, ...] = get_args(RetryKind)

_BAD = {"bad_output", "cut_off"}
_FAILED = {"unreachable", "rejected", "too_long"}


def retry_kinds(written: Iterable[str]) -> frozenset[RetryKind]:
    """Parse the option: `bad,refused`, or each on its own; raises `RunError` for anything else."""
    words = [word.strip().lower() for text in written for word in text.split(",")]
    for word in words:
        if word not in RETRIES:
            hint = did_you_mean(word, RETRIES, label="kinds")
            raise RunError(f"--retry expects {either(RETRIES)}, got '{word}'", hint=hint)
    return frozenset(kind for kind in RETRIES if kind in words)


def kinds_to_retry(kinds: Iterable[RetryKind]) -> frozenset[Again]:
    """Return the kinds of stored replies to ask for again; failed calls are not stored, or forgotten at once."""
    return frozenset(kind for kind in kinds if kind != "failed")


def needs_rerun(kinds: frozenset[RetryKind]) -> Callable[[Sequence[Event]], bool]:
    """Return a function that tells whether a finished trial is run again when its run is resumed.

    A trial is, if something in it is to be asked again or the provider failed, since that call has no answer yet.
    """

    def again(events: Sequence[Event]) -> bool:
        return any(_is_wanted(event, kinds) for event in events)

    return again


def _is_wanted(event: Event, kinds: frozenset[RetryKind]) -> bool:
    match event:
        case Refused():
            return "refused" in kinds
        case Failed(reason=reason):
            return (
                reason == "unreachable"
                or (reason in _BAD and "bad" in kinds)
                or (reason in _FAILED and "failed" in kinds)
            )
        case _:
            return False
