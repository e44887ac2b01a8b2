"""troupe persona validate: checks by interview whether a person fits an expectation."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.completions import MODELS, PERSONAS
from tinytroupe_cli.cli.errors import EXPECTATION_FAILED
from tinytroupe_cli.cli.options import Json, MaxCallCost
from tinytroupe_cli.cli.terminal import err, out, print_json, printable

if TYPE_CHECKING:
    from tinytroupe_cli.api.persona_validation import QuestionAnswer


def validate(
    name: Annotated[str, typer.Argument(help="A person, by name or file.", autocompletion=PERSONAS)],
    *,
    expect: Annotated[str, typer.Option("--expect", help="What should be true of the person, in one sentence.")],
    at_least: Annotated[
        int | None,
        typer.Option(
            "--at-least", min=0, max=9, help="Exit with code 1 if the score is lower, or if there is no evidence."
        ),
    ] = None,
    questions: Annotated[int, typer.Option("--questions", min=1, max=12, help="Number of questions.")] = 4,
    seed: Annotated[int, typer.Option("--seed", help="Random seed for the interview.")] = 0,
    model: Annotated[
        str, typer.Option("--model", help="Model for the interviewer and the person.", autocompletion=MODELS)
    ] = "",
    max_cost: MaxCallCost = None,
    as_json: Json = False,
) -> None:
    """Interview a person, and score from 0 to 9 how well a statement fits them. The persona file is not changed."""
    from tinytroupe_cli.api.persona_validation import validate as find_out

    def on_progress(asked: QuestionAnswer) -> None:
        if not as_json:
            err().print(printable(f"  ?  {asked.question}\n     {asked.answer or '(nothing)'}"), markup=False)

    found = find_out(
        name,
        expect,
        project_dir=Path.cwd(),
        model=model,
        env=os.environ,
        max_usd=max_cost,
        questions=questions,
        seed=seed,
        on_progress=on_progress,
    )
    if as_json:
        print_json({**asdict(found), "asked": [asdict(asked) for asked in found.asked]})
    else:
        score = "no evidence either way" if found.score is None else f"{found.score} of 9"
        out().print(printable(f"{found.name}: {score}. {found.justification}"), markup=False, highlight=False)
    if at_least is not None and (found.score is None or found.score < at_least):
        raise typer.Exit(EXPECTATION_FAILED)
