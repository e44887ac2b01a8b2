"""Sentences on comparisons, each from one row of results."""

from types import SimpleNamespace

import pytest

from tinytroupe_cli.analysis.comparison_result import ComparisonResult, Unadjusted
from tinytroupe_cli.analysis.order_result import OrderEffect, OrderRow
from tinytroupe_cli.reports.escaping import SafeMarkdown, escape
from tinytroupe_cli.reports.figures import percent
from tinytroupe_cli.reports.sentences import (
    changed_by_exclusions,
    comparison_sentence,
    leading_options,
    moved_controls,
    text_template,
    words,
)
from tinytroupe_cli.reports.templating import environment


def a_comparison(**changes):
    row = ComparisonResult(
        measure="q.buys",
        by="ad",
        levels=("calm", "loud"),
        design="within",
        scale="share",
        unit="person",
        n=(33, 33),
        values=(0.24, 0.48),
        estimate=0.24,
        low=0.076,
        high=0.409,
        p=0.009,
        p_corrected=0.066,
    )
    return row.model_copy(update=changes)


@pytest.mark.parametrize(("kind", "by"), [("pair", "ad"), ("options", "options")])
def test_an_interval_without_0_is_never_told_as_a_bound_on_both_sides(kind, by):
    text = comparison_sentence(a_comparison(kind=kind, by=by))
    assert "unlikely" not in text
    assert "[7.6, 40.9] (this interval is not corrected for multiple comparisons); p = 0.009 without" in text
    assert "the correction, p = 0.066 with it;" in text
    assert text.count("0.009") == 1


def test_an_interval_with_0_bounds_the_difference_on_both_sides():
    text = comparison_sentence(a_comparison(low=-0.05, p=0.2, p_corrected=0.4))
    assert "[-5, 40.9]; differences beyond ±40.9 points are unlikely;" in text


def test_a_test_and_an_interval_that_disagree_are_told_as_such():
    text = comparison_sentence(a_comparison(p=0.06, p_corrected=0.06))
    assert "(this interval excludes 0, but the test does not: p = 0.060);" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "These simulated people said yes to buys more often with ad loud than with ad calm: 48% against 24%"),
        ({"option": "A"}, "These simulated people chose A more often with ad loud than with ad calm: "),
        ({"scale": "points"}, "These simulated people rated buys higher with ad loud than with ad calm: "),
        ({"scale": "number"}, "These simulated people gave a higher number for buys with ad loud than with ad calm: "),
        (
            {"scale": "points", "design": "description"},
            "Simulated people with ad loud rated buys higher than those with ad calm: ",
        ),
    ],
)
def test_a_difference_is_told_with_both_levels(changes, said):
    assert comparison_sentence(a_comparison(p_corrected=0.01, **changes)).startswith(said)


def test_a_difference_without_a_test_says_why_and_numbers_are_levels_to_be_at():
    row = a_comparison(p=None, p_corrected=None, why_not="fewer than 6 people have answers at both levels", n=(2, 2))
    said = "48% with ad loud; 2 people. Not tested: fewer than 6 people have answers at both levels."
    assert comparison_sentence(row).endswith(said)
    assert "24% at price 9, 48% at price 15" in comparison_sentence(
        row.model_copy(update={"by": "price", "levels": (9, 15)})
    )


@pytest.mark.parametrize(
    ("verdict", "p", "said"),
    [
        ("equivalent", 0.6, "is the same with ad calm and ad loud within the bounds, -50 points to 50 points:"),
        (
            "undecided",
            0.6,
            "Whether the difference is within the bounds that count as none, -50 points to 50 points, is",
        ),
        ("different", 0.001, "It could not be shown that the difference is within the bounds that count as none, -50"),
        ("different_but_negligible", 0.001, "The difference is within the bounds that count as none, -50 points to 50"),
    ],
)
def test_every_verdict_of_equivalence_is_told(verdict, p, said):
    row = a_comparison(verdict=verdict, equivalence=(-0.5, 0.5), low=-0.1 if p > 0.05 else 0.1, p=p, p_corrected=p)
    assert said in comparison_sentence(row)


def test_missing_answers_have_one_sentence_for_all_levels():
    pairs = ((("blue", "green"), (0.58, 0.74)), (("blue", "red"), (0.58, 0.67)), (("green", "red"), (0.74, 0.67)))
    rows = [
        a_comparison(kind="missing", family="missing", by="label", levels=levels, values=values, p_corrected=p)
        for (levels, values), p in zip(pairs, (0.03, 1, 1), strict=True)
    ]
    page = environment(str, str).from_string(
        '{% import "words.jinja" as words %}'
        "{% for one in rows|told(6) %}{{ words.comparison(one, rows|alike(one))|line }}{% endfor %}"
    )
    assert page.render(rows=rows) == (
        "Missing answers to “buys”: 58% with label blue, 74% with label green and 67% with label red; they are not "
        "missing by chance alone (blue and green: p = 0.009, 0.030 with the correction)."
    )


UNADJUSTED = Unadjusted(values=(0.5, 0.25), estimate=-0.25, low=-0.4, high=-0.1, p=0.01)


