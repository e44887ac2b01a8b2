"""What reports claim about units and conditions in runs that have one of them, or whose units are not people."""

from __future__ import annotations

import pytest
from three_packs import a_row, results_of, written

from tinytroupe_cli.reports.sentences import comparison_sentence, one_line, words


def test_a_run_of_one_condition_has_no_other_conditions_to_experience():
    row = a_row(design="within", by="options", kind="options")
    several = results_of().model_copy(update={"comparisons": (row,), "design": "within"})
    one = several.model_copy(update={"conditions": several.conditions[:1]})
    assert "Everyone experienced every condition" in one_line(words().comparison_notes(several))
    assert "Everyone experienced every condition" not in one_line(words().comparison_notes(one))
    assert "design: within" in written(several, "methods")
    assert "design:" not in written(one, "methods")


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("person", "the person. Samples, then replicates are averaged within it."),
        ("group", "the group. Samples, then people of a group, then replicates are averaged within it."),
        ("replicate", "the replicate. Samples, then people are averaged within it."),
    ],
)
def test_what_is_averaged_within_a_unit(unit, said):
    found = results_of().model_copy(update={"comparisons": (a_row(unit=unit),)})
    assert f"Unit of analysis: {said}" in written(found, "methods")


def test_people_are_only_said_to_be_left_out_if_some_are():
    complete = a_row(design="within", missing=(0, 0), planned=(20, 20))
    of_options = a_row(design="within", kind="options", missing=(3, 3), planned=(20, 20))
    found = results_of().model_copy(update={"comparisons": (complete, of_options)})
    assert "leave out people without an answer" not in written(found, "methods")
    found = results_of().model_copy(update={"comparisons": (complete.model_copy(update={"missing": (0, 1)}),)})
    assert "leave out people without an answer" in written(found, "methods")


def test_differences_beyond_the_largest_possible_one_are_not_called_unlikely():
    row = a_row(scale="share", values=(0.5, 0.2), estimate=-0.3, low=-1.0, high=0.5, p=0.2, p_corrected=0.4)
    said = comparison_sentence(row)
    assert "unlikely" not in said
    assert "the interval reaches the largest possible difference" in said
    assert "differences beyond ±90 points are unlikely" in comparison_sentence(row.model_copy(update={"low": -0.9}))
