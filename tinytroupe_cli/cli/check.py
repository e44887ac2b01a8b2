"""troupe check, explain, schema: reports errors in files, explains them, and helps editors complete files."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from tinytroupe_cli.cli.completions import CODES, EXPERIMENTS
from tinytroupe_cli.cli.diagnostics import as_json as diagnostic_as_json
from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import AllowAddress, AllowPath, Json, Set, parse_overrides, permissions
from tinytroupe_cli.cli.terminal import err, out, print_json
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.codes import Example, explanations
from tinytroupe_cli.core.diagnostics import Diagnostic, did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole

EDITOR_SCHEMA = Path(".troupe/experiment.schema.json")


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files or folders: experiments, personas, fragments, populations.", autocompletion=EXPERIMENTS
        ),
    ],
    sets: Set = None,
    *,
    allow_path: AllowPath = None,
    allow_address: AllowAddress = None,
    as_json: Json = False,
) -> None:
    """Check files and report every error. Runs nothing."""
    from tinytroupe_cli.api.checking import check_paths

    flags, overrides = permissions(allow_path, allow_address), parse_overrides(sets)
    with waiting("checking", is_quiet=as_json) as count:
        checked = check_paths(paths, overrides=overrides, env=os.environ, flags=flags, on_checked=count)
    found = [diagnostic for file in checked for diagnostic in file.diagnostics]
    if as_json:
        print_json({"files": len(checked), "findings": [diagnostic_as_json(diagnostic) for diagnostic in found]})
    else:
        draw_diagnostics(err(), found)
        if found:
            err().print()
        _print(_summary(len(checked), found))
    if any(diagnostic.is_error for diagnostic in found):
        raise typer.Exit(2)


def explain(
    code: Annotated[
        str, typer.Argument(help="A code such as E104; default: list all codes.", autocompletion=CODES)
    ] = "",
    *,
    as_json: Json = False,
) -> None:
    """Explain an error code, with an example and the fix."""
    known = explanations()
    name = code.upper()
    if code and name not in known:
        raise RunError(f"there is no code {name}", hint=did_you_mean(name.replace("O", "0"), known, label="codes"))
    if as_json:
        print_json({each: asdict(known[each]) for each in ([name] if code else known)})
    elif code:
        _print(f"{name}  {known[name].title}\n\n{known[name].text}".rstrip())
        _print(f"\nWrong:\n{_indented(known[name].wrong)}\n\nCorrected:\n{_indented(known[name].right)}")
    else:
        _print("\n".join(f"{each}  {explanation.title}" for each, explanation in known.items()))


def _indented(example: Example) -> str:
    return textwrap.indent(example.text, "    ")


def schema(
    path: Annotated[Path, typer.Argument(help="The file to write with --write.")] = EDITOR_SCHEMA,
    *,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write the schema to a file: {EDITOR_SCHEMA}, or PATH.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON. Without --write, the schema itself is printed.")
    ] = False,
) -> None:
    """Print the JSON Schema for experiments, or write it to a file for an editor."""
    from tinytroupe_cli.api.checking import experiment_schema

    text = json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"
    if not write:
        out().print(Text(text), end="")
        return
    write_whole(path, text)
    if as_json:
        print_json({"file": str(path)})
        return
    err().print(f"wrote {path}. For completion in your editor, begin an experiment with this line:", markup=False)
    shown = path if path.is_absolute() else Path("..") / path
    _print(f"# yaml-language-server: $schema={shown.as_posix()}")


def _print(text: str) -> None:
    out().print(Text(text))


def _summary(files: int, found: Iterable[Diagnostic]) -> str:
    listed = list(found)
    errors = sum(diagnostic.is_error for diagnostic in listed)
    counts = [_count(files, "file"), _count(errors, "error")]
    if len(listed) > errors:
        counts.append(_count(len(listed) - errors, "warning"))
    return ", ".join(counts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
