"""troupe check, explain, schema: what is wrong, what that means, and how an editor can know."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.diagnostics import as_json as diagnostic_as_json
from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import Json, Set, parse_overrides
from tinytroupe_cli.cli.terminal import err, out, print_json
from tinytroupe_cli.core.codes import CODES
from tinytroupe_cli.core.diagnostics import Diagnostic, did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole

EDITOR_SCHEMA = Path(".troupe/experiment.schema.json")


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: experiments, personas, fragments.")],
    sets: Set = None,
    *,
    as_json: Json = False,
) -> None:
    """Check files and say everything that is wrong, without running anything."""
    from tinytroupe_cli.api.checking import check_paths

    checked = check_paths(paths, overrides=parse_overrides(sets), env=os.environ)
    found = [diagnostic for file in checked for diagnostic in file.diagnostics]
    if as_json:
        print_json([diagnostic_as_json(diagnostic) for diagnostic in found])
    else:
        draw_diagnostics(err(), found)
        if found:
            err().print()
        out().print(_summary(len(checked), found), markup=False)
    if any(diagnostic.is_error for diagnostic in found):
        raise typer.Exit(2)


def explain(code: Annotated[str, typer.Argument(help="Such as E104; without it, all codes.")] = "") -> None:
    """Say what an error code means, with an example."""
    if not code:
        for name, explanation in sorted(CODES.items()):
            out().print(f"{name}  {explanation.title}", markup=False)
        return
    name = code.upper()
    if name not in CODES:
        raise RunError(f"there is no code {name}", hint=did_you_mean(name, CODES, label="codes"))
    out().print(f"{name}  {CODES[name].title}\n\n{CODES[name].text}", markup=False)


def schema(
    write: Annotated[
        bool, typer.Option("--write", help=f"Write {EDITOR_SCHEMA} for your editor instead of printing.")
    ] = False,
) -> None:
    """Print the JSON Schema of experiments."""
    from tinytroupe_cli.api.checking import experiment_schema

    text = json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"
    if not write:
        out().print(text, markup=False, end="")
        return
    write_whole(EDITOR_SCHEMA, text)
    err().print(f"wrote {EDITOR_SCHEMA}; begin an experiment with this line, and your editor knows the language:")
    out().print(f"# yaml-language-server: $schema=../{EDITOR_SCHEMA}", markup=False)


def _summary(files: int, found: Iterable[Diagnostic]) -> str:
    listed = list(found)
    errors = sum(diagnostic.is_error for diagnostic in listed)
    counts = [_count(files, "file"), _count(errors, "error")]
    if len(listed) > errors:
        counts.append(_count(len(listed) - errors, "warning"))
    return ", ".join(counts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
