"""troupe persona: creates, lists, shows and checks people; samples them from populations and interviews them."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from tinytroupe_cli.api import new_people, person_cards
from tinytroupe_cli.cli import population, validation
from tinytroupe_cli.cli.cards import draw_card, draw_table, mention_broken
from tinytroupe_cli.cli.completions import PERSONAS, PERSONAS_AND_FRAGMENTS
from tinytroupe_cli.cli.diagnostics import as_json as finding_as_json
from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import AuthorModelOption, Json, MaxCallCost
from tinytroupe_cli.cli.terminal import err, out, print_json, printable
from tinytroupe_cli.core.errors import RunError, SpecError

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Create, list, show, check, sample and validate people."
)

app.command("sample")(population.sample)
app.command("plan")(population.plan)
app.command("validate")(validation.validate)

OLDEST = 130


@app.command("new")
def new(
    sentence: Annotated[str, typer.Argument(help="A description in one sentence; a model writes the rest.")] = "",
    *,
    blank: Annotated[bool, typer.Option("--blank", help="Write a commented template, without a model.")] = False,
    name: Annotated[str, typer.Option("--name", help="The person's name; the file is named after it.")] = "",
    model: AuthorModelOption = "",
    out_path: Annotated[
        str, typer.Option("--out", help="The file to write, or the folder to write to; default: personas/.")
    ] = "",
    max_cost: MaxCallCost = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Create a person from a sentence or your answers to a few questions, or write a template to fill in."""
    place = new_people.OutputPath(Path.cwd(), out_path, force)
    if blank and sentence:
        raise RunError("a sentence and --blank can't be combined", hint="leave one of them out")
    if blank:
        path = place.file(name or "Somebody New")
        new_people.write_blank(name or "Somebody New", path)
    elif sentence.strip():
        path = _written_by_model(sentence, name=name, model=model, place=place, max_usd=max_cost)
    elif sys.stdin.isatty():
        path = _written_from_answers(name, place)
    else:
        raise RunError(
            "no sentence was given, and there is no terminal to ask questions in",
            hint='troupe persona new "retired nurse in Porto who distrusts banks", or --blank',
        )
    shown = place.shown(path)
    if as_json:
        print_json({"file": shown})
        return
    out().print(shown, markup=False)
    err().print(f"Edit it as you like. View it with:  troupe persona show {shlex.quote(shown)}", markup=False)


@app.command("list")
def list_people(*, as_json: Json = False) -> None:
    """List the people that experiments in this folder can use."""
    cards = person_cards.list_cards("persona", Path.cwd())
    if as_json:
        print_json({"people": [{**_row(card), "summary": card.summary} for card in cards]})
        return
    draw_table(out(), ("NAME", "PERSON", "AGE", "WORK", "FILE"), (_cells(_row(card)) for card in cards))
    mention_broken(cards)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A name or a file.", autocompletion=PERSONAS)], *, as_json: Json = False
) -> None:
    """Show one person."""
    card = person_cards.read_card("persona", name, Path.cwd())
    if as_json:
        print_json({"name": card.stem, "file": card.file, "persona": card.fields})
        return
    draw_card(out(), card, title=str(card.fields["name"]))
    err().print(printable(card.file), style="dim", markup=False)


@app.command("check")
def check(
    names: Annotated[
        list[str],
        typer.Argument(
            help="Files or folders, or names of people and fragments.", autocompletion=PERSONAS_AND_FRAGMENTS
        ),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Check persona and fragment files, and report every error."""
    project_dir = Path.cwd()
    files = list(dict.fromkeys(file for name in names for file in person_cards.person_files(name, project_dir)))
    found = [finding for file in files for finding in person_cards.check_person_file(file, project_dir)]
    has_errors = any(finding.is_error for finding in found)
    if as_json:
        print_json({"files": len(files), "findings": [finding_as_json(finding) for finding in found]})
        raise typer.Exit(2 if has_errors else 0)
    if has_errors:
        raise SpecError(found)
    draw_diagnostics(err(), found)
    out().print(f"{len(files)} file{'s' * (len(files) != 1)} without errors")


def _written_by_model(
    sentence: str, *, name: str, model: str, place: new_people.OutputPath, max_usd: float | None
) -> Path:
    from tinytroupe_cli.api.authors import resolve_author

    if name:
        place.file(name)  # refuse before anything is spent
    author = resolve_author(model, place.project_dir, os.environ, max_usd=max_usd)
    err().print(f"Writing with {author} …", style="dim", markup=False)
    fields = author.write(sentence, name=name)
    called = str(fields["name"])
    path = place.file(name) if name else place.output_file(called)
    new_people.write_fields(fields, path, heading=f"{called}: {sentence}")
    return path


def _written_from_answers(name: str, place: new_people.OutputPath) -> Path:
    err().print("A few questions. Press Enter to leave out a detail; only the name is needed.", markup=False)
    called = name or _asked("name")
    path = place.file(called)
    others = {key: _asked(key) for key in new_people.QUESTIONS if key != "name"}
    new_people.write_answered({"name": called, **others}, path)
    return path


def _asked(key: str) -> str:
    """Ask until the answer can be used; Enter alone answers nothing, and asks for a name again."""
    accept = _age if key == "age" else _words
    default = None if key == "name" else ""
    question = new_people.QUESTIONS[key]
    return str(typer.prompt(question, default=default, show_default=False, err=True, value_proc=accept))


def _age(answer: str) -> str:
    if not answer.strip() or (answer.strip().isdecimal() and int(answer) <= OLDEST):
        return answer.strip()
    raise typer.BadParameter("a whole number of years, please")


def _words(answer: str) -> str:
    words = " ".join(answer.split())
    if words.isprintable():
        return words
    raise typer.BadParameter("one line of ordinary text, please")


def _row(card: person_cards.PersonCard) -> dict[str, JsonValue]:
    if not card.fields:
        return {"name": card.stem, "person": "(can't be read)", "age": None, "work": "", "file": card.file}
    age, work = card.fields.get("age"), person_cards.one_line(card.fields.get("occupation"))
    return {"name": card.stem, "person": str(card.fields["name"]), "age": age, "work": work, "file": card.file}


def _cells(row: dict[str, JsonValue]) -> list[str]:
    return [person_cards.one_line(value) for value in row.values()]
