"""What reports claim about comparisons and what is made of them: branches, rows of tables, notes and counts."""

from __future__ import annotations

import re

import pytest
from three_packs import BY_PACK, DELTA, a_row, results_of, written

from tinytroupe_cli.analysis.multiverse_result import Branch
from tinytroupe_cli.analysis.poll_result import GroupFigure, PollResult, PollRound
from tinytroupe_cli.analysis.weights import Weighting
from tinytroupe_cli.plan.planned_multiverse import PlannedMultiverse
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.sentences import comparison_sentence, one_line, words

CHOICES = PlannedMultiverse(analysis={"estimand": ("mean", "top2"), "exclude": ("none", "repeats")})


# ---- two entries on one difference ----


def branches_of(*wanted, choices=CHOICES):
    found = results_of(wanted, multiverse=choices)
    return found, next(one for one in found.multiverse.curves if one.levels == ("plain", "green"))


def test_entries_that_the_choices_make_equal_are_one_branch_of_each_combination():
    bounds = BY_PACK.model_copy(update={"equivalence": (-0.5, 0.5)})
    _, alone = branches_of(bounds)
    found, curve = branches_of(BY_PACK.model_copy(update={"test": "welch"}), bounds, DELTA)
    assert curve.branches == alone.branches
    assert curve.verdicts == {"different": 2}
    assert curve.joint == alone.joint
    said = written(found, "details").split("### liking: pack plain and pack green")[1]
    assert "4 of the 4 combinations apply to this comparison; only 2 of them have different figures." in said
    assert said.split("###")[0].count("| mean | none |") == 1


def test_entries_with_other_figures_are_branches_of_their_own_of_the_same_combinations():
    weights = PlannedMultiverse(analysis={"exclude": ("none", "repeats")})
    found, curve = branches_of(BY_PACK, DELTA, choices=weights)
    assert [one.estimand for one in curve.branches].count("Cliff's delta") == 2
    text = written(found, "details")
    assert "2 of the 2 combinations apply to this comparison; they have 4 branches" in text


def test_verdicts_are_on_one_pair_of_bounds():
    narrow, wide = (BY_PACK.model_copy(update={"equivalence": (-one, one)}) for one in (0.5, 6.0))
    _, curve = branches_of(narrow, wide)
    assert curve.equivalence == (-0.5, 0.5)
    assert sum(curve.verdicts.values()) == 2


# ---- what a row of the table and its notes say of a figure ----

WEIGHTS = Weighting(people=20, effective=18.0, design_effect=1.1, least=0.8, largest=1.2)


def table_of(*rows, weights=None):
    """Return the rows of the table of comparisons in details.md, and the notes below it."""
    found = results_of().model_copy(update={"comparisons": rows, "weights": weights})
    told = render(found, "details").decode().replace("\\", "").split("## Comparisons\n")[1]
    lines = told.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("| measure | level |"))
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[start : start + 2 + len(rows)]]
    notes = next(line for line in lines[start + 2 + len(rows) :] if line)
    heads = ["measure", "level", "value", "other", "other_value", *cells[0][5:]]
    return [dict(zip(heads, row, strict=True)) for row in cells[2:]], notes


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (a_row(), "2"),
        (a_row(estimand="Cliff's delta", estimate=-0.21), "Cliff's delta -0.21"),
        (a_row(estimand="odds ratio", scale="share", values=(0.5, 0.2), estimate=0.25), "odds ratio 0.25"),
        (a_row(estimand="difference of medians", estimate=0.5), "difference of medians 0.5"),
        (a_row(kind="whole", scale="share", estimand="total variation", estimate=0.1), "total variation 10 points"),
        (a_row(kind="slope", estimand="slope", estimate=0.2, weights=()), "slope 0.2"),
        (a_row(adjusted_for=("person.age",)), "2, adjusted"),
        (
            a_row(kind="interaction", estimand="contrast", also_by="ad", levels=([1, 2], [3, 4]), weights=(1.0, -1.0)),
            "difference of differences 2",
        ),
    ],
)
def test_each_row_names_what_it_estimates(row, cell):
    [told], notes = table_of(row)
    assert told["estimate"] == cell
    assert "Estimates without a name are differences, the second value minus the first." in notes


def test_an_effect_size_says_which_one_it_is():
    [told, other], _ = table_of(a_row(effect="Hedges' g", effect_size=-1.41), a_row(effect_size=None))
    assert (told["effect size"], other["effect size"]) == ("Hedges' g -1.41", "")


