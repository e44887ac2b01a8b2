"""The branches of a multiverse as columns of one table of units, for the joint test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tinytroupe_cli.analysis.adjusted_figures import covariate_columns
from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.joint_test import JointFigures, JointTable, paired_joint_test, separate_joint_test
from tinytroupe_cli.analysis.level_values import UnitValues


@dataclass(frozen=True, slots=True)
class JointColumn:
    """The units of one branch: their values at both levels, and their weights."""

    levels: tuple[UnitValues, UnitValues]
    weights: Mapping[str, float]
    is_paired: bool
    block_of: Mapping[str, str]
    covariates: Mapping[str, Sequence[float]] = field(default_factory=dict[str, Sequence[float]])
    """Unit -> what its value is adjusted for; empty: nothing is adjusted."""

    @staticmethod
    def of(asked: AskedQuestion, result: ComparisonResult) -> JointColumn:
        """Return the column of a question that has a test."""
        first, second = asked.levels()
        is_weighted = asked.weighed is not None and asked.estimand is None and asked.is_weighted([first, second])
        weights = asked.unit_weights(asked.weighed) if asked.weighed is not None and is_weighted else {}
        is_paired = result.design == "within"
        column = JointColumn((first, second), weights, is_paired, {} if is_paired else asked.block_of)
        if not result.adjusted_for:
            return column
        matrix = covariate_columns((first, second), asked.covariates, asked.blocks((first, second))).matrix
        return replace(column, covariates=dict(zip([*first, *second], matrix.tolist(), strict=True)))

    def weight(self, unit: str) -> float:
        """Return the weight of a unit; 1 where nothing is weighted."""
        return self.weights.get(unit, 1.0)


def joint_figures(columns: Sequence[JointColumn], settings: AnalysisSettings) -> JointFigures:
    """Test all branches at once; they have the same design, and each unit is at the same level in all of them."""
    draws, seed, alpha = settings.inference.permutations, settings.seed, settings.inference.alpha
    if columns[0].is_paired:
        return paired_joint_test(_differences(columns), draws=draws, seed=seed, alpha=alpha)
    first, second = (list(dict.fromkeys(unit for own in columns for unit in own.levels[side])) for side in (0, 1))
    units = [*first, *second]
    values, weights = np.zeros((len(units), len(columns))), np.zeros((len(units), len(columns)))
    place = {unit: number for number, unit in enumerate(units)}
    for number, column in enumerate(columns):
        for unit, value in (*column.levels[0].items(), *column.levels[1].items()):
            values[place[unit], number], weights[place[unit], number] = value, column.weight(unit)
    adjusted = {
        number: np.array([column.covariates[unit] for unit in units if unit in column.covariates])
        for number, column in enumerate(columns)
        if column.covariates
    }
    table = JointTable(values, weights, adjusted)
    blocks = [columns[0].block_of.get(unit, "") for unit in units] if columns[0].block_of else ()
    return separate_joint_test(table, len(first), draws=draws, seed=seed, alpha=alpha, blocks=blocks)


def _differences(columns: Sequence[JointColumn]) -> Floats:
    """Return the weighted differences, shape (units, branches); 0 where a branch leaves a unit out."""
    units = list(dict.fromkeys(unit for own in columns for unit in own.levels[0]))
    found = np.zeros((len(units), len(columns)))
    for number, column in enumerate(columns):
        first, second = column.levels
        for row, unit in enumerate(units):
            if unit in first and unit in second:
                found[row, number] = column.weight(unit) * (second[unit] - first[unit])
    return found
