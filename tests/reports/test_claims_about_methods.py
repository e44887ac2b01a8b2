"""What methods.md claims: how far claims reach, what was compared with people, and how p-values are corrected."""

from __future__ import annotations

import pytest
from three_packs import BY_PACK, a_row, a_run, results_of, written

from tinytroupe_cli.analysis.baseline_result import BaselineResult
from tinytroupe_cli.analysis.fidelity_result import FidelityFigure, FidelityResult
from tinytroupe_cli.analysis.rectification_result import EstimateWithInterval, RectifiedResult
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.reports.sentences import comparison_sentence, one_line, words

NOT_ABOUT_PEOPLE = "not about customers, voters or any population of people"
FIDELITY = FidelityResult(
    measure="q.liking",
    data="people.csv",
    column="liking",
    hash="0",
    n=(36, 90),
    figures=(FidelityFigure(name="mean_difference", value=0.3),),
)
RECTIFIED = RectifiedResult(
    measure="q.liking",
    data="people.csv",
    column="liking",
    hash="0",
    drawn="random",
    scale="points",
    n=24,
    rectified=EstimateWithInterval(value=3.0, low=2.0, high=4.0),
)


def limits(results):
    text = written(results, "methods")
    return text[text.index("## Limits of inference") : text.index("## Checklist")]


def with_rows(*rows, **changes):
    return results_of().model_copy(update={"comparisons": rows, **changes})


def test_claims_are_in_wordings_of_this_kind_where_wordings_are_random():
    fixed, random = a_row(wordings=7, wordings_are="fixed"), a_row(wordings=7, wordings_are="random")
    assert "with these personas and in these words." in limits(with_rows(a_row()))
    assert "with these personas and in these words." in limits(with_rows(fixed))
    found = with_rows(random)
    assert "with these personas and in wordings of this kind." in limits(found)
    assert "in wordings of this kind and by this model" in one_line(words().comparison_notes(found))


def test_only_estimates_from_human_answers_are_about_people():
    assert f"They are {NOT_ABOUT_PEOPLE}." in limits(with_rows(a_row()))
    assert f"They are {NOT_ABOUT_PEOPLE}." in limits(
        with_rows(a_row(), rectified=(RECTIFIED.model_copy(update={"rectified": None, "why_not": "too few"}),))
    )
    said = limits(with_rows(a_row(), rectified=(RECTIFIED,)))
    assert "Only the estimates about people (q.liking) go further" in said
    assert f"All other figures are {NOT_ABOUT_PEOPLE}." in said


def test_methods_name_comparisons_with_people_estimates_and_baselines():
    baseline = BaselineResult(baseline="majority", measure="q.liking")
    other = baseline.model_copy(update={"baseline": "random"})
    said = written(
        with_rows(a_row(), fidelity=(FIDELITY,), rectified=(RECTIFIED,), baselines=(baseline, other)), "methods"
    )
    assert (
        "- Compared with human answers: liking (people.csv, liking; 36 simulated people, 90 people). "
        "Intervals: bootstrap of both sides, 95%." in said
    )
    assert (
        "- Estimates about people (PPI++): liking, from 24 people of people.csv, liking, drawn at random as the "
        "experiment states." in said
    )
    assert (
        "- Baselines: giving everybody the most common answer, random answers; the answers of all conditions together "
        "are compared for 1 measure. Intervals: 95%." in said
    )
    plain = written(with_rows(a_row()), "methods")
    assert "human answers" not in plain
    assert "Baselines" not in plain


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fidelity": (FIDELITY,)}, "1 measure compared with human answers (people.csv)."),
        ({"rectified": (RECTIFIED,)}, "1 measure estimated with human answers (people.csv)."),
        (
            {"fidelity": (FIDELITY.model_copy(update={"figures": (), "why_not": "no answers"}),)},
            "missing (`methods: {human_validation: … }`)",
        ),
        (
            {"fidelity": (FIDELITY,), "methods": {"human_validation": "We *asked* 90."}},
            "We *asked* 90. 1 measure compared with human answers (people.csv).",
        ),
    ],
)
def test_validation_with_people_is_reported_where_the_run_has_human_answers(changes, said):
    text = written(with_rows(a_row(), **changes), "methods")
    assert f"- **E1 Validation with people**: {said}" in text
    assert ("E1" in text[text.index("are reported") : text.index("State them")]) == said.startswith("missing")


def test_entries_of_compare_with_human_answers_are_counted():
    row = a_row(name="q.liking by pack", evidence="declared")
    plain, held = with_rows(row), with_rows(row, fidelity=(FIDELITY,))
    assert "1 comparison is declared in the experiment" in one_line(words().evidence(plain))
    assert "Beside 1 comparison with human answers, 1 comparison is declared in the experiment, which was" in one_line(
        words().evidence(held)
    )
    several = with_rows(row, row, fidelity=(FIDELITY,))
    assert "Beside 1 comparison with human answers, the experiment declares 1 comparison, which is 2" in one_line(
        words().evidence(several)
    )


def corrected_by(correction):
    plan, events = a_run((BY_PACK,))
    inference = PlannedInference(permutations=999, resamples=200, correction=correction)
    return build_results(plan.model_copy(update={"inference": inference}), events)


def test_the_correction_is_named_where_p_values_are_said_to_be_corrected():
    for correction, name in (
        ("holm", "Holm"),
        ("benjamini_hochberg", "Benjamini-Hochberg, which limits the false discovery rate"),
        ("max_t", "max-t, by joint permutations"),
    ):
        found = corrected_by(correction)
        assert {one.correction for one in found.comparisons if one.p is not None} == {correction}
        for form in ("markdown", "details", "methods"):
            assert f"({name})" in written(found, form), (correction, form)


def test_p_values_that_are_not_corrected_are_not_said_to_be():
    found = corrected_by("none")
    for form in ("markdown", "details", "methods"):
        text = written(found, form)
        assert "p-values are not corrected for the number of tested comparisons" in text
        assert "p-values are corrected" not in text


def test_families_that_are_corrected_differently_say_so():
    control = a_row(family="controls", correction="max_t")
    row = a_row(correction="holm")
    within = "p-values are corrected within each family of tested comparisons"
    assert one_line(words().families([row, row, control])) == (
        f"{within} (Holm): main: 2; controls: 1, max-t, by joint permutations."
    )
    plain = a_row(correction="none")
    assert one_line(words().families([plain, control])) == (
        f"{within}: main: 1, not corrected; controls: 1, max-t, by joint permutations."
    )


def test_equivalence_bounds_are_listed_only_for_tests_that_were_made():
    bounded = a_row(equivalence=(-0.5, 0.5))
    said = written(with_rows(bounded.model_copy(update={"verdict": "undecided"})), "methods")
    assert "Equivalence bounds of q.liking: -0.5 to 0.5 (two one-sided tests, not corrected)." in said
    why = "fewer than 2 wordings have answers at both levels"
    untested = bounded.model_copy(update={"p": None, "low": None, "high": None, "why_not": why})
    said = written(with_rows(untested), "methods")
    assert "two one-sided tests" not in said
    assert f"Equivalence of q.liking was not tested: {why}." in said


def test_nothing_is_said_of_the_worst_case_where_no_answer_is_missing():
    row = a_row(planned=(22, 23), missing=(0, 0), worst=(1.22, 1.22), worst_changes=False)
    assert "worst case" not in comparison_sentence(row)
    assert "between 1.22 and 1.22" not in comparison_sentence(row)
    assert "Even in the worst case" in comparison_sentence(row.model_copy(update={"missing": (0, 1)}))
