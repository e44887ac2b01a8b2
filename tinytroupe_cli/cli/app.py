"""The command `troupe`: a table of commands; only the module of the command that runs is imported."""

from __future__ import annotations

import copy
import importlib
import os
import re
import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from tinytroupe_cli.cli import shell_completion
from tinytroupe_cli.cli.errors import with_exit_codes


class Command(NamedTuple):
    """Where a command is defined, and its one-line help."""

    module: str
    attribute: str
    help: str
    panel: str
    is_group: bool = False


COMMANDS: dict[str, Command] = {
    "init": Command("project", "init", "Create a project with one experiment, one person and one fragment.", "Begin"),
    "doctor": Command(
        "doctor", "doctor", "Show the configuration, where each value comes from, and what is missing.", "Begin"
    ),
    "check": Command("check", "check", "Check files and report every error.", "Experiments"),
    "plan": Command("plan", "plan", "Preview a run: participants, questions, calls and cost.", "Experiments"),
    "power": Command("power", "power", "Show how many people a comparison needs, and the cost.", "Experiments"),
    "lock": Command("lock", "lock", "Lock an experiment before running it (preregistration).", "Experiments"),
    "calibrate": Command(
        "calibrate", "calibrate", "Show how often an experiment finds a difference where there is none.", "Experiments"
    ),
    "run": Command("run", "run", "Run experiments, or resume an interrupted run.", "Experiments"),
    "merge": Command("merge", "merge", "Join the runs of shards (troupe run --shard).", "Experiments"),
    "report": Command("report", "report", "Rebuild and show a run's report, without model calls.", "Results"),
    "view": Command("viewer", "view", "Show runs in a browser, even while they are in progress.", "Results"),
    "export": Command("export", "export", "Write a run's answers for statistics programs and spreadsheets.", "Results"),
    "show": Command("show", "show", "Print a run's transcript, by person or step.", "Results"),
    "ask": Command("talk", "ask", "Ask a person in a run a question; the run is not changed.", "Results"),
    "chat": Command("talk", "chat", "Chat with a person in a run, as they were after any step.", "Results"),
    "branch": Command("branch", "branch", "Start a new run from a step of another run, with a change.", "Results"),
    "compare": Command(
        "compare", "compare", "Compare two runs, or a measure between conditions or groups of people.", "Results"
    ),
    "baseline": Command("baseline", "app", "Store a run to compare later runs with.", "Results", is_group=True),
    "runs": Command("runs", "runs", "List runs.", "Results"),
    "repair": Command("repair", "repair", "Repair a run whose files were damaged.", "Results"),
    "persona": Command(
        "persona", "app", "Create, list, show, check, sample and validate people.", "People and models", is_group=True
    ),
    "population": Command(
        "population_profile",
        "app",
        "Profile a population: margins, copies, associations.",
        "People and models",
        is_group=True,
    ),
    "fragment": Command(
        "fragment", "app", "List and show fragments (reusable parts of personas).", "People and models", is_group=True
    ),
    "enrich": Command("texts", "enrich", "Expand a text using a model.", "People and models"),
    "restyle": Command("texts", "restyle", "Rewrite a text in another style using a model.", "People and models"),
    "model": Command(
        "model",
        "app",
        "List, select, download, test and remove models on this machine.",
        "People and models",
        is_group=True,
    ),
    "explain": Command("check", "explain", "Explain an error code.", "Reference"),
    "schema": Command("check", "schema", "Print the JSON Schema for experiments, for use in editors.", "Reference"),
}

_OF_RUN = {
    "resume": "run the same command again, or add --resume RUN",
    "continue": "run the same command again, or add --resume RUN",
    "retry": "add --retry failed, bad or refused",
}
"""What people may look for as a command, and how `troupe run` does it."""

EPILOG = (
    "Exit codes: 0 passed, 1 an expectation failed, 2 a usage or file error, 3 a bug in troupe, "
    "4 a provider or environment failure, 5 a limit was reached, 6 nothing to do, 130 interrupted."
)


