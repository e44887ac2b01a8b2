"""Names of the actions that come with the package; a user's tools add their own."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """A built-in action."""

    NONE = "NONE"
    """Nothing but words, where a model is asked for an action."""
    THINK = "THINK"
    TALK = "TALK"
    DONE = "DONE"
    """The turn ends without words."""
    MOVE = "MOVE"
    REACH_OUT = "REACH_OUT"
    SHOW = "SHOW"
    RECALL = "RECALL"
    CONSULT = "CONSULT"
    LIST_DOCUMENTS = "LIST_DOCUMENTS"
    WRITE_DOCUMENT = "WRITE_DOCUMENT"
    CREATE_EVENT = "CREATE_EVENT"
    LIST_EVENTS = "LIST_EVENTS"
    FIND_EVENTS = "FIND_EVENTS"


SPOKEN: Final = frozenset({Action.TALK, Action.REACH_OUT})
"""Actions whose text is said to somebody."""
