"""The figures of `VarianceResult`, from the answers of each person in each condition and replicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tinytroupe_cli.analysis.bootstrap import drawn_counts
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.nested_components import (
    nested_components,
    nested_correlation,
    nested_persona_test,
    resampled_nested,
)
from tinytroupe_cli.analysis.variance_components import (
    RESAMPLES,
    Components,
    components,
    condition_correlation,
    intraclass_correlation,
    paired_errors,
    persona_test,
    resampled_components,
    same_condition_tests,
    separate_errors,
    share_intervals,
    shares_of,
)
from tinytroupe_cli.analysis.variance_result import Component, ContrastByReplicate, ContrastByWording, VarianceShare
from tinytroupe_cli.analysis.wording_components import (
    WordingComponents,
    contrast_errors_with_wordings,
    rescaled,
    without_wordings,
    wording_components,
)
from tinytroupe_cli.plan.planned_comparisons import PlannedInference

ORDER: tuple[Component, ...] = (
    "people",
    "conditions",
    "wordings",
    "people_by_conditions",
    "wordings_by_conditions",
    "noise",
)

FIXED: tuple[Component, ...] = ("conditions", "wordings", "wordings_by_conditions")
"""Components that answers in the same conditions and wordings have in common."""


def estimated(
    cells: Sequence[Sequence[Sequence[float]]],
    conditions: Sequence[str],
    inference: PlannedInference,
    seed: int,
    *,
    wordings: int = 1,
) -> dict[str, Any]:
    """Return the figures, by the field's names in `VarianceResult`.

    `cells` is people x conditions x replicates; with several `wordings`, the replicates of each, one after the other.
    """
    values = np.array(cells)
    if np.ptp(values) == 0:
        return {"why_not": "every answer is the same"}
    split = _split(values, wordings, seed)
    shares = _shares(split, one_condition=len(conditions) == 1)
    effect = _design_effect(shares, values[0].size)
    correlation = condition_correlation(values)
    row: dict[str, Any] = {
        "components": shares,
        "design_effect": effect,
        "effective_n": values.size / effect,
        "correlation": correlation,
        "gain": 1 / (1 - correlation) if correlation is not None and correlation < 1 else None,
        "standard_errors": _errors(values[:, [0, -1]], wordings) if len(conditions) > 1 else {},
    }
    by_wording = values.reshape(*values.shape[:2], wordings, -1)
    if wordings > 1 and len(conditions) > 1:
        names = conditions[0], conditions[-1]
        differences = (by_wording[:, -1] - by_wording[:, 0]).mean(axis=(0, 2))
        row["by_wording"] = ContrastByWording(conditions=names, **_agreement(differences))
    answers = by_wording.mean(axis=2)
    return row | (_over_replicates(answers, conditions, inference, seed) if answers.shape[2] > 1 else {})


def estimated_in_cells(
    cells: Sequence[Sequence[Sequence[Sequence[float]]]], names: tuple[str, str], inference: PlannedInference, seed: int
) -> dict[str, Any]:
    """Return the figures of people who are nested in the cells of a between design.

    `cells`: cell x people x conditions within people x replicates. `names`: the first condition of the first cell and
    the last of the last.
    """
    values = [np.array(cell) for cell in cells]
    if np.ptp(np.concatenate([value.ravel() for value in values])) == 0:
        return {"why_not": "every answer is the same"}
    found, drawn = nested_components(values), resampled_nested(values, seed=seed)
    shares = _shares(_Split(_named(found), _named(drawn)), one_condition=False)
    effect = _design_effect(shares, values[0][0].size)
    row: dict[str, Any] = {
        "components": shares,
        "design_effect": effect,
        "effective_n": sum(value.size for value in values) / effect,
        "standard_errors": separate_errors(values[0][:, 0], values[-1][:, -1]),
    }
    if values[0].shape[2] == 1:
        return row
    if max(np.ptp(value, axis=2).max() for value in values) == 0:
        return row | {"is_deterministic": True}
    p_values = [p for value in values for p in same_condition_tests(value, draws=inference.permutations, seed=seed)]
    differences = values[-1][:, -1].mean(axis=0) - values[0][:, 0].mean(axis=0)
    return row | {
        "icc": nested_correlation(values),
        "icc_p": nested_persona_test(values, seed=seed),
        "same_condition": (sum(p < inference.alpha for p in p_values), len(p_values)),
        "by_replicate": ContrastByReplicate(conditions=names, same_people=False, **_agreement(differences)),
    }


def _design_effect(shares: Sequence[VarianceShare], answers: int) -> float:
    """Return 1 + (m - 1) ICC of m answers a person (Kish, 1965, section 5.4).

    Conditions and wordings are the same for independent answers, so their variance is no part of the correlation.
    """
    share = {one.component: one.share for one in shares}
    chance = sum(own for name, own in share.items() if name not in FIXED)
    return 1 + (answers - 1) * share["people"] / chance if chance > 0 else 1.0


def _agreement(differences: Floats) -> dict[str, Any]:
    is_same = np.sign(differences) == np.sign(differences.mean())
    return {"differences": tuple(float(difference) for difference in differences), "same_sign": float(is_same.mean())}


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
        names = conditions[0], conditions[-1]
        row["by_replicate"] = ContrastByReplicate(conditions=names, **_agreement(differences))
    return row


class _Split(NamedTuple):
    """Variances of the answers, and of samples of people drawn with replacement, by component."""

    variances: dict[Component, Floats]
    drawn: dict[Component, Floats]


def _split(values: Floats, wordings: int, seed: int) -> _Split:
    if wordings == 1:
        found, drawn = components(values), resampled_components(values, seed=seed)
        return _Split(_named(found), _named(drawn))
    people, conditions, answers = values.shape
    whole = values.reshape(people, conditions, wordings, answers // wordings)
    shape, plain = (people, conditions, wordings, answers // wordings), without_wordings(whole)
    found = rescaled(components(plain), shape)
    drawn = rescaled(resampled_components(plain, seed=seed), shape)
    own = wording_components(whole, np.ones((1, people)), found.noise)
    counts = np.concatenate([block.astype(np.float64) for block in drawn_counts(people, RESAMPLES, seed)])
    others = wording_components(whole, counts, drawn.noise)
    return _Split(_named(found, own), _named(drawn, others))


def _errors(values: Floats, wordings: int) -> dict[str, float]:
    """Return the standard errors of the difference of two conditions; arguments as of `_split`."""
    if wordings == 1:
        return paired_errors(values[:, 0], values[:, 1])
    people, conditions, answers = values.shape
    whole = values.reshape(people, conditions, wordings, answers // wordings)
    found = rescaled(components(without_wordings(whole)), shape := (people, conditions, wordings, answers // wordings))
    return contrast_errors_with_wordings(found, wording_components(whole, np.ones((1, people)), found.noise), shape)


def _named(found: Components, own: WordingComponents | None = None) -> dict[Component, Floats]:
    parts: dict[Component, Floats | None] = {
        "people": found.people,
        "conditions": found.conditions,
        "wordings": own.wordings if own else None,
        "people_by_conditions": found.interaction,
        "wordings_by_conditions": own.interaction if own else None,
        "noise": found.noise,
    }
    return {name: part for name, part in parts.items() if part is not None}


def _shares(split: _Split, *, one_condition: bool) -> tuple[VarianceShare, ...]:
    shares, intervals = shares_of(split.variances), share_intervals(split.variances, split.drawn)
    return tuple(
        VarianceShare(
            component=name,
            variance=float(variance[0]),
            share=float(shares[name][0]),
            low=intervals[name].low,
            high=intervals[name].high,
        )
        for name, variance in split.variances.items()
        if name != "conditions" or not one_condition
    )
