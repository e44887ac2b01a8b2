"""What reports claim about comparisons and what is made of them: branches, rows of tables, notes and counts."""

from __future__ import annotations

from three_packs import BY_PACK, DELTA, results_of, written

from tinytroupe_cli.plan.planned_multiverse import PlannedMultiverse

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
