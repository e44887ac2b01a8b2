"""Every way in which something reaches a person: one row each, from which other rooms derive what they need to know."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

Verb = Literal["say", "think", "goal", "show", "read", "move", "social"]
"""The verb of a stimulus."""
VERBS: Final[tuple[Verb, ...]] = get_args(Verb)

PerceptionKind = Literal[
    Verb, "talk", "feedback", "location", "reach_out", "recall", "document", "tool", "system", "reminder"
]
"""How something reached a person: a stimulus; another person's talk or reaching out; the world's word on an act and on
where they are; or the answer to an act: what came to mind, a document, a tool's or system's reply."""


class Perception(NamedTuple):
    """What is to be known of one kind."""

    phrase: str
    """In a transcript, after the source or, of a person's own, after the person."""
    design_phrase: str = ""
    """A verb's, in the report's list of stimuli; `{source}` and `{to}` are filled in."""
    is_own: bool = False
    """Reported of the person it reaches, not of its source."""
    is_private: bool = False
    """Others do not perceive it."""
    is_voice: bool = False
    """An outside voice makes itself known by it."""
    is_spoken: bool = False
    """Words a repetition may repeat."""
    is_put: bool = False
    """Words that may be given back instead of an answer."""
    is_message: bool = False
    """Somebody's words: part of a chat in training data."""
    shows_source: bool = False
    """The plan names where it comes from."""


PERCEPTIONS: Final[dict[PerceptionKind, Perception]] = {
    "say": Perception(
        "says", "{source} says to {to}", is_voice=True, is_spoken=True, is_put=True, is_message=True, shows_source=True
    ),
    "think": Perception("thinks", "a thought came to {to}", is_own=True, is_private=True, is_put=True),
    "goal": Perception("takes as a goal", "a goal was set for {to}", is_own=True, is_private=True, is_put=True),
    "show": Perception("shows", "{source} shows to {to}", is_voice=True, is_message=True),
    "read": Perception("gives to read", "{source} gives to read to {to}", is_voice=True, is_message=True),
    "move": Perception("moves to", "a move, of {to}", is_own=True),
    "social": Perception(
        "tells how things stand",
        "who they are to each other, told to {to}",
        is_voice=True,
        is_spoken=True,
        is_put=True,
        shows_source=True,
    ),
    "talk": Perception("says", is_spoken=True, is_put=True, is_message=True),
    "feedback": Perception("notices", is_own=True, is_private=True),
    "location": Perception("looks around", is_own=True, is_private=True),
    "reach_out": Perception("reaches out", is_message=True),
    "recall": Perception("remembers", is_own=True, is_private=True),
    "document": Perception("reads in {source}", is_own=True, is_private=True),
    "tool": Perception("gets from {source}", is_own=True, is_private=True),
    "system": Perception("says", is_spoken=True, is_put=True, is_message=True),
    "reminder": Perception("is reminded", is_own=True, is_private=True),
}
