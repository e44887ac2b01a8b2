"""What sentences say of figures that have a test and no interval: the verdict is that of the test."""

from __future__ import annotations

import pytest
from three_packs import a_row

from tinytroupe_cli.reports.sentences import comparison_sentence


def a_whole(**changes):
    """Return what was chosen as a whole, in a crossover: it has a test and no interval (docs/designs.md)."""
    one = {"kind": "whole", "scale": "share", "design": "within", "measure": "q.best", "estimand": "total variation"}
    return a_row(**{**one, "values": None, "estimate": 0.532, "low": None, "high": None, **changes})


def test_a_choice_as_a_whole_that_was_tested_without_an_interval_is_shown_to_differ():
    said = comparison_sentence(a_whole(p=0.00015, p_corrected=0.0064))
    assert "differs between" in said
    assert "No difference" not in said
    assert "shares of all options are 53.2 points apart (total variation);" in said


@pytest.mark.parametrize(
    ("changes", "is_chance"),
    [
        ({"p": 0.4, "p_corrected": 0.8}, True),
        ({"p": 0.011, "p_corrected": 0.07}, False),
        ({"p": 0.4, "p_corrected": 0.8, "scale": "amount"}, True),
        ({"p": 0.011, "p_corrected": 0.07, "scale": "amount"}, False),
    ],
)
def test_what_only_the_correction_takes_away_is_not_said_to_be_as_chance_alone_makes_it(changes, is_chance):
    said = comparison_sentence(a_whole(**changes))
    assert "No difference could be shown" in said
    assert ("as chance alone could make" in said) == is_chance
    assert ("p = 0.011 without the correction, p = 0.070 with it" in said) != is_chance


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"estimand": "Cliff's delta"},
        {"kind": "contrast", "contrast": "green", "estimand": "contrast", "weights": (-1.0, 1.0)},
        {"kind": "options", "scale": "share", "levels": ("sound", "price"), "values": (0.2, 0.6), "estimate": 0.4},
    ],
)
def test_every_sentence_tells_the_verdict_of_the_test_where_there_is_no_interval(changes):
    shown = comparison_sentence(a_row(low=None, high=None, **changes))
    assert "No difference" not in shown
    assert " ;" not in shown
    assert "No difference" in comparison_sentence(
        a_row(low=None, high=None, p=0.4, p_corrected=0.8).model_copy(update=changes)
    )
