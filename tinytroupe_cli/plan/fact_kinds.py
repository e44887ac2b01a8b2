"""What tables can be made from: kinds of facts, and the names each has.

`analysis/facts.py` finds them in the event log; here stands what may be written.
"""

from __future__ import annotations

COMMON: tuple[str, ...] = ("trial", "condition", "replicate", "step", "time")
"""Names every fact has."""

FACTS: dict[str, tuple[str, ...]] = {
    "talks": ("person", "to", "text"),
    "thoughts": ("person", "text"),
    "acts": ("person", "act", "to", "text"),
    "perceptions": ("person", "sense", "source", "to", "text"),
    "feelings": ("person", "emotion", "attention", "goal"),
    "documents": ("person", "title", "text"),
    "moves": ("person", "place"),
    "exchanges": ("person", "system", "message", "text", "ok"),
    "tool_uses": ("person", "tool", "act", "arguments", "text", "ok"),
    "interventions": ("name", "justification"),
    "answers": ("person", "query", "field", "sample", "value"),
}
"""Kind -> its own names, in the order in which a table shows them."""

PEOPLE: tuple[str, ...] = ("person", "to", "source")
"""Names that mean somebody: alone an id (or an outside voice), with a dot a field of the persona."""
OF_ANYBODY: tuple[str, ...] = ("id", "name")
"""Fields everybody has."""


def names_of(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that all of these kinds have, those of every fact first."""
    first, *others = (FACTS[kind] for kind in kinds)
    return (*COMMON, *(name for name in first if all(name in other for other in others)))
