"""troupe enrich, troupe restyle: rewrite a text using a model."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from tinytroupe_cli.cli.options import AuthorModelOption, Json, MaxCallCost
from tinytroupe_cli.cli.terminal import err, out, print_json, printable
from tinytroupe_cli.core.errors import NothingToDo, RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.authors import Author

File = Annotated[str, typer.Argument(metavar="FILE", help="Text file to read, or '-' to read from stdin.")]
Context = Annotated[
    list[str] | None,
    typer.Option("--context", help="Extra context: a file or text; repeatable."),
]
Out = Annotated[str, typer.Option("--out", help="The file to write; default: stdout.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")]


def enrich(
    file: File,
    *,
    requirements: Annotated[str, typer.Option("--requirements", help="What the text should contain.")] = "",
    context: Context = None,
    model: AuthorModelOption = "",
    max_cost: MaxCallCost = None,
    out_path: Out = "",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Expand a text using a model."""
    from tinytroupe_cli.api import texts

    place = _place(out_path, force=force)
    text = _read(file)
    known = texts.joined_context(context or (), Path.cwd())
    author = _author(model, max_cost)
    _deliver(texts.enrich_text(author, text, requirements=requirements, context=known), place, as_json=as_json)


def restyle(
    file: File,
    *,
    style: Annotated[str, typer.Option("--style", help="The target style, in words.")],
    context: Context = None,
    model: AuthorModelOption = "",
    max_cost: MaxCallCost = None,
    out_path: Out = "",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Rewrite a text in another style using a model."""
    from tinytroupe_cli.api import texts

    if not style.strip():
        raise RunError("no style was given", hint='for example, --style "as a radio host, short sentences"')
    place = _place(out_path, force=force)
    text = _read(file)
    known = texts.joined_context(context or (), Path.cwd())
    author = _author(model, max_cost)
    _deliver(texts.restyle_text(author, text, style=style, context=known), place, as_json=as_json)


def _place(written: str, *, force: bool) -> Path | None:
    """Return the output file, checked before anything is spent; None: stdout."""
    from tinytroupe_cli.api import texts

    return texts.output_file(Path(written), may_replace=force) if written else None


def _read(file: str) -> str:
    from tinytroupe_cli.api import texts

    text = sys.stdin.read() if file == "-" else texts.text_at(Path(file))
    if not text.strip():
        raise NothingToDo(f"'{file}' is empty")
    return text


def _author(model: str, max_usd: float | None) -> Author:
    from tinytroupe_cli.api import texts

    author = texts.resolve_author(model, Path.cwd(), os.environ, max_usd=max_usd)
    err().print(f"Writing with {author} …", style="dim", markup=False)
    return author


def _deliver(text: str, place: Path | None, *, as_json: bool) -> None:
    from tinytroupe_cli.api import texts

    if place is not None:
        texts.write_text(place, text)
    if as_json:
        print_json({"text": text, "file": None if place is None else str(place)})
    else:
        out().print(Text(printable(text) if place is None else str(place)))
