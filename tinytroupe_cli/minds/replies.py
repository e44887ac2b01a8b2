"""A reply's shape, and what it means: who was spoken to, what was thought, said, done and felt.

Silence is empty `words`, so `to` needs no "nobody" that could contradict them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.language.said_options import said_options
from tinytroupe_cli.language.said_values import label, unwrapped
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.situation import EVERYONE, Situation, Turn
from tinytroupe_cli.models.declining import is_stock_refusal
from tinytroupe_cli.models.port import Again, AnswerSchema

TOKENS_PER_WORD = 1.5
NO_ACT = "none"
MAX_FIELD_CHARACTERS: Final = {"thought": 300, "argument": 200, "feeling": 100, "goal": 200}
"""Letters; two to three times what was asked for. Words aloud have none: a sentence isn't to be broken off."""


ENOUGH: Final = ("thought", "words", "act")
"""Any of these makes a turn: a goal or a feeling that was left out stays what it was."""
ALIASES: Final = {
    **dict.fromkeys(("thoughts", "thinking", "think", "inner thought"), "thought"),
    **dict.fromkeys(("speech", "say", "says", "said", "message", "talk", "utterance", "spoken words"), "words"),
    **dict.fromkeys(("feelings", "emotion", "emotions", "mood"), "feeling"),
    **dict.fromkeys(("goals", "want", "wants", "current goal"), "goal"),
    **dict.fromkeys(("listener", "addressee", "recipient", "whom"), "to"),
    **dict.fromkeys(("action",), "act"),
    **dict.fromkeys(("arguments", "args"), "argument"),
}
"""What models call them where they aren't held to a shape."""


def reply_schema(situation: Situation) -> AnswerSchema:
    """Return the shape of this turn's reply, flat and in the order a person works."""
    listeners = situation.listeners
    properties: dict[str, JsonValue] = {"thought": {"type": "string"}}
    if listeners:
        properties["to"] = {"type": "string", "enum": list(listeners)}
        properties["words"] = {"type": "string"}
    if situation.abilities:
        acts = [ability.name for ability in situation.abilities]
        properties["act"] = {"type": "string", "enum": [NO_ACT, *acts]}
        properties["argument"] = {"type": "string"}
    properties |= {"feeling": {"type": "string"}, "goal": {"type": "string"}}
    longest = {name: characters for name, characters in MAX_FIELD_CHARACTERS.items() if name in properties}
    return AnswerSchema.flat(
        "moment",
        properties,
        open=("to",) if listeners else (),
        longest=longest,
        optional=tuple(name for name in properties if name not in ENOUGH),
        as_written=True,
        aliases={written: meant for written, meant in ALIASES.items() if meant in properties},
    )


def reply_tokens(max_words: int) -> int:
    """Return the most tokens a reply may take: the words, as many for thinking, and the rest."""
    return int(2 * max_words * TOKENS_PER_WORD) + 160


def read_reply(values: Mapping[str, JsonValue], situation: Situation) -> Turn | NoAnswer:
    """Turn a reply into what happened; where the model declined in the person's words, into that.

    Held to a shape, a model can decline nowhere else. Kept as theirs it would be counted as something a person
    said, and small models say it again at every turn that remembers it.
    """
    reply = {name: _text(value) for name, value in values.items()}
    words = reply.get("words", "")
    if is_stock_refusal(words or reply.get("thought", "")):
        return NoAnswer("refused", words or reply["thought"])
    to, stranger = _addressee(reply.get("to", ""), situation) if words else ("", "")
    act = _act(reply.get("act", ""), situation)
    return Turn(
        thought=reply.get("thought", ""),
        to=to,
        words=words,
        unknown_addressee=stranger,
        action=act,
        argument=reply.get("argument", "") if act else "",
        feeling=reply.get("feeling", ""),
        goal=reply.get("goal", ""),
    )


def _text(value: JsonValue) -> str:
    """Return a part of a reply as text; nothing where it is none."""
    match unwrapped(value):
        case None | dict():
            return ""
        case list() as parts:
            return ", ".join(label(part) for part in parts if isinstance(part, str | int | float))
        case single:
            return label(single).strip()


def _act(written: str, situation: Situation) -> str:
    """Return the ability a written name means; empty where there is none."""
    names = [NO_ACT, *(ability.name for ability in situation.abilities)]
    meant = said_options(written, names)
    return names[meant[0]] if len(meant) == 1 and meant[0] else ""


def _addressee(written: str, situation: Situation) -> tuple[str, str]:
    """Return whom a written name means, and the name itself if nobody within reach has it."""
    wanted = written.strip(" .\"'").casefold()
    meant: dict[str, str] = {}
    for person, name in situation.people:
        meant |= {person.casefold(): person, name.casefold(): person}
    for person, name in situation.people:
        meant.setdefault(name.split()[0].casefold(), person)
    meant |= {voice.casefold(): voice for voice in (*situation.outside_speakers, *situation.systems)}
    if not wanted and len(situation.listeners) == 1:
        return meant[situation.listeners[0].casefold()], ""
    if wanted in ("", EVERYONE, "all", "everybody"):
        alone = len(situation.people) == 1 and not situation.outside_speakers
        return (situation.people[0][0] if alone else EVERYONE), ""
    return (meant[wanted], "") if wanted in meant else ("", written)


def no_use(situation: Situation, values: dict[str, JsonValue]) -> Again | None:
    """Return why a turn is asked for again, if its words are a refusal."""
    return "refused" if isinstance(read_reply(values, situation), NoAnswer) else None