def test_an_interval_of_total_variation_is_not_read_as_a_test():
    share = {"kind": "whole", "scale": "share", "estimand": "total variation", "estimate": 0.1, "values": None}
    _, notes = table_of(a_row(**share, low=0.02, high=0.2))
    assert "A total variation is never below 0, so its interval does not tell whether there is a" in notes
    assert "total variation" not in table_of(a_row())[1]


@pytest.mark.parametrize(
    ("estimand", "value"),
    [
        ("difference of medians", "median 2"),
        ("difference of 20% trimmed means", "20% trimmed mean 2"),
        ("ratio of geometric means", "geometric mean 2"),
        ("Cliff's delta", "2"),
    ],
)
def test_values_that_are_no_means_are_named_in_their_row_in_the_notes_and_in_sentences(estimand, value):
    row = a_row(estimand=estimand)
    [told], notes = table_of(a_row(estimand=estimand))
    assert told["value"] == value
    center = value.removesuffix(" 2") if value != "2" else "mean"
    assert f": {center}s 2 and 4, {estimand}" in comparison_sentence(row)
    is_mean = value == "2"
    assert notes.count("values are means over people, so they") == is_mean
    assert notes.count(f"values are means over people, except where they are named: {center}s") == (not is_mean)


def test_values_of_several_units_are_not_said_to_be_over_one_of_them():
    _, notes = table_of(a_row(unit="group"), a_row(design="description", by="person.age"))
    assert "a group counts only once, no matter how many answers there are. A person counts only once" in notes
    assert "values are means over these units" in notes


def test_figures_of_a_weighted_run_that_are_not_weighted_are_marked():
    weighted = a_row(unweighted=(2.1, 4.1), effective=(18.0, 18.0))
    odds = a_row(estimand="odds ratio, unweighted", scale="share", values=(0.5, 0.2), estimate=0.25)
    rows, notes = table_of(weighted, odds, a_row(unit="replicate"), weights=WEIGHTS)
    assert [row["estimate"] for row in rows] == ["2", "odds ratio 0.25, unweighted", "2, unweighted"]
    assert "with its weight, except in figures marked as unweighted" in notes
    [row], notes = table_of(weighted, weights=WEIGHTS)
    assert "except in figures marked" not in notes
    [row], notes = table_of(
        a_row(estimand="odds ratio", estimate=0.25), weights=WEIGHTS.model_copy(update={"least": 1, "largest": 1})
    )
    assert (row["estimate"], "unweighted" in notes) == ("odds ratio 0.25", False)


def test_weights_are_not_said_to_be_in_figures_that_have_none():
    said = one_line(words().weights(WEIGHTS))
    assert "Shares, means and comparisons are weighted. Not weighted are counts and figures marked" in said


def test_a_delta_within_people_is_of_people_not_of_pairs():
    said = comparison_sentence(a_row(estimand="Cliff's delta", estimate=0.3, design="within", n=(20,)))
    assert "Delta is the share of people with a higher value with pack green, minus the share with a lower one." in said
    weighted = comparison_sentence(a_row(estimand="Cliff's delta, unweighted", estimate=0.3))
    assert ": means 2 and 4, Cliff's delta 0.3 [1, 3], unweighted;" in weighted
    assert "Delta is the share of pairs of people" in weighted


@pytest.mark.parametrize(
    ("branch", "cell"),
    [
        (Branch(choices={}, estimand="difference", estimate=2.0, why_not="not tested", is_weighted=True), "2"),
        (Branch(choices={}, estimand="odds ratio", estimate=2.0, why_not="not tested"), "2 (odds ratio), unweighted"),
        (Branch(choices={"weights": "off"}, estimand="difference", estimate=2.0, why_not="not tested"), "2"),
    ],
)
def test_branches_say_what_they_estimate_and_that_they_are_not_weighted(branch, cell):
    found, curve = branches_of(BY_PACK)
    curve = curve.model_copy(update={"medians": {branch.estimand: 2.0}, "branches": (branch,)})
    whole = found.multiverse.model_copy(update={"curves": (curve,), "choices": dict.fromkeys(branch.choices, ())})
    text = written(found.model_copy(update={"weights": WEIGHTS, "multiverse": whole}), "details")
    assert f"| {cell} | {branch.why_not} |" in text.split("## Multiverse")[1]


# ---- whom the units of an interaction are ----

CROSSED = {
    "estimand": "contrast",
    "by": "ad",
    "also_by": "person.age",
    "levels": (["dim", "lit"], ["young", "old"]),
    "weights": (1.0, -1.0, -1.0, 1.0),
}


