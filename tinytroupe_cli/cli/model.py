"""troupe model list, use, pull, test, remove: manages local models and the model in use."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.cards import draw_table
from tinytroupe_cli.cli.completions import LOCAL_MODELS, MODELS
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import err, out, print_json, printable
from tinytroupe_cli.cli.waiting import waiting

if TYPE_CHECKING:
    from tinytroupe_cli.api import local_models
    from tinytroupe_cli.api.running_servers import RunningServer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Manage models that run on this machine.")

OptionalName = Annotated[
    str,
    typer.Argument(
        help="A name from `troupe model list`; default: the model that a run in this folder would use.",
        autocompletion=LOCAL_MODELS,
        show_default=False,
    ),
]
ModelNameArgument = Annotated[
    str, typer.Argument(help="A name from `troupe model list`.", show_default=False, autocompletion=LOCAL_MODELS)
]
Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="Folder for model files, instead of the user's cache.", show_default=False),
]


class RoleOption(StrEnum):
    """A model's role."""

    people = "people"
    judge = "judge"
    author = "author"
    embeddings = "embeddings"


@app.command("list")
def list_models(folder: Folder = None, *, as_json: Json = False) -> None:
    """List the models that can run on this machine, and which are downloaded."""
    from tinytroupe_cli.api import local_models

    states = local_models.list_local_models(folder)
    if as_json:
        print_json({"models": [_row(state) for state in states]})
        return
    rows = [
        (
            f"local/{state.entry.name}",
            state.entry.size,
            _fit(state.entry),
            _pace(state.entry),
            state.entry.licence,
            _presence(state),
            _where(state),
        )
        for state in states
    ]
    draw_table(out(), ("MODEL", "SIZE", "MEMORY", "A TURN", "LICENCE", "HERE", "FILE"), rows)
    _list_served()


@app.command("pull")
def pull_model(
    name: OptionalName = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="Use this file instead of downloading.", show_default=False)
    ] = None,
    folder: Folder = None,
    *,
    as_json: Json = False,
) -> None:
    """Download a model. An interrupted download continues where it stopped."""
    from tinytroupe_cli.api.pulling import configured_model

    chosen = None if name else configured_model(Path.cwd(), os.environ, folder)
    use, origin = (chosen.config.name, chosen.origin) if chosen else (name, "")
    if source is None:
        print_download_notice([use], origin, folder=folder)
    path = pull_with_progress(use, source=source, folder=folder)
    if as_json:
        print_json({"name": use, "file": str(path)})
        return
    out().print(str(path), markup=False)


@app.command("test")
def try_model(name: ModelNameArgument, folder: Folder = None, *, as_json: Json = False) -> None:
    """Load a model, ask it one question, and report its speed."""
    from tinytroupe_cli.api import local_models

    with waiting("loading and asking the model", is_quiet=as_json):
        tried = asyncio.run(local_models.measure_speed(name, folder=folder))
    if as_json:
        print_json(vars(tried))
        return
    out().print(f"asked     {tried.question}", markup=False)
    out().print(f"answered  {printable(tried.answer)}", markup=False)
    out().print(f"read      {tried.read} tokens, {tried.read_per_second:.0f} per second")
    out().print(f"wrote     {tried.written} tokens, {tried.written_per_second:.0f} per second")


@app.command("remove")
def remove_model(name: ModelNameArgument, folder: Folder = None, *, as_json: Json = False) -> None:
    """Delete a model's file from this machine."""
    from tinytroupe_cli.api import local_models

    freed = local_models.remove(name, folder=folder)
    if as_json:
        print_json({"name": name, "bytes_freed": freed})
        return
    err().print(f"{local_models.format_bytes(freed)} freed" if freed else f"{name} was not downloaded")


