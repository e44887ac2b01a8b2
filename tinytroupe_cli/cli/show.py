"""troupe show: prints who said what, step by step, and the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from tinytroupe_cli.cli.completions import RUN_PEOPLE, TRIALS
from tinytroupe_cli.cli.options import Json, RunArgument
from tinytroupe_cli.cli.terminal import err, out, print_json, printable
from tinytroupe_cli.cli.value_text import value_in_words
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import NothingToDo
from tinytroupe_cli.events.transcripts import TranscriptLine, by_step, sentence, transcript
from tinytroupe_cli.events.types import Event, Failed, Measured, Refused
from tinytroupe_cli.events.views import names

if TYPE_CHECKING:
    from tinytroupe_cli.api.reporting import Recording

MAX_CHARACTERS = 200


def show(
    run: RunArgument = Path("results"),
    *,
    person: Annotated[
        str,
        typer.Option(
            "--person",
            metavar="NAME",
            help="Show only what this person saw, thought and did.",
            autocompletion=RUN_PEOPLE,
        ),
    ] = "",
    step: Annotated[int | None, typer.Option("--step", min=1, help="Show only this step.")] = None,
    trial: Annotated[
        str, typer.Option("--trial", metavar="ID", help="Show only this trial.", autocompletion=TRIALS)
    ] = "",
    as_json: Json = False,
) -> None:
    """Print a run's transcript: what people perceived, thought, said and felt, and their answers."""
    from tinytroupe_cli.api.reporting import load_recording

    with waiting("reading the run", is_quiet=as_json):
        recorded = load_recording(run)
    who = recorded.person(person) if person else ""
    chosen = [recorded.trial(trial).id] if trial else list(recorded.events)
    if as_json:
        print_json({"events": [event.model_dump(mode="json") for event in _events(recorded, chosen, who, step)]})
        return
    count = sum(_draw(recorded, trial_id, who, step) for trial_id in chosen)
    if not count:
        raise NothingToDo("no events match", hint=_what_there_is(recorded))
    err().print(f"From {recorded.folder}.", markup=False)


def _events(recorded: Recording, trials: Sequence[str], person: str, step: int | None) -> Iterator[Event]:
    """Yield the events a person caused or perceived, filtered by step."""
    for trial in trials:
        for event in recorded.events[trial]:
            if (not person or person in _concerned(event)) and step in {None, event.step}:
                yield event


def _concerned(event: Event) -> tuple[str, ...]:
    people = getattr(event, "people", ())
    return (*people, getattr(event, "person", ""))


def _draw(recorded: Recording, trial: str, person: str, step: int | None) -> int:
    """Draw one trial; return the number of lines drawn."""
    events = recorded.events[trial]
    lines = [line for line in transcript(events, person=person, with_private=True) if step in {None, line.step}]
    answers = _answers(events, person) if step is None else {}
    if not lines and not answers:
        return 0
    console = out()
    if len(recorded.events) > 1:
        console.print(Text(f"Trial {trial}", style="bold underline"))
        console.print()
    groups, is_midway = by_step(lines), len(answers) > 1
    for number in sorted({*groups, *answers}):
        if group := groups.get(number):
            time = group[0].time.replace("T", " ")
            console.print(Text(f"Step {number}, {time}" if time else f"Step {number}", style="bold"))
            for line in group:
                console.print(_styled(line))
            console.print()
        if own := answers.get(number):
            console.print(Text(f"Asked after step {number}" if is_midway else "Asked afterwards", style="bold"))
            for answer in own:
                console.print(Text(printable(f"  {answer}")))
            console.print()
    return len(lines) + sum(map(len, answers.values()))


def _styled(line: TranscriptLine) -> Text:
    """Color a line by its verb; the words alone say the same."""
    line = replace(line, text=_in_short(line.text)) if line.is_trouble else line
    style = "red" if line.is_trouble else "dim" if line.is_private else ""
    text = Text(f"  {printable(sentence(line))}".replace("\n", "\n  "), style=style)
    text.stylize("bold" if line.person and not line.is_private else "", 2, 2 + len(printable(line.speaker)))
    return text


def _answers(events: Sequence[Event], person: str) -> dict[int, list[str]]:
    """Return the answers by the step after which they were given: the last, unless there are several conditions."""
    known = names(events)
    found: dict[int, list[str]] = {}
    for event in events:
        if not isinstance(event, Measured | Refused | Failed) or not event.query or person not in {"", event.person}:
            continue
        about = known.get(event.person, event.person) or "the whole world"
        sample = f" (sample {event.sample + 1})" if event.sample else ""
        found.setdefault(event.step, []).append(f"{event.query}{sample}, {about}: {_answer(event)}")
    return found


def _answer(event: Measured | Refused | Failed) -> str:
    match event:
        case Measured():
            return "; ".join(f"{field} = {value_in_words(value)}" for field, value in event.values.items())
        case Refused():
            return f"the model declined. {_in_short(event.text)}".strip()
        case Failed():
            field = f"{event.field}: " if event.field else ""
            return f"{field}no usable answer ({_in_short(event.text) or event.reason.replace('_', ' ')})"


def _in_short(text: str) -> str:
    """Shorten a model's reply that was not an answer; --json prints all of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_CHARACTERS else f"{flat[:MAX_CHARACTERS]}… (--json prints all of it)"


def _what_there_is(recorded: Recording) -> str:
    last = max((event.step for events in recorded.events.values() for event in events), default=0)
    return f"the run has {len(recorded.events)} trial(s) and reached step {last}"
