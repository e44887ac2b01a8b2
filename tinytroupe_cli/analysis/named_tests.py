"""Tests asked for by name, by scipy, on units. Arrays in, statistics and p-values out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from scipy import stats  # pyright: ignore[reportMissingTypeStubs] - no stubs

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.test_names import LABELS
from tinytroupe_cli.spec.design import TestName

scipy: Any = stats
BINARY: Final[tuple[TestName, ...]] = ("chi2", "fisher", "mcnemar", "cochran_q")
"""Tests of counts: each unit is 0 or 1."""
Tested = tuple[float | None, float]
"""Statistic, where there is one, and p-value."""


def named_test(name: TestName, groups: Sequence[Floats]) -> dict[str, Any]:
    """Return a test's name, statistic and two-sided p-value, by the field's names in `ComparisonResult`.

    `groups`: one array of shape (units,) for each level, in the same order of units where they are paired; of spearman,
    the numbers and the values.
    """
    if name in BINARY and not all(np.isin(group, (0.0, 1.0)).all() for group in groups):
        return {
            "named_test": LABELS[name],
            "named_why_not": "units have several answers, so their values are not 0 or 1",
        }
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's, where nothing varies: the sentence below says so
        statistic, p = _TESTS[name](groups)
    if not np.isfinite(p):
        return {"named_test": LABELS[name], "named_why_not": "it is undefined because nothing varies"}
    known = statistic if statistic is not None and np.isfinite(statistic) else None
    return {"named_test": LABELS[name], "named_statistic": known, "named_p": p}


def _of(found: Any) -> Tested:
    return float(found.statistic), float(found.pvalue)


def _sign(groups: Sequence[Floats]) -> Tested:
    """Return the sign test; units that are equal at both levels are left out."""
    above, below = int((groups[1] > groups[0]).sum()), int((groups[1] < groups[0]).sum())
    if above + below == 0:
        return None, 1.0
    return float(above), float(scipy.binomtest(above, above + below).pvalue)


def _table(groups: Sequence[Floats]) -> Floats:
    return np.array([[group.sum(), len(group) - group.sum()] for group in groups])


def _chi2(groups: Sequence[Floats]) -> Tested:
    table = _table(groups)
    return _of(scipy.chi2_contingency(table, correction=False)) if (table.sum(axis=0) > 0).all() else (0.0, 1.0)


def _cochran_q(groups: Sequence[Floats]) -> Tested:
    """Return Cochran's Q (1950); units that are equal at every level add nothing."""
    values = np.column_stack(groups)
    levels = values.shape[1]
    by_unit, by_level = values.sum(axis=1), values.sum(axis=0)
    below = float((by_unit * (levels - by_unit)).sum())
    if below == 0:
        return 0.0, 1.0
    q = (levels - 1) * levels * float(np.square(by_level - by_level.mean()).sum()) / below
    return q, float(scipy.chi2.sf(q, levels - 1))


_TESTS: Final[dict[TestName, Callable[[Sequence[Floats]], Tested]]] = {
    "t": lambda groups: _of(scipy.ttest_ind(groups[1], groups[0])),
    "welch": lambda groups: _of(scipy.ttest_ind(groups[1], groups[0], equal_var=False)),
    "mann_whitney": lambda groups: _of(scipy.mannwhitneyu(groups[1], groups[0])),
    "brunner_munzel": lambda groups: _of(scipy.brunnermunzel(groups[0], groups[1])),
    "ks": lambda groups: _of(scipy.ks_2samp(groups[0], groups[1])),
    "chi2": _chi2,
    "fisher": lambda groups: (None, float(scipy.fisher_exact(_table(groups)).pvalue)),
    "paired_t": lambda groups: _of(scipy.ttest_rel(groups[1], groups[0])),
    "sign": _sign,
    "wilcoxon": lambda groups: _of(scipy.wilcoxon(groups[1], groups[0])),
    "mcnemar": _sign,
    "anova": lambda groups: _of(scipy.f_oneway(*groups)),
    "kruskal": lambda groups: _of(scipy.kruskal(*groups)),
    "friedman": lambda groups: _of(scipy.friedmanchisquare(*groups)),
    "cochran_q": _cochran_q,
    "spearman": lambda groups: _of(scipy.spearmanr(groups[0], groups[1])),
}