@pytest.mark.parametrize(
    ("kind", "by", "missing"),
    [
        ("pair", "ad", "8 of 40 answers with ad loud and 7 of 40 with ad calm"),
        ("options", "options", "7 of 40 answers"),
    ],
)
def test_a_difference_told_the_other_way_round_has_all_its_figures_turned(kind, by, missing):
    row = a_comparison(
        kind=kind,
        by=by,
        values=(0.48, 0.24),
        estimate=-0.24,
        low=-0.409,
        high=-0.076,
        p_corrected=0.009,
        missing=(7, 8) if kind == "pair" else (7, 7),
        planned=(40, 40),
        worst=(-0.42, -0.12),
        worst_p=(0.001, 0.2),
        worst_changes=True,
        adjusted_for=("person.age",) if kind == "pair" else (),
        unadjusted=UNADJUSTED if kind == "pair" else None,
    )
    text = comparison_sentence(row)
    assert "48% against 24%, a difference of 24 points [7.6, 40.9];" in text
    assert f"{missing} are missing: they could change this result." in text
    assert "difference would be between 12 points and 42 points." in text
    assert kind == "options" or "unadjusted, the difference is 25 points [10, 40], p = 0.010." in text


def test_a_caution_begins_a_sentence_of_its_own_in_every_format():
    row = a_comparison(p_corrected=0.009, family="exploratory", kind="options", by="options")
    markdown = environment(escape, SafeMarkdown).get_template("words.jinja").module
    said = " ".join(str(markdown.comparison(row)).split())
    assert "33 people. Exploratory: nobody named this comparison beforehand." in said


def test_a_difference_beyond_the_bounds_is_told_as_larger_than_they_are():
    row = a_comparison(verdict="different", equivalence=(-0.05, 0.05), p=0.001, p_corrected=0.001)
    said = "The difference is larger than the bounds within which it would count as none, -5 points to 5 points."
    assert said in comparison_sentence(row)
    assert "It could not be shown that" in comparison_sentence(row.model_copy(update={"low": 0.01}))


MISSING = {"missing": (7, 8), "planned": (40, 40), "worst": (0.01, 0.4), "worst_p": (0.5, 0.2), "worst_changes": False}


def test_the_worst_case_of_a_difference_that_was_not_shown_is_that_none_is_shown():
    text = comparison_sentence(a_comparison(p=0.3, p_corrected=0.6, low=-0.1, **MISSING))
    assert "Even in the worst case, no difference could be shown." in text
    assert "keeps its direction" not in text


def test_missing_answers_of_a_control_are_those_of_all_its_levels_once():
    counts = {"none": (1, 14), "discount": (3, 28), "gift": (0, 28)}
    pairs = [("none", "discount"), ("none", "gift"), ("discount", "gift")]
    rows = [
        a_comparison(
            family="controls",
            by=by,
            levels=pair,
            p=0.5,
            p_corrected=0.6,
            low=-0.1,
            missing=tuple(counts[level][0] for level in pair),
            planned=tuple(counts[level][1] for level in pair),
        )
        for by in ("offer", "place")
        for pair in pairs
    ]
    assert "4 of 70 answers are missing" in moved_controls(SimpleNamespace(controls=rows))


def test_a_control_whose_missing_answers_matter_says_so():
    row = a_comparison(family="controls", p=0.5, p_corrected=0.6, low=-0.1)
    told = [
        moved_controls(SimpleNamespace(controls=[row.model_copy(update={"worst_changes": changes})]))
        for changes in (True, False, None)
    ]
    assert ["missing answers could change this result" in text for text in told] == [True, False, False]


@pytest.mark.parametrize(
    ("p", "everybody", "said"),
    [
        (0.066, 0.009, "buys differs between ad calm and ad loud (corrected p = 0.009; 0.066 without them)."),
        (
            0.009,
            0.066,
            (
                "no difference could be shown in buys between ad calm and ad loud "
                "(corrected p = 0.066; 0.009 without them)."
            ),
        ),
        (0.066, 0.07, ""),
    ],
)
def test_a_conclusion_that_depends_on_who_is_left_out_is_told(p, everybody, said):
    one, other = a_comparison(p_corrected=p), a_comparison(p_corrected=everybody)
    results = SimpleNamespace(comparisons=(one,), exclusions=SimpleNamespace(comparisons=(other,)))
    expected = f"Leaving them out changes a conclusion: with everybody, {said}" if said else ""
    assert changed_by_exclusions(results) == expected


def test_comparisons_of_groups_and_controls_are_counted():
    rows = [
        a_comparison(name="q.buys by ad", evidence="declared"),
        a_comparison(name="q.buys by age", evidence="exploratory", family="description", design="description"),
    ]
    results = SimpleNamespace(
        provenance=SimpleNamespace(lock=None),
        comparisons=rows,
        controls=[a_comparison(family="controls")] * 2,
        fidelity=(),
    )
    assert " ".join(words().evidence(results).split()) == (
        "2 comparisons are declared in the experiment, which was not locked before the run: not preregistered. "
        "1 of them is exploratory: it compares people by an attribute (ad), which the experiment did not assign. "
        "There are also checks: 2 of controls."
    )
    results.comparisons = rows[1:]
    assert "1 comparison is declared in the experiment" in words().evidence(results)
    families = " ".join(words().families([*rows, *results.controls]).split())
    assert ": main: 1; attributes of people: 1; controls: 2." in families


