"""Asks a person how likely each answer would be for them, and draws their answer (Meister et al. 2025, NAACL).

One question gives the distribution; every sample is a draw from it by the inverse CDF in written order, with one number
per person, sample and replicate, so that conditions share their luck (common random numbers).
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import accumulate
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.quantile_distributions import quantile_at
from tinytroupe_cli.events.distributions import AnswerDistribution
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.measurement.inquiries import Inquiry
from tinytroupe_cli.measurement.instruments import Instrument, name_of
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema

WHOLE: Final = 100
"""What the answers' numbers add up to."""
MIN_SUM, MAX_SUM = 95, 105
"""Sums that are taken, and normalized."""

PERCENTS: Final = (10, 50, 90)
"""The quantiles of a number that are asked for."""

AskForShares = Callable[[str, AnswerSchema], Awaitable[Answer | NoAnswer]]
"""Puts a question to the person."""


async def answered_by_probabilities(inquiry: Inquiry, say: AskForShares, luck: float) -> Answer | NoAnswer:
    """Ask for the probability of each answer, once more if they don't add up, and draw one with a number in [0, 1)."""
    (field,), (one,) = inquiry.query.fields, inquiry.instruments
    if field.kind == "number":
        return await _answered_by_quantiles(inquiry, say, luck)
    shown = shown_answers(field, one)
    keys = [f"{one.key}_{number}" for number in range(1, len(shown) + 1)]
    asked = f"{inquiry.query.questions[inquiry.person].strip()}\n\n{request(field, shown, keys)}"
    found = await _stated(say, asked, keys, probabilities)
    if isinstance(found, NoAnswer):
        return found
    pmf = in_written_order(field, shown, found)
    drawn = type_of(field).answers(field)[draw(pmf, luck)]
    return Answer(
        {one.key: label(drawn)},
        methods={one.key: "verbalized"},
        distributions={one.key: AnswerDistribution(pmf=pmf)},
    )


async def _answered_by_quantiles(inquiry: Inquiry, say: AskForShares, luck: float) -> Answer | NoAnswer:
    (field,), (one,) = inquiry.query.fields, inquiry.instruments
    low, high = type_of(field).range(field)
    keys = [f"{one.key}_{percent}" for percent in PERCENTS]
    asked = f"{inquiry.query.questions[inquiry.person].strip()}\n\n{request_for_quantiles(field, keys)}"
    found = await _stated(say, asked, keys, lambda values: quantiles(values, low, high))
    if isinstance(found, NoAnswer):
        return found
    drawn = rounded(quantile_at(found, luck), high - low)
    return Answer(
        {one.key: min(high, max(low, drawn))},
        methods={one.key: "verbalized"},
        distributions={one.key: AnswerDistribution(quantiles=found)},
    )


async def _stated(
    say: AskForShares, asked: str, keys: Sequence[str], read: Callable[[Sequence[JsonValue]], tuple[float, ...] | str]
) -> tuple[float, ...] | NoAnswer:
    """Ask for numbers, once more if they can't be used."""
    text, schema = asked, AnswerSchema.flat("answer", {key: {"type": "number"} for key in keys})
    for is_last in (False, True):
        answer = await say(text, schema)
        if isinstance(answer, NoAnswer):
            return answer
        found = read([answer.values.get(key) for key in keys])
        if not isinstance(found, str):
            return found
        if is_last:
            return NoAnswer("bad_output", found)
        text = f"{asked}\n\nAn answer to this can't be used: {found}."
    raise AssertionError("the last answer was returned")


def request_for_quantiles(field: PlannedField, keys: Sequence[str]) -> str:
    """Return how to answer: three numbers between which the person's own would lie."""
    lines = [
        f"{key}: there is a chance of {percent}% that your number would be lower than this"
        for key, percent in zip(keys, PERCENTS, strict=True)
    ]
    return (
        f"Which number would you give ({name_of(field)}: {type_of(field).phrase(field)})? As you can't be sure, give "
        "three numbers, each at least as high as the one before.\n" + "\n".join(lines)
    )


def quantiles(values: Sequence[JsonValue], low: float, high: float) -> tuple[float, ...] | str:
    """Return bounds and quantiles in increasing order; else what is wrong with the numbers."""
    numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values) or not all(math.isfinite(number) for number in numbers):
        return "each of the three needs a number"
    if outside := [number for number in numbers if not low <= number <= high]:
        return f"{outside[0]:g} is not between {low:g} and {high:g}"
    if sorted(numbers) != numbers:
        return "the numbers do not increase"
    return (low, *numbers, high)


def rounded(value: float, width: float) -> float:
    """Return a drawn number with as many digits as a thousandth of the range has."""
    digits = 3 - math.ceil(math.log10(width))
    return round(value, max(0, digits))


def request(field: PlannedField, shown: Sequence[JsonValue], keys: Sequence[str]) -> str:
    """Return how to answer: a number for each answer, together 100."""
    lines = [f'{key}: "{labeled_answer(field, value)}"' for key, value in zip(keys, shown, strict=True)]
    return (
        f"How likely is it that you would give each of these answers ({name_of(field)})? "
        f"Give each a number from 0 to {WHOLE}; together they make {WHOLE}.\n" + "\n".join(lines)
    )


def shown_answers(field: PlannedField, instrument: Instrument) -> Sequence[JsonValue]:
    """Return a field's answers in the order this person reads them."""
    written = type_of(field).answers(field)
    if len(instrument.shown) == len(written):
        return instrument.shown
    is_down = bool(instrument.shown) and not is_same(instrument.shown[0], written[0])
    return written[::-1] if is_down else written


def probabilities(values: Sequence[JsonValue]) -> tuple[float, ...] | str:
    """Return the numbers as probabilities that add up to 1; else what is wrong with them."""
    numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values) or not all(math.isfinite(number) for number in numbers):
        return "every answer needs a number"
    if min(numbers) < 0:
        return f"a number is below 0: {min(numbers):g}"
    total = math.fsum(numbers)
    if not MIN_SUM <= total <= MAX_SUM:
        return f"the numbers make {total:g}, not {WHOLE}"
    return tuple(number / total for number in numbers)


def in_written_order(field: PlannedField, shown: Sequence[JsonValue], pmf: Sequence[float]) -> tuple[float, ...]:
    """Return probabilities of answers in the order shown in the order they are written in."""
    by_label: Mapping[str, float] = {label(value): p for value, p in zip(shown, pmf, strict=True)}
    return tuple(by_label[label(value)] for value in type_of(field).answers(field))


def draw(pmf: Sequence[float], luck: float) -> int:
    """Return the place that a number in [0, 1) draws, by the inverse CDF; never one without probability."""
    possible = [place for place, p in enumerate(pmf) if p > 0]
    return next((place for place, reached in enumerate(accumulate(pmf)) if luck < reached), possible[-1])


def labeled_answer(field: PlannedField, value: JsonValue) -> str:
    """Return an answer as it is offered; an end of a scale with its label."""
    words = next((end.label for end in type_of(field).ends(field) or () if end.value == value), "")
    return f"{label(value)} ({words})" if words and words != label(value) else label(value)
