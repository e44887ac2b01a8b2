"""The joint test of many analyses: with one analysis it is the test of that analysis."""

import numpy as np
import pytest

from tinytroupe_cli.analysis.covariate_adjustment import adjusted_label_test
from tinytroupe_cli.analysis.joint_test import JointTable, paired_joint_test, separate_joint_test
from tinytroupe_cli.analysis.permutation import label_test, sign_flip_test
from tinytroupe_cli.analysis.weighted_permutation import weighted_label_test

HOW = {"draws": 4_999, "seed": 7}


@pytest.mark.parametrize("count", [8, 30])
def test_one_paired_analysis_has_the_p_value_of_its_sign_flip_test(count):
    differences = np.random.default_rng(3).normal(0.3, 1, count)
    joint = paired_joint_test(differences[:, None], alpha=0.05, **HOW)
    assert joint.median_p == pytest.approx(sign_flip_test(differences, **HOW).p)


@pytest.mark.parametrize(("first", "second"), [(6, 7), (15, 22)])
@pytest.mark.parametrize("blocks", [False, True])
def test_one_separate_analysis_has_the_p_value_of_its_label_test(first, second, blocks):
    generator = np.random.default_rng(5)
    one, other = generator.normal(0, 1, first), generator.normal(0.6, 1, second)
    own = tuple("ab"[number % 2] for number in range(first + second)) if blocks else ()
    values = np.concatenate([one, other])[:, None]
    joint = separate_joint_test(JointTable(values, np.ones_like(values)), first, alpha=0.05, blocks=own, **HOW)
    assert joint.median_p == pytest.approx(label_test(one, other, blocks=own, **HOW).p, abs=0.004)


def test_one_weighted_analysis_has_the_p_value_of_its_label_test():
    generator = np.random.default_rng(6)
    one, other = generator.normal(0, 1, 12), generator.normal(0.6, 1, 14)
    weights = generator.uniform(0.5, 2, 26)
    values = np.concatenate([one, other])[:, None]
    joint = separate_joint_test(JointTable(values, weights[:, None]), 12, alpha=0.05, **HOW)
    assert joint.median_p == pytest.approx(
        weighted_label_test((one, weights[:12]), (other, weights[12:]), **HOW).p, abs=0.004
    )


def test_writing_an_analysis_twice_changes_nothing():
    differences = np.random.default_rng(8).normal(0.3, 1, (30, 3))
    once = paired_joint_test(differences, alpha=0.05, **HOW)
    twice = paired_joint_test(np.hstack([differences, differences]), alpha=0.05, **HOW)
    assert (once.median, once.median_p, once.share, once.share_p) == pytest.approx(
        (twice.median, twice.median_p, twice.share, twice.share_p)
    )


def test_exchanging_the_levels_mirrors_the_median():
    differences = np.random.default_rng(9).normal(0.3, 1, (20, 4))
    one, other = (paired_joint_test(sign * differences, alpha=0.05, **HOW) for sign in (1, -1))
    assert (one.median, one.median_p) == pytest.approx((-other.median, other.median_p))


def test_units_that_do_not_differ_at_all_are_no_crash():
    nothing = np.zeros((10, 2))
    assert paired_joint_test(nothing, alpha=0.05, **HOW).median_p == 1
    assert separate_joint_test(JointTable(nothing, np.ones((10, 2))), 5, alpha=0.05, **HOW).median_p == 1
    apart = np.repeat([[0.0], [1.0]], 8, axis=0)
    assert separate_joint_test(JointTable(apart, np.ones((16, 1))), 8, alpha=0.05, **HOW).median_p < 0.01


def test_one_adjusted_analysis_alone_has_the_p_of_its_own_test():
    generator = np.random.default_rng(3)
    covariates = generator.normal(0, 1, (40, 2))
    values = covariates @ [1.0, 0.3] + generator.normal(0, 1, 40) + 0.5 * (np.arange(40) < 15)
    blocks = [str(number % 3) for number in range(40)]
    table = JointTable(values[:, None], np.ones((40, 1)), {0: covariates})
    joint = separate_joint_test(table, 15, draws=999, seed=7, alpha=0.05, blocks=blocks)
    own = adjusted_label_test(values[:15], values[15:], covariates, draws=999, seed=7, blocks=blocks)
    assert joint.median_p == own.p
    assert abs(joint.median) == pytest.approx(own.statistic)
    assert joint.median < 0


@pytest.mark.parametrize("is_exact", [True, False])
def test_a_branch_whose_rearrangements_all_tie_is_not_significant(is_exact):
    values = np.zeros((16 if is_exact else 40, 2))
    values[-1] = 1.0  # with one value that is not 0, all rearrangements have the same statistic
    half = len(values) // 2
    table = JointTable(values, np.ones(values.shape))
    joint = separate_joint_test(table, half, draws=20_000 if is_exact else 999, seed=7, alpha=0.05)
    assert joint.share == 0
    assert joint.share_p == 1


@pytest.mark.parametrize("count", [6, 8, 30])
def test_the_share_of_significant_branches_is_that_of_their_own_tests(count):
    differences = np.random.default_rng(12).normal(0.4, 1, (count, 12)).round()
    joint = paired_joint_test(differences, alpha=0.05, **HOW)
    own = [sign_flip_test(column, **HOW).p <= 0.05 for column in differences.T]
    assert joint.share == pytest.approx(np.mean(own), abs=0.09 if count > 20 else 1e-9)
