"""How different some texts are: near copies, distinct pairs of words, Vendi score, phrases that many share.

Texts and a matrix of similarities in, numbers out; knows no model.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.core.text_similarity import word_cosine, words_in

NEAR_COPY: Final = 0.92
"""Cosine above which two texts are near copies."""
PHRASE: Final = 4
"""Words of a phrase."""
MAX_PHRASES: Final = 5
SMALLEST: Final = 1e-12
"""Eigenvalue below which it is 0 but for rounding."""
_WORD = re.compile(r"\w+(?:['’]\w+)?")  # noqa: RUF001 - an apostrophe people type


def word_similarities(texts: Sequence[str]) -> Floats:
    """Return the cosine of each two texts' sets of words, shape (texts, texts)."""
    words = [words_in(text) for text in texts]
    found = np.eye(len(texts))
    for row, own in enumerate(words):
        for column in range(row):
            found[row, column] = found[column, row] = word_cosine(own, words[column])
    return found


def embedding_similarities(embeddings: Sequence[Sequence[float]]) -> Floats:
    """Return the cosine of each two vectors, shape (vectors, vectors)."""
    rows = np.array(embeddings, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    found = unit @ unit.T
    np.fill_diagonal(found, 1.0)
    return found


def near_copies(similarities: Floats) -> list[tuple[int, int, float]]:
    """Return the pairs of texts that are near copies, the most similar first."""
    rows, columns = np.nonzero(np.triu(similarities > NEAR_COPY, k=1))
    found = [
        (int(row), int(column), float(similarities[row, column])) for row, column in zip(rows, columns, strict=True)
    ]
    return sorted(found, key=lambda pair: -pair[2])


def mean_similarity(similarities: Floats) -> float:
    """Return the mean over all pairs."""
    count = len(similarities)
    return float((similarities.sum() - np.trace(similarities)) / (count * (count - 1)))


def vendi_score(similarities: Floats) -> float:
    """Return the effective number of different texts (Friedman and Dieng, 2023): 1 for copies, n for orthogonal ones.

    The exponential of the entropy of the eigenvalues of the similarities divided by their number.
    """
    values = np.linalg.eigvalsh(similarities / len(similarities))
    kept = values[values > SMALLEST]
    kept = kept / kept.sum()
    return math.exp(-float((kept * np.log(kept)).sum()))


def distinct_2(texts: Sequence[str]) -> float:
    """Return different pairs of neighboring words, divided by all of them (Li et al., 2016); 0 without any."""
    pairs = [pair for text in texts for pair in _runs(text, 2)]
    return len(set(pairs)) / len(pairs) if pairs else 0.0


def repeated_phrases(texts: Sequence[str]) -> dict[str, int]:
    """Return the phrases of four words that most texts share, with how many; three texts or a tenth at least."""
    counts = Counter(run for text in texts for run in set(_runs(text, PHRASE)))
    least = max(3, math.ceil(len(texts) / 10))
    found = [(" ".join(run), count) for run, count in counts.most_common() if count >= least]
    return dict(found[:MAX_PHRASES])


def _runs(text: str, length: int) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]