@pytest.mark.parametrize(
    ("changes", "units"),
    [
        ({"n": (16, 13), "design": "within"}, "16 people with age young; 13 with age old"),
        ({"n": (16, 13), "design": "between"}, "16 people with ad dim; 13 with ad lit"),
        (
            {"n": (1, 2, 3, 4), "design": "between", "unit": "group"},
            "1 group with ad dim, age young; 2 with ad lit, age young; 3 with ad dim, age old; 4 with ad lit, age old",
        ),
        ({"n": (29,), "design": "within"}, "29 people"),
        ({"n": (2, 3), "unit": "replicate"}, "2 and 3 replicates"),
    ],
)
@pytest.mark.parametrize("kind", ["interaction", "moderator"])
def test_counts_in_an_interaction_name_the_levels_they_are_of(kind, changes, units):
    row = a_row(kind=kind, **CROSSED, **changes)
    assert table_of(row)[0][0]["units"] == units
    assert f"; {units}." in comparison_sentence(row)


# ---- counts of comparisons ----


def counted(**changes):
    found = results_of((BY_PACK, BY_PACK.model_copy(update={"test": "welch"})), missing=1)
    control, other = a_row(family="controls"), a_row(family="missing controls", p=None, p_corrected=None)
    return found.model_copy(update={"controls": (control, other), **changes})


@pytest.mark.parametrize("form", ["markdown", "methods"])
def test_counts_of_comparisons_say_that_controls_are_others_and_how_many_were_tested(form):
    found = counted()
    own = found.comparisons
    tested = sum(one.p is not None for one in own)
    text = written(found, form)
    assert f"{len(own)} comparisons, {tested} tested; 2 of controls, 1 tested" in text
    sizes = re.findall(r"family of tested comparisons(?: \(Holm\))?: (.*?)\.", text)[0]
    assert sum(int(size) for size in re.findall(r": (\d+)", sizes)) == tested + 1
    assert "of controls" not in written(counted(controls=()), form).split("tested", 1)[1].split("Brackets")[0]


def test_families_are_named_in_words():
    both = [a_row(family=family) for family in ("controls", "missing controls")]
    assert ": controls: 1; missing answers of controls: 1." in one_line(words().families(both))


def test_what_is_declared_are_entries_which_make_several_comparisons():
    found = counted()
    made = sum(one.kind != "missing" for one in found.comparisons)
    said = written(found, "details")
    assert f"The experiment declares 2 comparisons, which are {made} with each pair of levels and each option." in said
    assert "It was not locked before the run: not preregistered." in said
    alone = a_row(name="q.liking by pack", evidence="declared")
    assert "1 comparison is declared in the" in written(counted(comparisons=(alone,)), "details")


def test_a_single_exploratory_comparison_is_told_in_the_singular():
    ages = [a_row(name=f"by {by}", by=by, evidence="exploratory", family="description") for by in ("age", "job")]
    one, both = (one_line(words().evidence(counted(comparisons=tuple(rows)))) for rows in (ages[:1], ages))
    assert "1 of them is exploratory: it compares people by an attribute (age), which" in one
    assert "2 of them are exploratory: they compare people by attributes (age and job), which" in both


def test_the_sentences_of_the_short_report_are_not_spent_on_one_figure_twice():
    found = results_of((BY_PACK, BY_PACK.model_copy(update={"test": "welch"})))
    told = written(found, "markdown").split("## Comparisons")[1].split("comparisons,")[0]
    assert told.count("with pack green than with pack plain") == 1
    assert told.count("between pack plain and pack thrift") == 1
    assert "Welch" in written(found, "details").split("## Comparisons")[1]


@pytest.mark.parametrize(
    ("groups", "mean", "heads"),
    [
        (20, GroupFigure(value=3.0), ("mean over groups", "dispersion within groups")),
        (1, GroupFigure(value=3.0), ("mean", "dispersion")),
        (20, None, ("share of answers", "dispersion within groups")),
    ],
)
def test_figures_of_polls_say_what_they_are_over(groups, mean, heads):
    ends = (PollRound(moment="end", stated=60, missing=4, mean=mean, shares={} if mean else {"yes": 0.5}),)
    poll = PollResult(measure="v.support", groups=groups, people=64, rounds=ends)
    text = written(results_of().model_copy(update={"polls": (poll,)}), "details")
    assert f"| asked | answers | missing | {heads[0]} | {heads[1]} |" in text
