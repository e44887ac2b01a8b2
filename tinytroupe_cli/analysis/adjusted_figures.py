"""Figures of a difference between two groups that is adjusted for covariates; the unadjusted ones stay beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, Unadjusted
from tinytroupe_cli.analysis.covariate_adjustment import adjusted_difference, adjusted_label_test
from tinytroupe_cli.analysis.covariates import Covariate
from tinytroupe_cli.analysis.differences import (
    DifferenceTest,
    effect,
    labels_permuted_in,
    row_of,
    student,
    welch_freedom,
)
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.level_values import UnitValues
from tinytroupe_cli.analysis.permutation import TOLERANCE
from tinytroupe_cli.analysis.score_intervals import Interval
from tinytroupe_cli.analysis.units import MIN_UNITS


def adjusted_figures(
    levels: Sequence[UnitValues],
    covariates: Sequence[Covariate],
    blank: ComparisonResult,
    plain: dict[str, Any],
    how: AnalysisSettings,
) -> dict[str, Any]:
    """Return the figures of `ComparisonResult` that adjusting changes; `plain` has the unadjusted ones.

    `levels`: unit -> value at both levels; nobody is at both.
    """
    used = covariate_columns(levels, covariates, how.blocks)
    if used.why_not:
        return {"adjust_why_not": used.why_not}
    found = _adjusted(levels, used, blank, how)
    if isinstance(found, str):
        return {"adjust_why_not": found}
    return {
        **found,
        "adjusted_for": tuple(covariate.name for covariate in covariates),
        "imputed": used.imputed,
        "unadjusted": Unadjusted.model_validate(
            {name: plain[name] for name in Unadjusted.model_fields if name in plain}
        ),
    }


def _adjusted(
    levels: Sequence[UnitValues], used: CovariateColumns, blank: ComparisonResult, how: AnalysisSettings
) -> dict[str, Any] | str:
    """Return the adjusted figures, or why there are none."""
    matrix, of_blocks = used.matrix, used.of_blocks
    first, second = (np.array(list(level.values())) for level in levels)
    fit = adjusted_difference(first, second, matrix)
    counts = len(first) - matrix.shape[1], len(second) - matrix.shape[1]
    if fit.error <= TOLERANCE * (float(np.ptp(np.concatenate([first, second]))) or 1.0):
        return "the covariates leave no variance"
    freedom = welch_freedom([error**2 for error in fit.errors], counts)
    limit = 1.0 if blank.scale == "share" else math.inf

    def interval(alpha: float) -> tuple[Interval | None, str]:
        return student(fit.estimate, fit.error, freedom, alpha, limit), "t, HC2"

    inference = how.inference
    test = adjusted_label_test(first, second, matrix, draws=inference.permutations, seed=how.seed, blocks=how.blocks)
    name = f"{labels_permuted_in(how)}, studentized adjusted difference"
    nothing = np.zeros(len(matrix))
    unadjusted = adjusted_difference(first, second, np.column_stack(of_blocks or [nothing]))
    return {
        "values": fit.means,
        "estimate": fit.estimate,
        "why_not": "",
        **effect(first, second, blank, fit.means),
        **row_of(DifferenceTest(name, test, fit.error, freedom, interval), blank, how),
        "adjusted_for_blocks": bool(of_blocks),
        "variance_saved": 1 - (fit.error / unadjusted.error) ** 2 if unadjusted.error else None,
    }


@dataclass(frozen=True, slots=True)
class CovariateColumns:
    """What the values of units are regressed on."""

    why_not: str = ""
    """Why nothing is adjusted."""
    columns: tuple[Floats, ...] = ()
    """The covariates, each of shape (units of both levels,)."""
    of_blocks: tuple[Floats, ...] = ()
    """Whether each unit is in each block but one; none where groups are too small."""
    imputed: dict[str, int] = field(default_factory=dict[str, int])
    """Covariate -> units without a value."""

    @property
    def matrix(self) -> Floats:
        """Return all columns; shape (units of both levels, columns)."""
        return np.column_stack([*self.columns, *self.of_blocks])


def covariate_columns(
    levels: Sequence[UnitValues], covariates: Sequence[Covariate], blocks: Sequence[str]
) -> CovariateColumns:
    """Return the columns of covariates, and of blocks where groups are large enough, level by level."""
    units = [unit for level in levels for unit in level]
    if odd := [covariate.name for covariate in covariates if not covariate.columns]:
        return CovariateColumns(f"{' and '.join(odd)} is neither a number nor a category")
    columns, imputed = _columns(covariates, units)
    least = min(len(level) for level in levels)
    if not columns:
        return CovariateColumns("the units do not differ in the covariates")
    if least < len(columns) + 1 + MIN_UNITS:
        return CovariateColumns(f"{least} units at a level are too few for {len(columns)} covariates")
    of_blocks = _differing(_block_columns(blocks))
    if least < len(columns) + len(of_blocks) + 1 + MIN_UNITS:
        of_blocks = []
    return CovariateColumns("", tuple(columns), tuple(of_blocks), imputed)


def _columns(covariates: Sequence[Covariate], units: Sequence[str]) -> tuple[list[Floats], dict[str, int]]:
    """Return the columns of all covariates, and covariate -> units without a value.

    These have the mean of the others, and a column of their own that says so.
    """
    columns: list[Floats] = []
    imputed: dict[str, int] = {}
    for covariate in covariates:
        is_known = np.array([unit in covariate.columns[0] for unit in units])
        found = [np.array([column.get(unit, math.nan) for unit in units]) for column in covariate.columns]
        if not is_known.any():
            imputed[covariate.name] = len(units)
            continue
        columns += [np.where(is_known, column, column[is_known].mean()) for column in found]
        if not is_known.all():
            imputed[covariate.name] = int((~is_known).sum())
            columns.append(is_known.astype(np.float64))
    return _differing(columns), imputed


def _block_columns(blocks: Sequence[str]) -> list[Floats]:
    """Return whether each unit is in each block but the first."""
    return [np.array([float(label == block) for label in blocks]) for block in sorted(set(blocks))[1:]]


def _differing(columns: Sequence[Floats]) -> list[Floats]:
    return [column for column in columns if np.ptp(column) > 0]
