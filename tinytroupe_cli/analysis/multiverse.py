"""The same difference under every combination of reasonable choices, and what that shows.

A specification curve (Simonsohn, Simmons and Nelson 2020): the sorted estimates of all branches, their median, how many
have the same direction, how many are statistically significant, and one test of all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Literal

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, Verdict, difference_of
from tinytroupe_cli.analysis.comparisons import analysis_settings, asked_of, result_of
from tinytroupe_cli.analysis.estimands import LABELS, WITHOUT_DIFFERENCE
from tinytroupe_cli.analysis.multiverse_choices import Choosing, Chosen
from tinytroupe_cli.analysis.multiverse_result import (
    Branch,
    BranchesOfRuns,
    JointTest,
    ModelBlend,
    Multiverse,
    SpecificationCurve,
)
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.planned_multiverse import MODELS, Choices, PlannedMultiverse
from tinytroupe_cli.plan.types import Plan

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.joint_columns import JointColumn

RATIOS = (LABELS["ratio"], LABELS["odds"], LABELS["log"])
"""Estimands that are 1, not 0, where the levels do not differ."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One branch of one difference."""

    branch: Branch
    result: ComparisonResult
    asked: AskedQuestion
    chosen: Chosen


def multiverse(plan: Plan, rows: Sequence[Observation], others: BranchesOfRuns | None = None) -> Multiverse | None:
    """Return every branch of this run's answers, and of other runs; None: the plan has no multiverse.

    `plan` and `rows` have everybody, also those whom a rule leaves out.
    """
    planned = plan.multiverse
    if planned is None:
        return None
    choosing, settings = Choosing(plan, rows), analysis_settings(plan)
    found: dict[str, list[_Found]] = defaultdict(list)
    for choices in planned.branches():
        for entry in _branch(choosing.chosen(choices), {**planned.choices, **choices}, settings):
            found[difference_of(entry.result).key].append(entry)
    curves = [_curve(_distinct(own), settings) for own in found.values()]
    own = _whole(planned, curves)
    return merged(plan, own, others.runs) if others else own


def merged(plan: Plan, own: Multiverse, others: Mapping[str, Multiverse]) -> Multiverse:
    """Return a multiverse with the branches of other runs (by name); each run has its own choices."""
    assert plan.multiverse is not None  # noqa: S101 - only then is there one
    added: dict[str, list[Branch]] = defaultdict(list)
    for run, other in others.items():
        for curve in other.curves:
            added[curve.key] += [branch.model_copy(update={"run": run}) for branch in curve.branches]
    alpha = plan.inference.alpha
    curves = [curve.model_copy(update=_figures([*curve.branches, *added[curve.key]], alpha)) for curve in own.curves]
    return _whole(plan.multiverse, curves)


def _whole(planned: PlannedMultiverse, curves: Sequence[SpecificationCurve]) -> Multiverse:
    runs = {repr(sorted(_of_run(planned, branch.choices).items())) for curve in curves for branch in curve.branches}
    for_each_run = len(list(planned.branches()))
    return Multiverse(
        choices={**planned.runs, **planned.analysis},
        branches=planned.count,
        missing=planned.count - for_each_run * max(1, len(runs)),
        curves=tuple(curves),
    )


def _of_run(planned: PlannedMultiverse, choices: Choices) -> dict[str, str]:
    return {name: repr(value) for name, value in choices.items() if name in planned.runs}


def _branch(chosen: Chosen, choices: Choices, settings: AnalysisSettings) -> Iterator[_Found]:
    for planned, asked in asked_of(chosen.plan, chosen.rows, chosen.wanted):
        for comparison in asked:
            if comparison.question.kind in ("pair", "options") and chosen.fits(planned, comparison):
                result = result_of(chosen.plan, comparison, settings)
                yield _Found(_branch_of(result, choices, is_named=chosen.is_named_test), result, comparison, chosen)


def _distinct(found: Sequence[_Found]) -> list[_Found]:
    """Return one branch for each combination and set of figures; of several entries of `compare`, one with a verdict.

    Entries that differ only in what the choices replace, such as `test` or `estimand`, are the same branch.
    """
    kept: dict[str, _Found] = {}
    for entry in found:
        key = entry.branch.model_copy(update={"verdict": ""}).model_dump_json()
        if key not in kept or (entry.branch.verdict and not kept[key].branch.verdict):
            kept[key] = entry
    return list(kept.values())


def _branch_of(result: ComparisonResult, choices: Choices, *, is_named: bool) -> Branch:
    sign: Literal[-1, 0, 1] | None = None
    if result.adjust_why_not:
        return Branch(choices=choices, estimand=result.estimand, n=result.n, why_not=result.adjust_why_not)
    if result.estimate is not None:
        gap = result.estimate - (1 if result.estimand in RATIOS else 0)
        sign = 0 if abs(gap) < 1e-12 else 1 if gap > 0 else -1  # noqa: PLR2004 - a rounding error
    return Branch(
        choices=choices,
        estimand=result.estimand.removesuffix(", unweighted"),
        adjusted_for=result.adjusted_for,
        is_weighted=result.unweighted is not None,
        estimate=result.estimate,
        low=result.low,
        high=result.high,
        effect_size=result.effect_size,
        sign=sign,
        p=result.named_p if is_named else result.p,
        n=result.n,
        verdict=_verdict(result, is_named=is_named),
        why_not=(result.named_why_not if is_named else "") or result.why_not,
    )