def test_a_row_of_an_interaction_names_both_factors_and_the_direction():
    row = a_comparison(
        kind="interaction",
        also_by="price",
        levels=(("calm", "loud"), (399, 559)),
        weights=(1, -1, -1, 1),
    )
    assert " ".join(words().level_pair(row).split()) == "ad (loud \u2212 calm), price 559 \u2212 399"
    assert " ".join(words().level_pair(a_comparison(kind="omnibus")).split()) == "all levels of ad"


def test_the_p_value_of_all_levels_is_told_with_and_without_the_correction():
    row = a_comparison(
        kind="omnibus", levels=("a", "b", "c"), n=(9, 9, 9), values=(0.1, 0.2, 0.3), p=0.7, p_corrected=1
    )
    assert ", p = 0.700, 1.000 with the correction)" in comparison_sentence(row)


def an_order_effect(p, low, high):
    row = OrderRow(option=None, first=3.3, last=4.1, estimate=0.8, low=low, high=high)
    return OrderEffect(measure="q.liking", of="scale", scale="points", people=33, orders=2, rows=(row,), p=p)


@pytest.mark.parametrize(
    ("p", "low", "said"),
    [
        (0.052, 0.01, "(this interval excludes 0, but the test does not)"),
        (0.04, -0.01, "(this interval includes 0, but the test finds a dependence)"),
        (0.04, 0.01, ""),
        (0.3, -0.01, ""),
    ],
)
def test_an_order_effect_whose_test_and_interval_disagree_says_so(p, low, said):
    text = " ".join(
        text_template("order_words.jinja")
        .module.effect(SimpleNamespace(queries=()), an_order_effect(p, low, 1.6))
        .split()
    )
    assert text.endswith(f"[{low}, 1.6]{f' {said}' if said else ''}.")


@pytest.mark.parametrize(
    ("p", "corrected", "said"),
    [
        (
            0.03,
            0.06,
            "may depend on the direction of its scale (33 people, p = 0.030 without correction, 0.060 with it)",
        ),
        (0.01, 0.02, "depends on the direction of its scale (33 people, p = 0.010 without correction, 0.020 with it)"),
        (0.03, 0.03, "depends on the direction of its scale (33 people, p = 0.030)"),
        (0.3, 0.6, "no dependence on the direction of its scale could be shown (33 people, p = 0.300)"),
    ],
)
def test_an_order_effect_is_claimed_only_if_the_correction_keeps_it(p, corrected, said):
    one = an_order_effect(p, -1, 1.6).model_copy(update={"p_corrected": corrected})
    told = " ".join(text_template("order_words.jinja").module.effect(SimpleNamespace(queries=()), one).split())
    assert told.startswith(("q: liking " if p < 0.05 else "q: liking: ") + said)


def test_counts_of_units_follow_the_levels_of_their_sentence():
    row = a_comparison(design="between", n=(12, 17), p_corrected=0.01)
    said = comparison_sentence(row)
    assert "with ad loud than with ad calm: 48% against 24%" in said
    assert said.endswith("; 17 and 12 people.")
    assert comparison_sentence(row.model_copy(update={"p_corrected": 0.5})).endswith("12 and 17 people.")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"A": 0.4, "B": 0.4, "C": 0.2}, "Chosen most often: A and B (40% each)."),
        ({"A": 0.4, "B": 0.3, "C": 0.3}, "Chosen most often: A (40%), then B and C (30% each)."),
        ({"A": 0.5, "B": 0.3, "C": 0.2}, "Chosen most often: A (50%), then B (30%)."),
    ],
)
def test_options_chosen_equally_often_are_named_together(shares, said):
    assert leading_options(list(shares), shares, a_comparison(kind="options")) == said


def test_shares_of_options_say_what_they_are_averaged_over():
    shares = {"A": 0.5, "B": 0.3}
    row = a_comparison(kind="options", unit="group")
    assert leading_options(list(shares), shares, row).startswith("Chosen most often, averaged over groups: A (50%)")


@pytest.mark.parametrize("halves", [0.005, 0.285, 0.565, 0.575, 0.995])
def test_halves_of_a_percent_are_rounded_up(halves):
    assert percent(halves) == f"{round(100 * halves + 0.5)}%"


@pytest.mark.parametrize(("low", "high"), [(-1.0, 0.5), (-0.4, 1.0)])
def test_an_interval_up_to_the_largest_difference_there_can_be_calls_none_unlikely(low, high):
    row = a_comparison(low=low, high=high, p=0.2, p_corrected=0.4, largest=1.0)
    assert "unlikely" not in comparison_sentence(row)
    assert "unlikely" in comparison_sentence(row.model_copy(update={"low": -0.4, "high": 0.5}))
    points = row.model_copy(update={"scale": "points", "largest": 6.0, "low": -6.2, "high": 2.0})
    assert "unlikely" not in comparison_sentence(points)
