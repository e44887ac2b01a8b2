"""Rates what a person said on the scale of a field, by how near their sentences are to statements for its points.

Each sentence counts for itself, without what it shares with the question, and is rated by the statements nearest to it.
What vectors are weak at is helped by two signals that tilt the distribution: a plain yes or no, and, where a model can
be asked, the end of the scale it takes the answer to lean to. Each step was kept because it measured better
(docs/questions.md; `tests/benchmarks/rating.py`). Asks an embedder; knows nothing of people or events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.measurement.anchors import Statements, points_of, statements_for
from tinytroupe_cli.measurement.leaning import Choose, leaning
from tinytroupe_cli.measurement.similarity_rating import Embedding, Rating, nearest, onto, tilted, without
from tinytroupe_cli.measurement.yes_no_cues import cue
from tinytroupe_cli.models.declining import is_stock_refusal
from tinytroupe_cli.models.port import Embedder
from tinytroupe_cli.plan.types import PlannedField

WIDTH = 0.03
"""How much less near (in cosine) a statement may be before it hardly counts; fitted for all-MiniLM-L6-v2."""
TILT = 4.0
"""How far a yes, a no or a leaning shifts a distribution: the ends' odds by e^8."""
CUED = 5.0
"""Weight of a sentence that says yes or no; others have 1."""
MAX_SENTENCES = 12
"""What is said after these is not read."""
_END = re.compile("(?<=[.!?\u2026])[\"'\u201d\u2019)]*\\s+")


async def rated(
    words: str, field: PlannedField, question: str, embedder: Embedder, *, choose: Choose | None = None
) -> Rating | None:
    """Rate an answer on the points of a scale or Likert field; None where there is nothing to rate or to rate by.

    `choose` lets a model say which end the answer leans to; without it, or where it says nothing, vectors and plain
    yes or no decide, for which the field must be about a known construct: labels alone rate no better than chance.
    """
    statements = statements_for(field, question)
    spoken = sentences(words)
    if statements is None or not spoken or is_stock_refusal(words):
        return None
    embeddings = await embedder.embed([question, *(statement for row in statements.sets for statement in row), *spoken])
    if not all(embeddings[1:]):
        return None
    lean = await leaning(words, field, question, choose) if choose else None
    if lean is None and not statements.construct:
        return None
    rating = _of_sentences(spoken, statements, embeddings)
    return Rating(onto(tilted(rating.pmf, TILT * (lean or 0.0)), points_of(field)), is_flat=rating.is_flat and not lean)


def value_of(rating: Rating, field: PlannedField) -> JsonValue:
    """Return the field's value nearest to a rating's expected point: a label, or a number on the scale."""
    if field.options:
        return field.options[_whole(rating.mean) - 1]
    low, high = map(float, type_of(field).range(field))
    steps = points_of(field) - 1
    if high - low == steps:
        return int(low) + _whole(rating.mean) - 1
    value = low + (rating.mean - 1) / steps * (high - low)
    return _whole(value) if low.is_integer() and high.is_integer() else value


def sentences(words: str) -> list[str]:
    """Return what was said, sentence by sentence."""
    parts = (part.strip() for line in words.splitlines() for part in _END.split(line.strip()))
    return [part for part in parts if re.search(r"\w", part)][:MAX_SENTENCES]


def _of_sentences(spoken: Sequence[str], statements: Statements, embeddings: Sequence[Embedding]) -> Rating:
    """Return the mean of the sentences' ratings; `vectors` are the question's, the statements' and the sentences'."""
    asked, *rest = embeddings
    size = len(statements.sets[0])
    last = len(statements.sets) * size
    sets = [rest[at : at + size] for at in range(0, last, size)]
    sign = -1 if statements.is_reversed else 1
    cues = [sign * cue(sentence, statements.construct) for sentence in spoken]
    ratings = [
        nearest(without(embedding, asked) if asked else embedding, sets, width=WIDTH) for embedding in rest[last:]
    ]
    pmfs = [tilted(rating.pmf, TILT * by) for rating, by in zip(ratings, cues, strict=True)]
    weights = [CUED if by else 1.0 for by in cues]
    columns = zip(*pmfs, strict=True)
    mean = tuple(sum(map(float.__mul__, column, weights)) / sum(weights) for column in columns)
    return Rating(mean, is_flat=all(rating.is_flat for rating in ratings) and not any(cues))


def _whole(number: float) -> int:
    """Round, halves upward."""
    return int(number + 0.5) if number >= 0 else -int(0.5 - number)
