"""troupe ask, troupe chat: questions to a person in a run; the run is not changed."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue
from rich.text import Text

from tinytroupe_cli.cli.completions import RUN_PEOPLE, TRIALS
from tinytroupe_cli.cli.options import AllowAddress, Json, MaxCallCost, RunArgument, permissions
from tinytroupe_cli.cli.terminal import err, out, print_json, printable
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import BadOutput, TroupeError

if TYPE_CHECKING:
    from tinytroupe_cli.api.conversations import Conversation, PersonSnapshot

QUIT = ("/quit", "/exit", "/q")
HELP = """\
/help   list these commands
/quit   end the chat (also /exit, /q, and Ctrl-D)

Everything else is said to {name}. They remember this chat; the run is not changed."""
_COMMAND = re.compile(r"/[a-z]*")

Person = Annotated[str, typer.Argument(help="A person in the run, by id or name.", autocompletion=RUN_PEOPLE)]
StepOption = Annotated[
    int | None,
    typer.Option(
        "--at", metavar="STEP", min=0, help="Talk to the person as they were after this step; default: the last."
    ),
]
TrialOption = Annotated[
    str, typer.Option("--trial", metavar="ID", help="The trial; default: the first.", autocompletion=TRIALS)
]


def ask(
    run: RunArgument,
    person: Person,
    question: Annotated[str, typer.Argument(help="The question.")],
    *,
    at: StepOption = None,
    trial: TrialOption = "",
    max_cost: MaxCallCost = None,
    allow_address: AllowAddress = None,
    as_json: Json = False,
) -> None:
    """Ask a person in a run a question; they answer in character, from memory. The run is not changed."""
    with (
        _talk_with(run, person, at, trial, _flags(max_cost, allow_address)) as talk,
        waiting(f"{talk.whom.name} answers", is_quiet=as_json),
    ):
        reply = talk.say(question)
    if reply.why_not:
        raise BadOutput(f"{talk.whom.name} gave no answer ({reply.why_not})")
    if as_json:
        whom = talk.whom
        about = {"run": str(whom.recorded.folder), "trial": whom.trial.id, "step": whom.step}
        who = {"person": whom.person, "name": whom.name, "model": talk.model}
        print_json({**about, **who, "question": question, "answer": reply.words})
        return
    out().print(Text(printable(reply.words)))


def chat(
    run: RunArgument,
    person: Person,
    *,
    at: StepOption = None,
    trial: TrialOption = "",
    max_cost: MaxCallCost = None,
    allow_address: AllowAddress = None,
) -> None:
    """Chat with a person in a run, line by line, until /quit; /help lists commands. The run is not changed."""
    with _talk_with(run, person, at, trial, _flags(max_cost, allow_address)) as talk:
        _introduce(talk.whom)
        while (line := _next_line()) is not None:
            said = line.strip()
            if said in QUIT:
                break
            if _COMMAND.fullmatch(said):
                _explain(said, talk.whom.name)
            elif said:
                _exchange(talk, said)


def _flags(max_cost: float | None, allow_address: list[str] | None) -> dict[str, JsonValue]:
    return {"run.max_cost": max_cost, **permissions(None, allow_address)}


def _talk_with(run: Path, person: str, at: int | None, trial: str, flags: dict[str, JsonValue]) -> Conversation:
    from tinytroupe_cli.api.conversations import Conversation, find_person

    whom = find_person(run, person, at=at, trial=trial)
    if whom.others and not trial:
        others = ", ".join(whom.others)
        err().print(f"In trial {whom.trial.id}; --trial chooses another: {others}.", markup=False)
    return Conversation(whom, project_dir=Path.cwd(), env=os.environ, flags=flags)


def _introduce(whom: PersonSnapshot) -> None:
    if sys.stdin.isatty():
        when = f"after step {whom.step}" if whom.step else "before the first step"
        err().print(
            f"{whom.name}, {when} of {whom.recorded.folder}. Type /quit to end the chat, /help for help.", markup=False
        )


def _explain(command: str, name: str) -> None:
    """List the commands; a word that only looks like one is not said to the person."""
    if command != "/help":
        err().print(f"There is no command {command}.", markup=False)
    err().print(printable(HELP.format(name=name)), markup=False)


def _next_line() -> str | None:
    """Return the next line of input; None at the end."""
    if sys.stdin.isatty():
        err().print("> ", end="", markup=False)
    return sys.stdin.readline() or None


def _exchange(talk: Conversation, line: str) -> None:
    try:
        with waiting(f"{talk.whom.name} answers"):
            reply = talk.say(line)
    except TroupeError as error:
        if not sys.stdin.isatty():
            raise
        err().print(Text(printable(error.message), style="red"))
        return
    if reply.why_not:
        err().print(Text(printable(f"({talk.whom.name} gives no answer: {reply.why_not})"), style="red"))
    else:
        out().print(Text(printable(f"{talk.whom.name}: {reply.words}")))
