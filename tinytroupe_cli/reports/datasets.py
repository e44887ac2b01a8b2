"""Training data: what was said, from one person's side, as JSON lines a trainer reads.

What the person heard or read is `user`, what they said is `assistant`; thoughts, feelings
and goals are no part of it. Several things in a row from one side are one message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tinytroupe_cli.events.action_names import SPOKEN
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.events.types import Acted, Event, Perceived
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.outputs import PlannedDataset
from tinytroupe_cli.plan.types import Plan, Trial


class DatasetInfo(Frozen):
    """The training data written."""

    name: str
    """Name of the dataset."""
    file: str
    """Path from the run's folder."""
    format: str
    """Format of the rows."""
    rows: int
    """Number of rows."""
    left_out: int = 0
    """Turns left out because a guard found a fault in them."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Something said, and from which side."""

    role: Literal["user", "assistant"]
    text: str


def dataset_info(plan: Plan, events: Mapping[str, Sequence[Event]]) -> DatasetInfo | None:
    """Return what the plan's training data comes to; None where it wants none."""
    wanted = plan.outputs.dataset
    if wanted is None:
        return None
    rows = sum(1 for _ in dataset_rows(plan, wanted, events))
    left_out = sum(
        isinstance(event, Acted) and event.fault is not None and event.person in wanted.people
        for own in events.values()
        for event in own
    )
    file = f"data/{wanted.name}.jsonl"
    return DatasetInfo(name=wanted.name, file=file, format=wanted.format, rows=rows, left_out=left_out)


def dataset_jsonl(plan: Plan, events: Mapping[str, Sequence[Event]]) -> bytes:
    """Write the plan's training data, a row per line."""
    wanted = plan.outputs.dataset
    rows = dataset_rows(plan, wanted, events) if wanted is not None else iter(())
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def dataset_rows(
    plan: Plan, wanted: PlannedDataset, events: Mapping[str, Sequence[Event]]
) -> Iterator[dict[str, object]]:
    """Yield every row, in the order of trials, cast and turns."""
    for trial in plan.trials:
        for member in trial.people:
            if member.id in wanted.people:
                parts = _conversation(trial, events.get(trial.id, ()), member.id)
                system = wanted.systems.get(trial.id, {}).get(member.id, "")
                yield from _rows(wanted, parts, system.strip())


def _rows(wanted: PlannedDataset, parts: Sequence[_Part], system: str) -> Iterator[dict[str, object]]:
    ends = [at for at, part in enumerate(parts, start=1) if part.role == "assistant"]
    match wanted.format, wanted.rows:
        case "openai-chat", "conversations":
            if ends:
                yield _messages(parts[: ends[-1]], system)
        case "openai-chat", _:
            for end in ends:
                yield _messages(parts[:end], system)
        case _:
            for end in ends:
                if end > 1:  # nobody had said anything: there is no instruction
                    before = [f"{_SIDES[part.role]}: {part.text}" for part in parts[: end - 2]]
                    yield {
                        "instruction": parts[end - 2].text,
                        "input": "\n\n".join(before),
                        "output": parts[end - 1].text,
                    }


_SIDES = {"user": "They", "assistant": "You"}


def _messages(parts: Sequence[_Part], system: str) -> dict[str, object]:
    messages = [{"role": "system", "content": system}] if system else []
    return {"messages": messages + [{"role": part.role, "content": part.text} for part in parts]}


def _conversation(trial: Trial, events: Sequence[Event], person: str) -> list[_Part]:
    """Return what was said, from a person's side, alternating; with several voices each is named."""
    names = {member.id: member.name for member in trial.people}
    perceived = [event for event in events if _is_heard(event, person)]
    several = len({event.source for event in perceived if isinstance(event, Perceived)}) > 1
    parts: list[_Part] = []
    for event in events:
        match event:
            case Perceived() if _is_heard(event, person):
                who = names.get(event.source, event.source)
                lead = f"{who}: " if several and who else ""
                _add(parts, _Part("user", lead + event.text.strip()))
            case Acted() if event.person == person and _is_said(event):
                _add(parts, _Part("assistant", event.text.strip()))
            case _:
                continue
    return parts


def _is_said(event: Acted) -> bool:
    return event.action in SPOKEN and bool(event.text.strip()) and event.fault is None


def _is_heard(event: Event, person: str) -> bool:
    return (
        isinstance(event, Perceived)
        and PERCEPTIONS[event.sense].is_message
        and person in event.people
        and bool(event.text.strip())
    )


def _add(parts: list[_Part], part: _Part) -> None:
    if parts and parts[-1].role == part.role:
        parts[-1] = _Part(part.role, f"{parts[-1].text}\n\n{part.text}")
    else:
        parts.append(part)
