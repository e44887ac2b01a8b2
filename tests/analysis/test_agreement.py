"""Krippendorff's alpha: published figures, a literal reimplementation, and its laws."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.analysis.agreement import alpha_interval, krippendorff_alpha

PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Four observers, twelve units, missing values (Krippendorff 2011, example C)."""


def literal(units: list[list[int | None]]) -> float | None:
    """By the coincidence matrix, cell by cell."""
    codes = sorted({code for unit in units for code in unit if code is not None})
    matrix = {(a, b): 0.0 for a in codes for b in codes}
    for unit in units:
        own = [code for code in unit if code is not None]
        for a, b in permutations(range(len(own)), 2):
            matrix[own[a], own[b]] += 1 / (len(own) - 1)
    margin = {a: sum(matrix[a, b] for b in codes) for a in codes}
    total = sum(margin.values())
    expected = sum(margin[a] * margin[b] for a in codes for b in codes if a != b)
    if not expected:
        return None
    return 1 - (total - 1) * sum(matrix[a, b] for a in codes for b in codes if a != b) / expected


def test_the_published_figure() -> None:
    assert krippendorff_alpha([list(unit) for unit in zip(*PUBLISHED, strict=True)]) == pytest.approx(0.743, abs=0.0005)


CODES = st.lists(st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=2, max_size=4), min_size=1, max_size=30)


@given(CODES)
def test_it_is_the_coincidence_matrix(units: list[list[int | None]]) -> None:
    found, wanted = krippendorff_alpha(units), literal(units)
    assert (found is None) == (wanted is None)
    if found is not None:
        assert found == pytest.approx(wanted, abs=1e-9)
        assert found <= 1


@given(CODES)
def test_the_names_of_codes_and_the_order_of_texts_and_coders_do_not_matter(units: list[list[int | None]]) -> None:
    renamed = [[None if code is None else f"code {9 - code}" for code in unit[::-1]] for unit in units[::-1]]
    assert krippendorff_alpha(renamed) == pytest.approx(krippendorff_alpha(units))


def test_one_code_gives_no_alpha_and_full_agreement_gives_one() -> None:
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None
    assert krippendorff_alpha([["a", "a"], ["b", "b"]]) == 1
    assert krippendorff_alpha([]) is None


def test_the_interval_holds_the_estimate_and_is_the_same_for_the_same_seed() -> None:
    units = [["a", "a"], ["b", "b"], ["a", "b"], ["b", "b"], ["a", "a"], ["c", "c"], ["c", "a"]] * 6
    interval = alpha_interval(units, resamples=400, seed=1)
    alpha = krippendorff_alpha(units)
    assert interval is not None
    assert alpha is not None
    assert interval[0] < alpha < interval[1]
    assert interval == alpha_interval(units, resamples=400, seed=1)
    assert alpha_interval([["a", "a"]] * 9, resamples=100, seed=1) is None
