"""Asks for a person's next line until one is of use; else takes the least bad, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.events.types import Acted, Event, Perceived
from tinytroupe_cli.minds.asking import ask_line
from tinytroupe_cli.minds.guarding import badness
from tinytroupe_cli.minds.guards import Fault, fault_of
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.script.lines import line_of
from tinytroupe_cli.models.port import ChatModel, Request

TRIES: Final = 3
"""How often a line is asked for, where what comes is none or is no evidence."""
APART: Final = 1_009
"""Between the sample numbers of two tries, so that no try is another query's sample."""
AVOIDED: Final = ("sorry", "apologize", "assist", "assistant", "AI", "language")
"""Words kept from a line that is asked for again because it was an assistant's."""


@dataclass(frozen=True, slots=True)
class NextLine:
    """What a person says."""

    text: str
    fault: Fault | None = None
    """Why it is no evidence."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person has said and heard so far, and what was put to them last."""

    name: str
    own: tuple[str, ...]
    others: tuple[str, ...]
    speakers: tuple[str, ...]
    """Who spoke, by name, in order."""
    asked: tuple[str, ...]

    @classmethod
    def of(
        cls, past: Sequence[Event], person: str, names: Mapping[str, str], *, name: str, asked: Sequence[str]
    ) -> Heard:
        """Read it from what has happened to a person."""
        own = [event.text for event in past if isinstance(event, Acted) and event.person == person and event.text]
        spoken = [event for event in past if isinstance(event, Perceived) and event.sense in ("say", "talk")]
        others = [event for event in spoken if event.source != person]
        return cls(
            name,
            tuple(own),
            tuple(event.text for event in others),
            tuple(names.get(event.source, _capital(event.source)) for event in others if event.source),
            tuple(asked),
        )


async def next_line(chat: ChatModel, request: Request, lines: Heard, *, is_guarded: bool) -> NextLine | NoAnswer:
    """Ask while nothing comes or, guarded, no evidence, at most three times; raises as the model does."""
    kept: list[NextLine] = []
    fault: Fault | None = None
    for number in range(TRIES):
        outcome = await ask_line(chat, _again(request, number, fault))
        if isinstance(outcome, NoAnswer):
            if number == 0:
                return outcome
            break
        text = line_of(
            outcome.text, lines.name, speakers=lines.speakers, asked=lines.asked, is_cut_off=outcome.is_cut_off
        )
        if not text:
            continue
        fault = fault_of(text, own=lines.own, others=lines.others, asked=lines.asked) if is_guarded else None
        kept.append(NextLine(text, fault))
        if fault is None:
            return kept[-1]
    if not kept:
        return NoAnswer("bad_output", "nothing was said")
    return min(kept, key=lambda line: badness(line.fault))  # of equals the first


def _again(request: Request, number: int, fault: Fault | None) -> Request:
    salt = request.salt.model_copy(update={"sample": request.salt.sample + APART * number})
    again: dict[str, object] = {"salt": salt}
    if fault in ("refusal", "assistant_talk"):
        again["avoid"] = AVOIDED
    if fault in ("repeats_self", "repeats_other", "question_back"):
        again["unlike_before"] = number
    return request.model_copy(update=again)


def _capital(source: str) -> str:
    return f"The{source[3:]}" if source.startswith("the ") else source
