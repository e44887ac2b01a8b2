"""Reads the probability of each answer off a model's first token, and draws the person's answer.

Answers are lettered, so that each has a first token of its own, and asked for in several orders, over which
probabilities are averaged: models prefer some letters and places.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from math import fsum
from string import ascii_uppercase
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.events.distributions import AnswerDistribution
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.measurement.inquiries import Inquiry
from tinytroupe_cli.measurement.instruments import name_of
from tinytroupe_cli.measurement.verbalized import draw, in_written_order, labeled_answer, shown_answers
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer

MAX_ORDERS: Final = 6
NO_LETTER: Final = "none of the letters is among the model's likeliest tokens"

Chances = Callable[[str], Coroutine[Any, Any, Mapping[str, float] | NoAnswer]]
"""Puts a question to the person; returns first token -> probability."""


async def answered_by_tokens(inquiry: Inquiry, chances: Chances, luck: float) -> Answer | NoAnswer:
    """Ask in several orders, average the answers' probabilities and draw one with a number in [0, 1)."""
    (field,), (one,) = inquiry.query.fields, inquiry.instruments
    asked = orders(field, shown_answers(field, one))
    question = inquiry.query.questions[inquiry.person].strip()
    replies = await gather(chances(f"{question}\n\n{request(field, order)}") for order in asked)
    masses: list[tuple[float, ...]] = []
    for order, reply in zip(asked, replies, strict=True):
        if isinstance(reply, NoAnswer):
            return reply
        masses.append(in_written_order(field, order, letter_masses(reply, len(order))))
    mean = [fsum(column) / len(masses) for column in zip(*masses, strict=True)]
    total = fsum(mean)
    if total <= 0:
        return NoAnswer("bad_output", NO_LETTER)
    pmf = tuple(mass / total for mass in mean)
    drawn = type_of(field).answers(field)[draw(pmf, luck)]
    return Answer(
        {one.key: label(drawn)},
        methods={one.key: "logprobs"},
        distributions={one.key: AnswerDistribution(pmf=pmf, other_mass=max(0.0, 1 - total))},
    )


def orders(field: PlannedField, shown: Sequence[JsonValue]) -> list[tuple[JsonValue, ...]]:
    """Return the orders that are asked: both directions of a scale, else rotations, at most six."""
    if type_of(field).shape not in ("nominal", "binary"):
        return [tuple(shown), tuple(shown[::-1])]
    count = len(shown)
    starts = [place * count // min(count, MAX_ORDERS) for place in range(min(count, MAX_ORDERS))]
    return [(*shown[start:], *shown[:start]) for start in starts]


def request(field: PlannedField, order: Sequence[JsonValue]) -> str:
    """Return the lettered answers."""
    lines = [f"{letter}: {labeled_answer(field, value)}" for letter, value in zip(ascii_uppercase, order, strict=False)]
    return f"{name_of(field)}: which of these is your answer?\n" + "\n".join(lines) + "\nReply with its letter alone."


def letter_masses(chances: Mapping[str, float], count: int) -> tuple[float, ...]:
    """Return the probability of each letter; spaces and case of a token don't count."""
    return tuple(
        fsum(chance for token, chance in chances.items() if token.strip().upper() == letter)
        for letter in ascii_uppercase[:count]
    )
