"""Checks statements that stand for the points of a scale: does an embedding model find their order?

An anchor is nearest to itself, so a set is rated by the other sets only (leave one set out).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from tinytroupe_cli.core.rank_correlation import rank_correlation
from tinytroupe_cli.events.postprocessing import AnchorSetCheck
from tinytroupe_cli.fields.planned_field import PlannedRating
from tinytroupe_cli.measurement.similarity_rating import Embedding, cosine, rate
from tinytroupe_cli.models.port import Embedder

MIN_ORDER: Final = 0.9
"""Least rank correlation between a set's points and their scores by the other sets."""
MIN_NEAR: Final = 0.8
"""Least share of a set's statements whose likeliest point is at most one away."""
MIN_SPACING: Final = 0.8
"""Least rank correlation, within a set, between the distance of points and the dissimilarity of their statements."""
MIN_FOR_SPACING: Final = 4
"""Points from which spacing is checked."""
TOLERANCE: Final = 1e-9


async def check_anchors(rating: PlannedRating, embedder: Embedder) -> tuple[AnchorSetCheck, ...]:
    """Return how each set does; empty: there is one set only, or a statement has no vector."""
    size = len(rating.anchors[0])
    vectors = await embedder.embed([text for statements in rating.anchors for text in statements])
    if len(rating.anchors) < 2 or not all(vectors):  # noqa: PLR2004 - a set is checked by others
        return ()
    return tuple(check_sets([vectors[at : at + size] for at in range(0, len(vectors), size)]))


def check_sets(sets: Sequence[Sequence[Embedding]]) -> Iterator[AnchorSetCheck]:
    """Yield how each set of vectors is rated by the others; there are at least two sets."""
    for number, own in enumerate(sets, start=1):
        others = [anchor_set for at, anchor_set in enumerate(sets, start=1) if at != number]
        ratings = [rate(anchor, others) for anchor in own]
        points = range(1, len(own) + 1)
        near = sum(abs(rating.mode - point) <= 1 for point, rating in zip(points, ratings, strict=True)) / len(own)
        yield AnchorSetCheck(
            number=number,
            order=rank_correlation([*points], [rating.mean for rating in ratings]),
            ends_in_order=ratings[0].mean < ratings[-1].mean,
            near=near,
            spacing=_spacing(own) if len(own) >= MIN_FOR_SPACING else None,
        )


def faults_of(check: AnchorSetCheck) -> list[str]:
    """Return what is doubtful about a set, in words; empty: nothing."""
    found: list[str] = []
    if check.order is None or check.order < MIN_ORDER - TOLERANCE:
        found.append(f"its order is not found (rank correlation {_number(check.order)}, expected {MIN_ORDER} or more)")
    if not check.ends_in_order:
        found.append("its lowest statement scores above its highest")
    if check.near < MIN_NEAR - TOLERANCE:
        found.append(f"only {100 * check.near:.0f}% of its statements come within a point (expected {MIN_NEAR:.0%})")
    if check.spacing is not None and check.spacing < MIN_SPACING - TOLERANCE:
        found.append(f"distant points are not worded less alike (rank correlation {_number(check.spacing)})")
    return found


def _spacing(own: Sequence[Embedding]) -> float | None:
    pairs = list(combinations(range(len(own)), 2))
    return rank_correlation([b - a for a, b in pairs], [1 - cosine(own[a], own[b]) for a, b in pairs])


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
