"""What completes a word in a shell, for each kind of argument: experiments, runs, people, measures and so on.

Names come from files of others: no shell is given one that it could take for code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import typer

Words = list[str] | list[tuple[str, str]]
"""Completions, or pairs of a completion and what it is."""
Completer = Callable[[typer.Context, str], list[tuple[str, str]]]

_SAFE: Final = re.compile(r"[\w.@%+,/][\w.@%+,/=:~ -]*")
"""A name that means the same in every shell once its spaces are escaped."""
_UNSAFE_IN_HELP: Final = re.compile(r"[^\w .,;()/-]")


def _completer(find: Callable[[typer.Context, str], Words]) -> Completer:
    """Return what Typer calls: the words that begin as the typed one does."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        found = [each if isinstance(each, tuple) else (each, "") for each in find(ctx, incomplete)]
        return [
            (name, _UNSAFE_IN_HELP.sub(" ", told))
            for name, told in found
            if name.startswith(incomplete) and _SAFE.fullmatch(name)
        ]

    return complete


def words(text: str) -> Completer:
    """Return a completer of the words of a text."""
    return _completer(lambda _, __: text.split())


def _experiments(_: typer.Context, begun: str) -> Words:
    from tinytroupe_cli.api.completion import experiment_files

    return experiment_files(begun)


def _runs(_: typer.Context, begun: str) -> Words:
    from tinytroupe_cli.api.completion import run_folders

    return run_folders(begun)


def _runs_and_experiments(_: typer.Context, begun: str) -> Words:
    from tinytroupe_cli.api.completion import experiment_files, run_folders

    return [*run_folders(begun), *experiment_files(begun)]


def _personas(_: typer.Context, __: str) -> Words:
    from tinytroupe_cli.api.completion import person_names

    return person_names("persona")


def _fragments(_: typer.Context, __: str) -> Words:
    from tinytroupe_cli.api.completion import person_names

    return person_names("fragment")


def _personas_and_fragments(_: typer.Context, __: str) -> Words:
    from tinytroupe_cli.api.completion import person_names

    return [*person_names("persona"), *person_names("fragment")]


def _local_models(_: typer.Context, __: str) -> Words:
    from tinytroupe_cli.api.completion import local_model_names

    return local_model_names()


def _models(_: typer.Context, __: str) -> Words:
    from tinytroupe_cli.api.completion import local_model_names

    return [(f"local/{name}", title) for name, title in local_model_names()]


def _codes(_: typer.Context, begun: str) -> Words:
    from tinytroupe_cli.core.codes import explanations

    return [(code, found.title) for code, found in explanations().items() if code.startswith(begun)]


def _run_people(context: typer.Context, _: str) -> Words:
    from tinytroupe_cli.api.completion import people_of_run

    return people_of_run(_run_of(context))


def _trials(context: typer.Context, _: str) -> Words:
    from tinytroupe_cli.api.completion import trials_of_run

    return trials_of_run(_run_of(context))


def _splits(context: typer.Context, _: str) -> Words:
    from tinytroupe_cli.api.completion import run_splits

    return run_splits(_run_of(context))


def _measures(context: typer.Context, _: str) -> Words:
    return _measures_of(context, with_options=False)


def _limits(context: typer.Context, _: str) -> Words:
    return [f"{measure}:-" for measure in _measures_of(context, with_options=True)]


def _measures_of(context: typer.Context, *, with_options: bool) -> list[str]:
    from tinytroupe_cli.api.completion import experiment_measures, run_measures

    if files := _paths(context, "files", "file"):
        return experiment_measures(files, with_options=with_options)
    return run_measures(_run_of(context), with_options=with_options)


def _run_of(context: typer.Context) -> Path:
    """Return the first run named so far; the results folder if none is."""
    return next(iter(_paths(context, "run", "runs")), Path("results"))


def _paths(context: typer.Context, *names: str) -> list[Path]:
    """Return the paths given for these arguments so far, each one path or several."""
    given: list[Path] = []
    for name in names:
        value: Any = context.params.get(name)
        given += map(Path, filter(None, value if isinstance(value, list | tuple) else [value]))  # pyright: ignore[reportUnknownArgumentType] - Typer's Any
    return given


EXPERIMENTS: Final = _completer(_experiments)
RUNS: Final = _completer(_runs)
RUNS_AND_EXPERIMENTS: Final = _completer(_runs_and_experiments)
PERSONAS: Final = _completer(_personas)
FRAGMENTS: Final = _completer(_fragments)
PERSONAS_AND_FRAGMENTS: Final = _completer(_personas_and_fragments)
LOCAL_MODELS: Final = _completer(_local_models)
MODELS: Final = _completer(_models)
CODES: Final = _completer(_codes)
RUN_PEOPLE: Final = _completer(_run_people)
TRIALS: Final = _completer(_trials)
SPLITS: Final = _completer(_splits)
MEASURES: Final = _completer(_measures)
LIMITS: Final = _completer(_limits)