def _verdict(result: ComparisonResult, *, is_named: bool) -> Verdict:
    """Return what two one-sided tests say, where a test by name decides whether there is a difference."""
    if not (result.verdict and is_named):
        return result.verdict
    if result.named_p is None:
        return ""
    is_inside = result.verdict in ("equivalent", "different_but_negligible")
    if result.named_p < result.alpha:
        return "different_but_negligible" if is_inside else "different"
    return "equivalent" if is_inside else "undecided"


def _curve(found: Sequence[_Found], settings: AnalysisSettings) -> SpecificationCurve:
    """Return the curve of one difference; its verdicts are on the bounds that are declared first."""
    bounds = next((entry.result.equivalence for entry in found if entry.result.equivalence), None)
    branches = [
        entry.branch if entry.result.equivalence == bounds else entry.branch.model_copy(update={"verdict": ""})
        for entry in found
    ]
    return SpecificationCurve(
        **dict(difference_of(found[0].result)),
        equivalence=bounds,
        joint=_joint(found, settings),
        **_figures(branches, found[0].result.alpha),
    )


def _figures(branches: Sequence[Branch], alpha: float) -> dict[str, Any]:
    """Return the order of the branches and what they have in common."""
    estimates: dict[str, list[float]] = defaultdict(list)
    for branch in branches:
        if branch.estimate is not None:
            estimates[branch.estimand].append(branch.estimate)
    by_size = len(estimates) > 1

    def place(branch: Branch) -> tuple[bool, float]:
        value = branch.effect_size if by_size else branch.estimate
        return value is None, value or 0.0

    signs = [branch.sign for branch in branches if branch.sign is not None]
    most = 1 if signs.count(1) >= signs.count(-1) else -1
    tested = [branch for branch in branches if branch.p is not None]
    significant = sum(branch.sign == most for branch in tested if branch.p is not None and branch.p < alpha)
    return {
        "sorted_by": "effect_size" if by_size else "estimate",
        "branches": tuple(sorted(branches, key=place)),
        "medians": {estimand: median(own) for estimand, own in estimates.items()},
        "same_sign": signs.count(most) / len(signs) if signs else None,
        "share_significant": significant / len(tested) if tested else None,
        "blends": tuple(_blends(branches)),
        "verdicts": dict(Counter(branch.verdict for branch in branches if branch.verdict)),
    }


def _blends(branches: Sequence[Branch]) -> Iterator[ModelBlend]:
    """Yield what each model finds; models count the same, however many branches they have."""
    models = list(dict.fromkeys(str(branch.choices.get(MODELS, "")) for branch in branches))
    if len(models) < 2:  # noqa: PLR2004 - nothing to blend
        return
    for estimand in dict.fromkeys(branch.estimand for branch in branches if branch.estimand not in RATIOS):
        own: dict[str, list[float]] = defaultdict(list)
        for branch in branches:
            if branch.estimand == estimand and branch.estimate is not None:
                own[str(branch.choices[MODELS])].append(branch.estimate)
        if len(own) == len(models):
            means = {model: fmean(own[model]) for model in models}
            signs = [(mean > 0) - (mean < 0) for mean in means.values()]
            same = max(signs.count(sign) for sign in (-1, 1)) / len(signs)
            yield ModelBlend(estimand=estimand, models=means, blend=fmean(means.values()), same_sign=same)


def _joint(found: Sequence[_Found], settings: AnalysisSettings) -> JointTest:
    """Return the test of all branches that estimate a difference; a branch that differs by its test alone is left out.

    Other estimands (medians, ratios) have statistics of their own, and are part of the curve only.
    """
    usable = [
        entry
        for entry in found
        if entry.result.p is not None
        and not entry.result.adjust_why_not
        and entry.asked.estimand not in WITHOUT_DIFFERENCE
        and not entry.asked.wordings
    ]
    distinct = list({_apart_from_test(entry.branch): entry for entry in reversed(usable)}.values())
    if not distinct:
        return JointTest(why_not="no branch has a permutation test of a difference")
    # A run without comparisons loads no numpy.
    from tinytroupe_cli.analysis.joint_columns import JointColumn, joint_figures  # noqa: PLC0415

    columns: list[JointColumn] = [JointColumn.of(entry.asked, entry.result) for entry in distinct]
    figures = joint_figures(columns, settings)
    return JointTest(
        branches=len(columns),
        median=figures.median,
        median_p=figures.median_p,
        share_significant=figures.share,
        share_significant_p=figures.share_p,
    )


def _apart_from_test(branch: Branch) -> str:
    """Return what a branch estimates, and from what."""
    return repr(({**branch.choices, "test": ""}, branch.estimand, branch.adjusted_for))
