import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.permutation import label_test, sign_flip_test

DRAWS = 4_999


def numbers(seed, *shape, scale=1.0):
    return np.random.default_rng(seed).normal(0.3, scale, shape)


@pytest.mark.parametrize("seed", range(4))
def test_sign_flips_equal_scipys(seed):
    differences = numbers(seed, 9)
    found = sign_flip_test(differences, draws=DRAWS, seed=1)
    known = stats.permutation_test(
        (differences, np.zeros(9)),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert found.is_exact
    assert found.p == pytest.approx(known.pvalue)
    assert found.smallest == 2 / 2**9


@pytest.mark.parametrize("seed", range(4))
def test_studentized_labels_equal_scipys(seed):
    first, second = numbers(seed, 6), numbers(seed + 50, 7, scale=2)
    known = stats.permutation_test(
        (first, second),
        lambda one, other, axis: np.abs(stats.ttest_ind(one, other, axis=axis, equal_var=False).statistic),
        n_resamples=np.inf,
        vectorized=True,
        alternative="greater",
    )
    assert label_test(first, second, draws=DRAWS, seed=1).p == pytest.approx(known.pvalue)


def test_units_that_do_not_differ_leave_few_signs_to_enumerate():
    differences = np.array([1.0, 1.0, 1.0, 1.0] + [0.0] * 20)
    found = sign_flip_test(differences, draws=20_000, seed=1)
    assert (found.p, found.smallest, found.is_exact) == (2 / 16, 2 / 16, True)
    assert len(found.arranged) == 20_000  # those of a joint correction, which other measures share
    assert sign_flip_test(np.zeros(24), draws=99, seed=1).p == 1


def test_drawn_arrangements_count_the_observed_one_and_are_the_same_for_the_same_seed():
    differences = np.abs(numbers(1, 40)) + 1
    found = sign_flip_test(differences, draws=999, seed=3)
    assert not found.is_exact
    assert found.p == 1 / 1000
    assert found == sign_flip_test(differences, draws=999, seed=3)


def test_swapping_arms_and_adding_a_constant_change_no_p():
    first, second = numbers(6, 8), numbers(7, 8)
    p = label_test(first, second, draws=DRAWS, seed=1).p
    assert label_test(second, first, draws=DRAWS, seed=1).p == pytest.approx(p)
    assert label_test(first + 5, second + 5, draws=DRAWS, seed=1).p == pytest.approx(p)
    assert (
        sign_flip_test(first - second, draws=DRAWS, seed=1).p == sign_flip_test(second - first, draws=DRAWS, seed=1).p
    )


def test_units_that_all_agree_have_p_1():
    assert sign_flip_test(np.zeros(8), draws=DRAWS, seed=1).p == 1
    assert label_test(np.ones(6), np.ones(6), draws=DRAWS, seed=1).p == 1


@pytest.mark.parametrize("few", [[], [1.0]])
def test_a_single_unit_can_not_be_tested(few):
    with pytest.raises(ValueError, match="two units"):
        sign_flip_test(np.array(few), draws=DRAWS, seed=1)
    with pytest.raises(ValueError, match="two units"):
        label_test(np.array(few), np.array([1.0, 2.0]), draws=DRAWS, seed=1)
