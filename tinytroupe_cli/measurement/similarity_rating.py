"""Semantic similarity rating: how near an answer's vector is to statements that stand for the points of a scale.

Maier et al. 2025, arXiv 2510.08338, as in the authors' package. Arithmetic only: knows vectors, nothing of texts,
fields or models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

Embedding = Sequence[float]
RatingPmf = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """An answer as a distribution over the points of a scale, counted from 1."""

    pmf: RatingPmf
    """Probability of each point: the mean over the sets of anchors, at the temperature asked for."""
    per_set: tuple[RatingPmf, ...] = ()
    """Each set's own distribution, before the temperature."""
    is_flat: bool = False
    """Whether every set was equally near at all points: the answer says nothing, and `pmf` is uniform."""

    @property
    def mode(self) -> int:
        """Return the likeliest point, the first of several."""
        return self.pmf.index(max(self.pmf)) + 1

    @property
    def mean(self) -> float:
        """Return the expected point, 1 to k."""
        return sum(point * share for point, share in enumerate(self.pmf, start=1))

    @property
    def entropy(self) -> float:
        """Return the distribution's entropy in bits, 0 to log2(k)."""
        return -sum(share * math.log2(share) for share in self.pmf if share > 0) + 0.0


def rate(
    answer: Embedding, anchors: Sequence[Sequence[Embedding]], *, temperature: float = 1.0, epsilon: float = 0.0
) -> Rating:
    """Rate an answer by sets of k anchors each, ordered from the lowest point to the highest.

    With g_i = (1 + cos(answer, anchor_i)) / 2 and l the first point with the least of them, a set says
    p_i = (g_i - g_l + epsilon * [i = l]) / (sum(g) - k * g_l + epsilon). Sets are averaged, then the temperature is
    applied. Raises ValueError without anchors, for sets of unequal size, and for vectors of another length.
    """
    k = _points(anchors)
    if temperature < 0 or epsilon < 0:
        raise ValueError("temperature and epsilon must not be negative")
    nearness = [[(1 + cosine(answer, anchor)) / 2 for anchor in statements] for statements in anchors]
    found = [_shares(row, epsilon) for row in nearness]
    per_set = tuple(shares or (1 / k,) * k for shares in found)
    pmf = tuple(math.fsum(column) / len(per_set) for column in zip(*per_set, strict=True))
    return Rating(at_temperature(pmf, temperature), per_set, is_flat=not any(found))


def nearest(answer: Embedding, anchors: Sequence[Sequence[Embedding]], *, width: float) -> Rating:
    """Rate an answer by the statements nearest to it, whichever set they stand in.

    Every statement weighs exp(cos / width), over all sets together, and a point has the share of its statements. Other
    than in `rate`, no set speaks that has nothing near. Raises ValueError as `rate` does.
    """
    k = _points(anchors)
    if width <= 0:
        raise ValueError("the width must be above 0")
    nearness = [[cosine(answer, anchor) for anchor in statements] for statements in anchors]
    most = max(map(max, nearness))
    weights = [
        math.fsum(math.exp((value - most) / width) for value in column) for column in zip(*nearness, strict=True)
    ]
    is_flat = all(value == most for row in nearness for value in row)
    return Rating((1 / k,) * k if is_flat else _normed(weights), is_flat=is_flat)


def without(embedding: Embedding, direction: Embedding) -> list[float]:
    """Return a vector less its part along a direction, as of an answer what it shares with the question."""
    square = _dot(direction, direction)
    along = _dot(embedding, direction) / square if square else 0.0
    return [number - along * other for number, other in zip(embedding, direction, strict=True)]


def tilted(pmf: Sequence[float], strength: float) -> RatingPmf:
    """Shift a distribution towards its highest point, below 0 its lowest: p_i * exp(strength * x_i), x from -1 to 1."""
    last = len(pmf) - 1
    return _normed([share * math.exp(strength * (2 * at / last - 1)) for at, share in enumerate(pmf)])


def onto(pmf: Sequence[float], points: int) -> RatingPmf:
    """Carry a distribution over to a scale of another length; its expected point keeps its place between the ends."""
    shares = [0.0] * points
    for at, share in enumerate(pmf):
        place = at * (points - 1) / (len(pmf) - 1)
        below = min(int(place), points - 2)
        shares[below] += share * (below + 1 - place)
        shares[below + 1] += share * (place - below)
    return tuple(shares)


def at_temperature(pmf: Sequence[float], temperature: float) -> RatingPmf:
    """Sharpen (below 1) or flatten (above 1) a distribution: p^(1/T), renormalized; 0 leaves the first maximum."""
    most = max(pmf)
    if temperature == 0:
        first = list(pmf).index(most)
        return tuple(float(at == first) for at in range(len(pmf)))
    # By the largest share first: a power of small shares would be 0 everywhere.
    return _normed([(share / most) ** (1 / temperature) for share in pmf])


def _points(anchors: Sequence[Sequence[Embedding]]) -> int:
    """Return how many anchors each set has."""
    sizes = {len(statements) for statements in anchors}
    if len(sizes) != 1 or min(sizes) < 2:  # noqa: PLR2004 - one point is no scale
        raise ValueError("every set must have the same number of anchors, at least two")
    return sizes.pop()


def _normed(weights: Sequence[float]) -> RatingPmf:
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)


def _shares(nearness: Sequence[float], epsilon: float) -> RatingPmf | None:
    """Return a set's distribution; None where all points are equally near and epsilon doesn't decide."""
    least = min(nearness)
    lowest = nearness.index(least)
    raw = [value - least + epsilon * (at == lowest) for at, value in enumerate(nearness)]
    total = math.fsum(raw)
    return tuple(value / total for value in raw) if total else None


def cosine(first: Embedding, second: Embedding) -> float:
    """Return the cosine of two vectors, 0 where one is zero; raises ValueError for different lengths."""
    if len(first) != len(second):
        raise ValueError(f"a vector of {len(first)} numbers can't be compared with one of {len(second)}")
    lengths = math.sqrt(_dot(first, first) * _dot(second, second))
    return _dot(first, second) / lengths if lengths else 0.0


def _dot(first: Embedding, second: Embedding) -> float:
    return sum(map(mul, first, second))