@app.command("use")
def use_model(
    name: Annotated[
        str, typer.Argument(help="A model name, as for --model or as its server lists it.", autocompletion=MODELS)
    ],
    role: Annotated[
        RoleOption, typer.Option("--for", help="The role; judge and author default to the model for people.")
    ] = RoleOption.people,
    *,
    as_json: Json = False,
) -> None:
    """Check that a model can be used, and write it to config.ini."""
    from tinytroupe_cli.api.model_choice import use_model as write

    changed = write(name, Path.cwd(), os.environ, role=role.value)
    if as_json:
        said = {"before": changed.before or None, "after": changed.after, "is_new_file": changed.is_new_file}
        print_json({"file": "config.ini", "role": role.value, **said, "notes": list(changed.notes)})
        return
    was = f"was {changed.before}" if changed.before else "was not set"
    made = " (a new file)" if changed.is_new_file else ""
    out().print(printable(f"./config.ini{made}: {role.value} {was}, is now {changed.after}"), markup=False)
    for note in changed.notes:
        out().print(printable(note), markup=False)


def print_download_notice(names: Sequence[str], origin: str, *, folder: Path | None = None) -> None:
    """Print which missing models are downloaded, their size and source."""
    from tinytroupe_cli.api.pulling import fetch_lines

    for line in fetch_lines(names, os.environ, origin=origin, folder=folder):
        err().print(printable(line), markup=False)


def pull_with_progress(name: str, *, source: Path | None = None, folder: Path | None = None) -> Path:
    """Download with a progress bar on a terminal, plain lines elsewhere; also used by `troupe run`."""
    from tinytroupe_cli.api.pulling import pull

    console = err()
    if not console.is_terminal:
        return pull(name, env=os.environ, progress=DownloadLines(), source=source, folder=folder)
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=console) as bar:
        task = bar.add_task(name, total=None)

        def show(pulled: local_models.PullProgress) -> None:
            if pulled.note:
                bar.console.print(pulled.note, markup=False)
            bar.update(task, completed=pulled.done, total=pulled.total)

        return pull(name, env=os.environ, progress=show, source=source, folder=folder)


class DownloadLines:
    """Prints a line for each note and every tenth of a download, for logs and pipes."""

    def __init__(self) -> None:
        self._tenths = 0

    def __call__(self, pulled: local_models.PullProgress) -> None:
        """Print a line if there is progress worth one."""
        if pulled.note:
            err().print(pulled.note, markup=False)
        from tinytroupe_cli.api.local_models import format_bytes

        tenths = 10 * pulled.done // pulled.total
        if tenths > self._tenths:
            self._tenths = tenths
            done, total = format_bytes(pulled.done), format_bytes(pulled.total)
            err().print(f"{done} of {total} ({10 * tenths} %)")


def _list_served() -> None:
    """Show the models that servers on this machine offer, if any is running."""
    rows = [(model.name, server.program, model.line) for server in _servers_here() for model in server.models]
    if rows:
        out().print()
        draw_table(out(), ("SERVED HERE", "BY", "USE IT"), rows)


def _servers_here() -> tuple[RunningServer, ...]:
    from tinytroupe_cli.api.running_servers import running_servers
    from tinytroupe_cli.api.settings import resolve_settings

    return running_servers(resolve_settings(Path.cwd(), {}), os.environ)


def _fit(entry: local_models.LocalModelEntry) -> str:
    from tinytroupe_cli.api import local_models

    needs = local_models.format_bytes(local_models.memory_needed(entry))
    return f"{needs}, too much for this machine" if local_models.fits(entry) is False else needs


def _pace(entry: local_models.LocalModelEntry) -> str:
    """Return about how long a turn takes here."""
    from tinytroupe_cli.api import local_models

    seconds = local_models.seconds_per_call(entry) if entry.does == "chat" else None
    return "-" if seconds is None else f"about {seconds:.0f} s"


def _presence(state: local_models.LocalModelState) -> str:
    if state.is_present:
        return "yes"
    return f"{100 * state.fetched // state.entry.bytes} %" if state.fetched else "no"


def _where(state: local_models.LocalModelState) -> str:
    return str(state.path) if state.is_present else f"download it: troupe model pull {state.entry.name}"


def _row(state: local_models.LocalModelState) -> dict[str, str | int | bool]:
    return {
        "name": f"local/{state.entry.name}",
        "title": state.entry.title,
        "bytes": state.entry.bytes,
        "licence": state.entry.licence,
        "sha256": state.entry.sha256,
        "present": state.is_present,
        "fetched": state.fetched,
        "path": str(state.path),
    }
