"""Which end of a scale an answer leans to: a choice of three letters, asked in both orders.

Small models know a side where they know no number: asked for 1 to 7 the 1.5B one writes 7, asked which of two ends is
nearer it is mostly right. It prefers some letters to others, so it is asked again with the ends exchanged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tinytroupe_cli.measurement.anchors import statements_for
from tinytroupe_cli.measurement.constructs import labels_of
from tinytroupe_cli.plan.types import PlannedField

Choose = Callable[[str, tuple[str, ...]], Awaitable[str | None]]
"""Puts a question to a model that must answer with one of the options (temperature 0); None: it gave none."""

LETTERS = ("A", "B", "C")


async def leaning(words: str, field: PlannedField, question: str, choose: Choose) -> float | None:
    """Return -1 (the lowest point), -0.5, 0, 0.5 or 1 (the highest); None where a choice is missing or has no ends."""
    ends = ends_of(field, question)
    if ends is None:
        return None
    sides: list[float] = []
    for first, second, sign in ((*ends, 1.0), (*reversed(ends), -1.0)):
        letter = await choose(leaning_question(words, question, first, second), LETTERS)
        if letter not in LETTERS:
            return None
        sides.append(sign * {"A": -1.0, "B": 1.0, "C": 0.0}[letter])
    return sum(sides) / len(sides)


def leaning_question(words: str, question: str, first: str, second: str) -> str:
    """Put an answer and two ends to a coder."""
    return (
        f'Question: "{question.strip()}"\nAnswer: "{words.strip()}"\n\n'
        f"Which is nearer to what the answer says?\nA) {first}\nB) {second}\nC) in between, undecided"
    )


def ends_of(field: PlannedField, question: str) -> tuple[str, str] | None:
    """Return what stands at the two ends: the field's labels, or statements for them."""
    labels = labels_of(field)
    if len(labels) > 1:
        return labels[0], labels[-1]
    found = statements_for(field, question)
    return (found.sets[0][0], found.sets[0][-1]) if found else None
