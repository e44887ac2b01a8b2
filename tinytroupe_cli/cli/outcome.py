"""The outcome of a run: its exit code, and the words that go with it.

A bug of ours counts before a limit, a limit before a run that gave too little, and that before an expectation.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.errors import BUG, EXPECTATION_FAILED, LIMIT, PASSED, PROVIDER
from tinytroupe_cli.cli.terminal import relative_path
from tinytroupe_cli.core.errors import WITHOUT_OFFLINE

if TYPE_CHECKING:
    from tinytroupe_cli.api.ci_reports import Inconclusive
    from tinytroupe_cli.api.run import RunOutcome


def outcome_code(outcome: RunOutcome, inconclusive: Inconclusive | None = None) -> int:
    """Return the exit code of a run; a shard's expectations are judged only once it is merged.

    `inconclusive`: what inconclusive expectations count as; None: what their figures say.
    """
    from tinytroupe_cli.api.run import has_failed_expectation, shortfall

    if outcome.bugs:
        return BUG
    if outcome.limit is not None:
        return LIMIT
    if shortfall(outcome.results) is not None:
        return PROVIDER
    if outcome.shard:
        return PASSED
    return EXPECTATION_FAILED if has_failed_expectation(outcome.results, inconclusive) else PASSED


def outcome_lines(outcome: RunOutcome) -> Iterator[str]:
    """Yield what keeps a run from being a success, and what asks again what it lacks; nothing where all is well."""
    from tinytroupe_cli.api.run import shortfall

    yield from _bugs(outcome)
    origin = outcome.results.provenance
    short = shortfall(outcome.results) if outcome.limit is None and not outcome.bugs else None
    if origin.asked_again:
        yield f"{_replies(origin.asked_again)} that could not be used {_was(origin.asked_again)} asked for again."
    if short is not None:
        yield from (f"error: {line}" if number == 0 else line for number, line in enumerate(short.says))
        if short.retry:
            yield "Finished work is kept; this command asks only for the rest:"
            yield f"  {command_again(origin.command, short.retry)}"
        if short.advice:
            yield f"hint: {short.advice}"
    yield from _left(outcome, is_told=short is not None and bool(short.retry))


def command_again(command: str, kinds: Iterable[str]) -> str:
    """Return the typed command with `--retry` for some kinds of answers."""
    words = shlex.split(command)
    if words[1:2] != ["run"]:
        return command
    kept: list[str] = []
    for number, word in enumerate(words):
        if word != "--retry" and not word.startswith("--retry=") and (number == 0 or words[number - 1] != "--retry"):
            kept.append(word)
    return f"{shlex.join(kept)} --retry {','.join(kinds)}"


def with_next_command(hint: str, command: str) -> str:
    """Add the command that resumes the run to an error's hint."""
    if hint == WITHOUT_OFFLINE:
        words = [word for word in shlex.split(command) if word != "--offline"]
        return f"{hint}: {shlex.join(words)} (finished work is kept)"
    way = f"finished work is kept; resume with: {command}"
    return f"{hint}; {way}" if hint else way


def _bugs(outcome: RunOutcome) -> Iterator[str]:
    if not outcome.bugs:
        return
    quantity = len(outcome.bugs)
    trials = "a trial was" if quantity == 1 else f"{quantity} trials were"
    yield f"bug: {trials} ended by a bug in troupe; the others ran. The details are in"
    yield from (f"  {relative_path(file)}" for file in outcome.bugs)
    yield "Please report it. The same command runs only what is missing."


def _left(outcome: RunOutcome, *, is_told: bool) -> Iterator[str]:
    """List the unusable cached replies, with the command that asks for them again."""
    origin = outcome.results.provenance
    for kind, number in origin.left.items():
        verb = {"bad": "can't be used", "refused": "is a refusal" if number == 1 else "are refusals"}[kind]
        yield f"{_replies(number)} that {verb} came from an earlier run and {_was(number)} not asked for again."
    if origin.left and not is_told:
        yield f"This command asks for {'it' if sum(origin.left.values()) == 1 else 'them'} again:"
        yield f"  {command_again(origin.command, origin.left)}"


def _replies(quantity: int) -> str:
    return "1 reply" if quantity == 1 else f"{quantity:,} replies"


def _was(quantity: int) -> str:
    return "was" if quantity == 1 else "were"
