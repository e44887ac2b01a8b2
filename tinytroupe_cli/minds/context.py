"""Persona + past + present -> messages, the stable part first.

The past is an append-only dialogue: what reached the person as user messages, what they did as
assistant messages in the reply's own form. The last message tells what has just reached them
and only then the present, so that a person's next request extends this one up to there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tinytroupe_cli.events.types import Acted, Event, Felt, Misaddressed, Perceived, TrialBegan
from tinytroupe_cli.minds.situation import Ability, Situation
from tinytroupe_cli.models.port import Message
from tinytroupe_cli.prompts.catalog import PersonPerceived, PersonPresent, render

NOTHING_NEW = "(Nothing new has reached you.)"


@dataclass(slots=True)
class _Moment:
    """What reached a person, and what they did about it."""

    perceived: list[str] = field(default_factory=list[str])
    did: dict[str, str] = field(default_factory=dict[str, str])
    step: int = 0
    """The step of what they did."""


def dialogue(person: str, past: Sequence[Event]) -> tuple[list[Message], str]:
    """Fold a person's events into messages; return them, and what has reached them since their last turn."""
    moments = list(_moments(person, past))
    messages: list[Message] = []
    for moment in moments[:-1]:
        messages.append(Message(role="user", content=_reached(moment)))
        messages.append(Message(role="assistant", content=json.dumps(moment.did, ensure_ascii=False)))
    return messages, _reached(moments[-1])


def present(name: str, situation: Situation) -> str:
    """Write where and how the person is now."""
    return render(
        "person/present",
        PersonPresent(
            name=name,
            date=f"{situation.time:%A} {situation.time.day} {situation.time:%B %Y, %H:%M}",
            occasion=situation.occasion,
            place=situation.place,
            listeners=situation.listeners,
            abilities=tuple(map(described, situation.abilities)),
            feeling=situation.feeling,
            goal=situation.goal,
            attention=situation.attention,
            context=situation.context,
        ),
    )


def described(ability: Ability) -> str:
    """Say in a line what somebody can do."""
    choices = f": {', '.join(ability.choices)}" if ability.choices else ""
    return f"{ability.name} ({ability.does}{choices})"


def _reached(moment: _Moment) -> str:
    return "\n".join(moment.perceived) or NOTHING_NEW


def _moments(person: str, past: Sequence[Event]) -> Iterator[_Moment]:
    """Yield the person's finished turns, and last what is new since then."""
    names: dict[str, str] = {}
    moment = _Moment()
    for event in past:
        match event:
            case TrialBegan():
                names = event.names
            case Perceived() if person in event.people:
                if moment.did:
                    yield moment
                    moment = _Moment()
                moment.perceived.append(_perceived(event, person, names))
            case Acted() | Felt() | Misaddressed() if event.person == person:
                if moment.did and moment.step != event.step:
                    yield moment
                    moment = _Moment()
                moment.step = event.step
                moment.did |= _did(event, names)
            case _:
                pass
    if moment.did:
        yield moment
        moment = _Moment()
    yield moment


def _did(event: Acted | Felt | Misaddressed, names: dict[str, str]) -> dict[str, str]:
    match event:
        case Acted(deed="THINK"):
            return {"thought": event.text}
        case Acted(deed="DONE"):
            return {"words": ""}
        case Acted(deed="TALK"):
            return {"to": names.get(event.to, event.to), "words": event.text}
        case Acted():
            return {"act": event.deed, "argument": event.text}
        case Misaddressed():
            return {"to": event.name, "words": event.text}
        case Felt():
            return {"feeling": event.emotion, "goal": event.goal}


def _perceived(event: Perceived, person: str, names: dict[str, str]) -> str:
    to = "you" if event.to == person else names.get(event.to, event.to)
    source = names.get(event.source, event.source)
    return render("person/perceived", PersonPerceived(sense=event.sense, source=source, to=to, text=event.text))
