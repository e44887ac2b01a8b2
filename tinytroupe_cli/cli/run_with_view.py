"""Runs an experiment and shows it: the preview, the live view, then the conclusion."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.consent import ask_for_code
from tinytroupe_cli.cli.outcome import outcome_lines, with_next_command
from tinytroupe_cli.cli.terminal import err, printable
from tinytroupe_cli.core.errors import EnvironmentProblem, ModelError

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.run import RunOutcome, Snapshot

Accounts = Callable[[], "Snapshot"]
"""Return what a run has spent so far."""


def run_with_view(
    prepared: Prepared,
    *,
    quiet: bool,
    json_lines: bool = False,
    on_accounts: Callable[[Accounts], None] = lambda _accounts: None,
    on_folder: Callable[[Path], None] = lambda _folder: None,
) -> RunOutcome:
    """Run an experiment with progress on stderr.

    `on_accounts` and `on_folder` receive its accounts and its folder when they exist.
    """
    from tinytroupe_cli.api.run import RunListener, run_prepared
    from tinytroupe_cli.cli.progress import view_for
    from tinytroupe_cli.cli.run_preview import show_opening

    ask_for_code([prepared.compiled])
    if not quiet:
        show_opening(prepared)
    command = shlex.join(["troupe", *sys.argv[1:]])
    with view_for(prepared, is_quiet=quiet, is_json=json_lines) as view:

        def on_start(folder: Path, accounts: Accounts) -> None:
            on_accounts(accounts)
            on_folder(folder)
            view.on_start(folder, accounts)

        try:
            listener = RunListener(on_start, view.on_event, view.on_note, view.on_person, view.on_stopping)
            return run_prepared(prepared, listener, command=command)
        except KeyboardInterrupt:
            view.on_interrupt(command)
            raise
        except (ModelError, EnvironmentProblem) as error:
            error.hint = with_next_command(error.hint, command)
            raise


def print_outcome(outcome: RunOutcome, *, quiet: bool) -> None:
    """Print the outcome of a run to stderr."""
    from tinytroupe_cli.cli.summary import reasons, show_conclusion

    if not quiet and not outcome.shard:
        show_conclusion(outcome)
    if not quiet and outcome.shard:
        trials = sum(trial.status == "finished" for trial in outcome.results.trials)
        err().print(f"\n  Shard {outcome.shard}: {trials} of {len(outcome.results.trials)} trials are finished.")
    for line in (*(reasons(outcome) if quiet else ()), *outcome_lines(outcome)):
        err().print(printable(line), markup=False)
