"""The statements that ship, and the check that leaves one set out."""

from __future__ import annotations

import re

import pytest

from tinytroupe_cli.api.local_models import user_models_folder
from tinytroupe_cli.measurement.anchor_checks import check_sets, faults_of
from tinytroupe_cli.measurement.rating_anchors import CONSTRUCTS, SHIPPED_POINTS, shipped_anchors
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.sentence_model import SentenceModel

LINE = [[0.0, 1.0], [0.3, 0.9], [0.7, 0.7], [0.9, 0.3], [1.0, 0.0]]


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("points", SHIPPED_POINTS)
def test_there_are_four_sets_or_more_for_each_length_without_numbers_or_repeats(construct: str, points: int) -> None:
    sets = shipped_anchors(construct, points)
    assert len(sets) >= 4
    for one in sets:
        assert len({text.casefold() for text in one}) == points
        assert not any(re.search(r"\d", text) for text in one)


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("points", [5, 7])
def test_no_word_is_shared_by_the_ends_alone(construct: str, points: int) -> None:
    for low, *between, high in shipped_anchors(construct, points):
        ends = words(low) & words(high)
        assert ends <= set().union(*map(words, between)), (low, high)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.casefold()))


def test_sets_along_a_line_have_no_fault() -> None:
    checks = list(check_sets([LINE, [[2 * x for x in one] for one in LINE]]))
    assert [one.number for one in checks] == [1, 2]
    assert not any(faults_of(one) for one in checks)


def test_a_set_out_of_order_is_found_by_the_others_though_each_anchor_is_nearest_to_itself() -> None:
    _, second, good, _ = check_sets([LINE, LINE[::-1], LINE, LINE])
    assert second.order == pytest.approx(-1)
    assert not second.ends_in_order
    assert any("lowest statement scores above" in fault for fault in faults_of(second))
    assert good.ends_in_order


def test_statements_that_are_all_alike_are_doubtful_and_give_no_nan() -> None:
    [one, _] = check_sets([[[1.0, 0.0]] * 5] * 2)
    assert (one.order, one.spacing) == (None, None)
    assert faults_of(one)


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_minilm_finds_the_order_of_the_shipped_sets(construct: str) -> None:
    """At five points; within a set, it spaces few of them as their points are (docs/questions.md)."""
    path = LocalFiles(user_models_folder()).path(find_entry("all-minilm-l6-v2"))
    if not path.is_file():
        pytest.skip("the model is not on this machine")
    model = SentenceModel(path)
    sets = [[model.encode(text).numbers for text in one] for one in shipped_anchors(construct, 5)]
    for one in check_sets(sets):
        assert one.order is not None
        assert one.order >= 0.9 - 1e-9
        assert one.near >= 0.8 - 1e-9
        assert one.ends_in_order
