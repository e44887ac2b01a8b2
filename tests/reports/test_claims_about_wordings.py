"""What reports claim about wordings: who was given which, what values are means over, whom differences leave out."""

import pytest
from three_packs import a_row, results_of
from worded_runs import a_worded_run, answers_of

from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.reports.sentences import comparison_sentence

GAPS = [(0, 0, 0), (0, 0, 4), (1, 1, 5), (0, 3, 3)]


def written(form, *, cross="rotate", gaps=GAPS, **changes):
    """Return a report of 18 people and 4 wordings, with missing answers."""
    answers = {**answers_of(2, people=18, cross=cross), **dict.fromkeys(gaps)}
    results = build_results(*a_worded_run(answers, cross=cross, **changes))
    return " ".join(render(results, form).decode().replace("\\", "").split()), results


@pytest.mark.parametrize("form", ["details", "methods", "html"])
def test_reports_say_that_each_person_was_given_one_of_the_wordings_and_how(form):
    text, _ = written(form)
    assert "There were 4 versions of the wordings" in text
    assert "Each person was given one version, the same in all conditions; versions were assigned at random, in" in text
    assert "numbers as equal as possible: 4 to 5 people each." in text
    assert "each person was asked, in character, in one of 4 wordings" in text
    crossed, _ = written(form, cross="all")
    assert "Everyone was given every version, each in a trial of its own." in crossed
    assert "each person was asked, in character, in each of 4 wordings" in crossed


def test_without_wordings_nothing_is_said_of_them():
    assert "wordings" not in render(results_of(), "methods").decode()
    assert "wordings" not in render(results_of(), "details").decode()


def test_the_reach_of_claims_is_that_of_the_wordings():
    assert "with these personas and in wordings of this kind." in written("methods")[0]
    assert "with these personas and in these words." in render(results_of(), "methods").decode()


@pytest.mark.parametrize("form", ["markdown", "details"])
def test_values_over_wordings_are_not_said_to_be_means_over_people(form):
    text, results = written(form)
    one = next(one for one in results.comparisons if one.kind == "pair")
    assert one.test == "t over wordings"
    assert "values are means over wordings, each of which counts the same" in text
    assert "values are means over people" not in text
    crossed, _ = written(form, cross="all")
    assert "values are means over people in each wording in which they have an answer" in crossed
    whole, _ = written(form, cross="all", gaps=())
    assert "values are means over people" in whole
    assert "in each wording" not in whole


def test_shares_of_missing_answers_in_a_sentence_are_shares_of_answers():
    _, results = written("markdown")
    one = next(one for one in results.comparisons if one.kind == "missing")
    assert (one.missing, one.planned) == ((3, 1), (18, 18))
    assert one.values != pytest.approx((3 / 18, 1 / 18))
    assert "17% at price 1 and 6% at price 2" in comparison_sentence(one)


def test_pairs_leave_out_people_without_an_answer_at_one_of_their_two_levels():
    for form in ("markdown", "details", "methods"):
        assert "leave out people without an answer at both levels." in written(form)[0]
    row = a_row(design="within", missing=(2, 1), planned=(20, 20))
    rows = [row, row.model_copy(update={"levels": ("plain", "thrift")})]
    said = "leave out people without an answer at "
    for more, end in (
        ((), "both of the levels compared."),
        (
            (row.model_copy(update={"kind": "omnibus", "levels": ("plain", "green", "thrift")}),),
            "both of the levels compared (tests of all levels at once, and contrasts: at every level compared).",
        ),
    ):
        results = results_of().model_copy(update={"comparisons": (*rows, *more)})
        assert said + end in " ".join(render(results, "details").decode().replace("\\", "").split())


def test_no_bounds_are_told_where_no_answer_is_missing():
    row = a_row(missing=(0, 0), planned=(20, 20), worst=(2.0, 2.0), worst_p=(0.01, 0.01), worst_changes=False)
    assert "worst case" not in comparison_sentence(row)
    assert "worst case" in comparison_sentence(row.model_copy(update={"missing": (1, 0)}))
