"""The figures of `VarianceResult`, from the answers of each person in each condition and replicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinytroupe_cli.analysis.permutation import Floats
from tinytroupe_cli.analysis.variance_components import (
    Components,
    components,
    condition_correlation,
    contrast_errors,
    intraclass_correlation,
    percentile_interval,
    persona_test,
    resampled_components,
    same_condition_tests,
)
from tinytroupe_cli.analysis.variance_result import Component, ContrastByReplicate, VarianceShare
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

ORDER: tuple[Component, ...] = ("people", "conditions", "people_by_conditions", "noise")


def estimated(
    cells: Sequence[Sequence[Sequence[float]]], conditions: Sequence[str], inference: PlannedInference, seed: int
) -> dict[str, Any]:
    """Return the figures, by the field's names in `VarianceResult`; `cells` is people x conditions x replicates."""
    values = np.array(cells)
    if np.ptp(values) == 0:
        return {"why_not": "every answer is the same"}
    found = components(values)
    people, _, replicates = values.shape
    effect = _design_effect(found, values.size // people)
    correlation = condition_correlation(values)
    row: dict[str, Any] = {
        "components": _shares(found, values, seed),
        "design_effect": effect,
        "effective_n": values.size / effect,
        "correlation": correlation,
        "gain": 1 / (1 - correlation) if correlation is not None and correlation < 1 else None,
        "standard_errors": contrast_errors(found, values.shape) if len(conditions) > 1 else {},
    }
    return row | (_over_replicates(values, conditions, inference, seed) if replicates > 1 else {})


def _over_replicates(
    values: Floats, conditions: Sequence[str], inference: PlannedInference, seed: int
) -> dict[str, Any]:
    if np.ptp(values, axis=2).max() == 0:
        return {"is_deterministic": True}
    p_values = same_condition_tests(values, draws=inference.permutations, seed=seed)
    row: dict[str, Any] = {
        "icc": intraclass_correlation(values),
        "icc_p": persona_test(values, seed=seed),
        "same_condition": (sum(p < inference.alpha for p in p_values), len(p_values)),
    }
    if len(conditions) > 1:
        differences = (values[:, -1] - values[:, 0]).mean(axis=0)
        is_same = np.sign(differences) == np.sign(differences.mean())
        row["by_replicate"] = ContrastByReplicate(
            conditions=(conditions[0], conditions[-1]),
            differences=tuple(float(one) for one in differences),
            same_sign=float(is_same.mean()),
        )
    return row


def _shares(found: Components, values: Floats, seed: int) -> tuple[VarianceShare, ...]:
    variances = {
        "people": found.people,
        "conditions": found.conditions,
        "people_by_conditions": found.interaction,
        "noise": found.noise,
    }
    shares, drawn = found.shares, resampled_components(values, seed=seed).shares
    if values.shape[1] == 1:
        del shares["conditions"]
    intervals = {name: percentile_interval(drawn[name]) for name in shares}
    return tuple(
        VarianceShare(
            component=name,
            variance=float(variance[0]),
            share=float(shares[name][0]),
            low=intervals[name].low,
            high=intervals[name].high,
        )
        for name in ORDER
        if name in shares and (variance := variances[name]) is not None
    )


def _design_effect(found: Components, answers: int) -> float:
    """Return 1 + (m - 1) ICC of m answers a person (Kish, 1965, section 5.4)."""
    return 1 + (answers - 1) * float(found.shares["people"][0])