class _CommandGroup(TyperGroup):
    """The commands; another name is answered with the command that does it: a file, or a part of `troupe run`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if how := _OF_RUN.get(args[0]):
            ctx.fail(f"No such command '{args[0]}'. Use `troupe run`: {how}.")
        if args[0].endswith((".yaml", ".yml")):
            ctx.fail(f"No such command '{args[0]}'. To run this experiment: troupe run {args[0]}")
        if args[0] not in COMMANDS and (near := get_close_matches(args[0], COMMANDS, n=2)):
            ctx.fail(f"No such command '{args[0]}'. Did you mean {' or '.join(map(repr, near))}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a wrong value of an option is reported in plain words."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _plain(error)
            raise


def _plain(error: typer.BadParameter) -> str:
    if error.__cause__ is None or not hasattr(error.__cause__, "errors"):
        return error.message
    cause: Any = error.__cause__
    found = cause.errors()[0]
    choices = re.fullmatch(r"Value error, .* is not one of (.*)\.", found["msg"], re.DOTALL)
    expected = " or ".join(choices[1].rsplit(", ", 1)) if choices else _EXPECTED.get(found["type"], "")
    return f"expected {expected}, got '{found['input']}'" if expected else error.message


_EXPECTED = {"int_parsing": "a whole number", "float_parsing": "a number"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if shell_completion.is_asked(os.environ):
        shell_completion.answer(lambda typed: build(_wanted(typed))(args=[], prog_name="troupe"), os.environ)
    with _sigterm_as_interrupt():
        build(_wanted(words))(args=words, prog_name="troupe")


@contextmanager
def _sigterm_as_interrupt() -> Generator[None, None, None]:
    """Treat SIGTERM as Ctrl-C: a run that is stopped while it starts or writes its reports stays in good order."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # not in the main thread, which alone receives signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def build(wanted: Sequence[str]) -> typer.Typer:
    """Return the application with these commands loaded in full, and only name and help line of the others."""
    app = typer.Typer(
        cls=_CommandGroup,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Experiments with simulated people, from one YAML file.",
        epilog=EPILOG,
    )
    app.callback(invoke_without_command=True)(_root)
    for name, entry in COMMANDS.items():
        _add(app, name, entry, is_wanted=name in wanted)
    return app


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib import metadata

        typer.echo(f"troupe {metadata.version('tinytroupe-cli')}")
        raise typer.Exit


def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    del version  # its callback has dealt with it
    if context.invoked_subcommand is None:
        from tinytroupe_cli.cli.next_steps import print_next_steps

        with_exit_codes(print_next_steps)()


def _wanted(words: Sequence[str]) -> list[str]:
    """Return the name of the command to run."""
    return [word for word in words if not word.startswith("-")][:1]


def _add(app: typer.Typer, name: str, entry: Command, *, is_wanted: bool) -> None:
    if not is_wanted:
        app.command(name, help=entry.help, rich_help_panel=entry.panel)(_not_loaded)
        return
    found: Any = getattr(importlib.import_module(f"tinytroupe_cli.cli.{entry.module}"), entry.attribute)
    if not entry.is_group:
        app.command(name, rich_help_panel=entry.panel)(with_exit_codes(found))
        return
    app.add_typer(_bounded_group(found), name=name, rich_help_panel=entry.panel)


def _bounded_group(group: typer.Typer) -> typer.Typer:
    """Return a copy of this group whose commands map errors to exit codes."""
    bounded_group = copy.copy(group)
    bounded_group.registered_commands = [copy.copy(command) for command in group.registered_commands]
    for command in bounded_group.registered_commands:
        if command.callback is not None:
            command.callback = with_exit_codes(command.callback)
    return bounded_group


def _not_loaded() -> None:
    raise AssertionError("a command that is called is loaded")
