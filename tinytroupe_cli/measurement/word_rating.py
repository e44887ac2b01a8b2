"""Rates what a person said on the scale of a field, by how near their sentences are to statements for its points.

The way was chosen by measurement (docs/statistics.md; `tests/benchmarks/rating.py`): each sentence for itself, without
what it shares with the question, by the statements nearest to it. Asks an embedder; knows nothing of people or events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.measurement.anchors import anchors_for, bounds, points_of
from tinytroupe_cli.measurement.similarity_rating import Pmf, Rating, Vector, rate_by_nearest, without
from tinytroupe_cli.models.declining import is_stock_refusal
from tinytroupe_cli.models.port import Embedder
from tinytroupe_cli.plan.types import PlannedField

WIDTH = 0.03
"""How much less near (in cosine) a statement may be before it hardly counts; fitted for all-MiniLM-L6-v2."""
MOST_SENTENCES = 12
"""What is said after these is not read."""
_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")


async def rated(words: str, field: PlannedField, question: str, embedder: Embedder) -> Rating | None:
    """Rate an answer on a scale or Likert field; None where the words, the field or the embedder give nothing to rate."""
    anchors = anchors_for(field, question)
    said = sentences(words)
    if anchors is None or not said or is_stock_refusal(words):
        return None
    statements = [statement for one in anchors for statement in one]
    vectors = await embedder.embed([question, *statements, *said])
    if not all(vectors[1:]):
        return None
    asked, rest = vectors[0], iter(vectors[1:])
    sets = [[next(rest) for _ in one] for one in anchors]
    return _spread(_averaged([_rated_one(one, sets, asked) for one in rest]), points_of(field))


def value_of(rating: Rating, field: PlannedField) -> JsonValue:
    """Return the field's value nearest to a rating's expected point: a label, or a number on the scale."""
    if field.kind == "likert":
        return field.options[_whole(rating.mean) - 1]
    low, high = bounds(field)
    points = points_of(field)
    at = _whole(rating.mean) if high - low == points - 1 else rating.mean
    value = low + (at - 1) / (points - 1) * (high - low)
    return _whole(value) if low.is_integer() and high.is_integer() else value


def sentences(words: str) -> list[str]:
    """Return what was said, sentence by sentence."""
    parts = (part.strip() for line in words.splitlines() for part in _END.split(line.strip()))
    return [part for part in parts if re.search(r"\w", part)][:MOST_SENTENCES]


def _rated_one(sentence: Vector, sets: list[list[Vector]], question: Vector) -> Rating:
    said = without(sentence, question) if question else sentence
    return rate_by_nearest(said, sets, width=WIDTH)


def _averaged(ratings: list[Rating]) -> Rating:
    """Return the mean of the sentences' ratings."""
    if len(ratings) == 1:
        return ratings[0]
    per_set = tuple(_mean(same) for same in zip(*(one.per_set for one in ratings), strict=True))
    return Rating(_mean([one.pmf for one in ratings]), per_set, is_flat=all(one.is_flat for one in ratings))


def _mean(pmfs: Sequence[Pmf]) -> Pmf:
    return tuple(sum(column) / len(pmfs) for column in zip(*pmfs, strict=True))


def _spread(rating: Rating, points: int) -> Rating:
    """Carry a rating over to a longer scale; the expected point keeps its place between the ends."""
    if points == len(rating.pmf):
        return rating
    per_set = tuple(_onto(one, points) for one in rating.per_set)
    return Rating(_onto(rating.pmf, points), per_set, is_flat=rating.is_flat)


def _onto(pmf: Pmf, points: int) -> Pmf:
    shares = [0.0] * points
    for at, share in enumerate(pmf):
        place = at * (points - 1) / (len(pmf) - 1)
        below = min(int(place), points - 2)
        shares[below] += share * (below + 1 - place)
        shares[below + 1] += share * (place - below)
    return tuple(shares)


def _whole(number: float) -> int:
    return int(number + 0.5)
