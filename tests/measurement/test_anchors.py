"""Statements for the points of a scale: which a field gets, and which way round."""

from __future__ import annotations

import pytest

from tinytroupe_cli.fields.likert_scales import LIKERT
from tinytroupe_cli.measurement.anchors import anchors_for, points_of, statements_for
from tinytroupe_cli.plan.types import PlannedField


def a_scale(low: float = 1, high: float = 7, low_label: str = "", high_label: str = "", name: str = "x"):
    return PlannedField(name=name, kind="scale", low=low, high=high, low_label=low_label, high_label=high_label)


def a_likert(*options: str, name: str = "x"):
    return PlannedField(name=name, kind="likert", options=options)


CONSTRUCTS = {"purchase_intent": "intent"}


@pytest.mark.parametrize("name", LIKERT)
def test_every_likert_item_that_ships_has_statements_of_its_own(name: str):
    found = statements_for(a_likert(*LIKERT[name]), "What do you say?")
    assert found is not None
    assert found.construct == CONSTRUCTS.get(name, name)
    assert not found.is_reversed
    assert len(found.sets) >= 4


@pytest.mark.parametrize("name", LIKERT)
def test_labels_from_high_to_low_turn_the_statements_round(name: str):
    forth, back = a_likert(*LIKERT[name]), a_likert(*LIKERT[name][::-1])
    found, reversed_ = statements_for(forth, ""), statements_for(back, "")
    assert found is not None
    assert reversed_ is not None
    assert reversed_.is_reversed
    assert reversed_.sets == tuple(one[::-1] for one in found.sets)


def test_no_statement_stands_twice_in_a_set_or_at_both_halves_of_a_construct():
    for name, options in LIKERT.items():
        found = statements_for(a_likert(*options), "")
        assert found is not None
        assert all(len(set(one)) == len(one) == 7 for one in found.sets), name
        low = {text for one in found.sets for text in one[:3]}
        assert not low & {text for one in found.sets for text in one[4:]}, name


@pytest.mark.parametrize(
    ("field", "question", "construct", "is_reversed"),
    [
        (a_scale(low_label="clearly against the box", high_label="clearly for the box"), "", "attitude", False),
        (a_scale(low_label="clearly for the box", high_label="clearly against the box"), "", "attitude", True),
        (a_scale(low_label="would scroll past", high_label="would click at once"), "", "interest", False),
        (a_scale(low_label="bored or annoyed", high_label="thrilled"), "", "enthusiasm", False),
        (a_scale(low_label="harmless", high_label="dangerous"), "", "concern", False),
        (a_scale(low_label="very easy", high_label="very difficult"), "", "ease", True),
        (a_scale(low_label="not at all", high_label="extremely", name="appeal"), "What of it?", "interest", False),
        (a_scale(name="warmth"), "What did they talk about?", "attitude", False),
        (a_scale(name="distrust"), "", "trust", True),
        (a_scale(), "How stressed are you?", "stress", False),
        (
            a_scale(low_label="not at all likely", high_label="extremely likely"),
            "Would you recommend us?",
            "recommendation",
            False,
        ),
        (a_likert("very unlikely", "unsure", "very likely"), "How likely are you to buy it?", "intent", False),
        (a_likert("very unlikely", "unsure", "very likely"), "Will it rain?", "likelihood", False),
    ],
)
def test_a_field_is_known_by_its_labels_then_its_name_then_its_question(
    field: PlannedField, question: str, construct: str, is_reversed: bool
):
    found = statements_for(field, question)
    assert found is not None
    assert (found.construct, found.is_reversed) == (construct, is_reversed)


@pytest.mark.parametrize("points", range(2, 12))
def test_anchors_are_one_a_point_up_to_seven_points_and_seven_beyond(points: int):
    anchors = anchors_for(a_scale(1, points, name="trust"), "")
    assert anchors is not None
    assert {len(one) for one in anchors} == {min(points, 7)}
    assert anchors[0][0] == "I don't trust it at all."
    assert anchors[0][-1] == "I trust it completely."


def test_ends_in_words_make_statements_where_no_construct_is_known():
    found = statements_for(a_scale(low_label="all by hand", high_label="all by machine"), "How is it made?")
    assert found is not None
    assert found.construct == ""
    assert {len(one) for one in found.sets} == {7}
    assert all("by hand" in one[0] and "by machine" in one[-1] for one in found.sets)


def test_labels_that_stand_for_themselves_are_made_statements():
    field = a_likert("at home", "at the club", "on the road")
    assert anchors_for(field, "Where?") is not None
    assert {len(one) for one in anchors_for(field, "Where?") or ()} == {3}


@pytest.mark.parametrize(
    "field",
    [
        a_scale(),
        a_scale(high_label="made by machine"),
        PlannedField(name="trust", kind="yes_no"),
        PlannedField(name="trust", kind="number", low=1, high=7),
    ],
)
def test_nothing_to_go_by_gives_no_anchors(field: PlannedField):
    assert anchors_for(field, "How much?") is None


@pytest.mark.parametrize(
    ("low", "high", "points"),
    [(1, 7, 7), (0, 10, 11), (0, 100, 11), (-3, 3, 7), (0, 0.5, 11), (1, 12, 11), (0.5, 4.5, 11)],
)
def test_a_long_or_broken_scale_is_rated_on_eleven_points(low: float, high: float, points: int):
    assert points_of(a_scale(low, high)) == points
