"""Families of comparisons: which p-values are corrected together, and their correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.comparison_result import ComparisonResult, Verdict
from tinytroupe_cli.analysis.multiplicity import corrected
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.permutation import PermutationTest

_NOT_SHOWN: Mapping[Verdict, Verdict] = {"different": "undecided", "different_but_negligible": "equivalent"}
"""Verdict -> what it is if the difference is not statistically significant."""
REST = "rest"
"""The family of measures that no family names."""


def family_of(planned: PlannedComparison, inference: PlannedInference, *, is_auto: bool) -> str:
    """Return the family of a comparison's rows."""
    if planned.attribute:
        return "description"
    if is_auto:
        return "exploratory"
    if not inference.families:
        return "main"
    measure = f"{planned.query}.{planned.field}"
    named = (name for name, measures in inference.families.items() if measure in measures)
    return next(named, inference.rest or REST)


def with_corrections(
    found: Sequence[ComparisonResult], tests: Sequence[PermutationTest | None], settings: AnalysisSettings
) -> list[ComparisonResult]:
    """Return results with p-values corrected within each family; `tests` has the test of each, for `max_t`."""
    results = list(found)
    for family in dict.fromkeys(comparison.family for comparison in found):
        places = [
            place for place, comparison in enumerate(found) if comparison.family == family and comparison.p is not None
        ]
        p_values = [found[at].p or 0.0 for at in places]
        method, in_family = _corrected(p_values, [tests[at] for at in places], settings)
        for place, p in zip(places, in_family, strict=True):
            verdict = _after_correction(results[place], p)
            changes = {"p_corrected": p, "correction": method, "verdict": verdict}
            results[place] = results[place].model_copy(update=changes)
    return results


def _at_fills(result: ComparisonResult) -> tuple[float, ...]:
    others = (result.clearest_p, result.faintest_p)
    return (*(result.worst_p or ()), *(p for p in others if p is not None))


def corrected_at_bounds(found: Sequence[ComparisonResult], settings: AnalysisSettings) -> list[tuple[float, ...]]:
    """Return, for each result, its p-values at values of missing answers, each corrected in the place of its own.

    `max_t` has no arrangements of answers that are missing: there, the correction is Holm's.
    """
    method = settings.inference.correction
    own: dict[str, list[int]] = {}
    for place, comparison in enumerate(found):
        if comparison.p is not None:
            own.setdefault(comparison.family, []).append(place)
    at_bounds: list[tuple[float, ...]] = [()] * len(found)
    for places in own.values():
        p_values = [found[place].p or 0.0 for place in places]
        for at, place in enumerate(places):
            replaced = ([*p_values[:at], p, *p_values[at + 1 :]] for p in _at_fills(found[place]))
            at_bounds[place] = tuple(corrected(ps, "holm" if method == "max_t" else method)[at] for ps in replaced)
    return at_bounds


def _after_correction(result: ComparisonResult, p: float) -> Verdict:
    """Return the verdict on equivalence once p is corrected: a difference that is no longer shown is none."""
    if p < result.alpha:
        return result.verdict
    return _NOT_SHOWN.get(result.verdict, result.verdict)


def _corrected(
    p_values: Sequence[float], tests: Sequence[PermutationTest | None], settings: AnalysisSettings
) -> tuple[str, list[float]]:
    """Return the method of a family's correction, and its corrected p-values."""
    method = settings.inference.correction
    if method != "max_t":
        return method, corrected(p_values, method)
    # A run without comparisons loads no numpy.
    from tinytroupe_cli.analysis.step_down import step_down_min_p  # noqa: PLC0415

    own = [test for test in tests if test is not None]
    if len(own) < len(tests):  # tests over wordings have no arrangements that could be drawn jointly
        return "holm", corrected(p_values, "holm")
    return "max_t", step_down_min_p(own, draws=settings.inference.permutations, seed=settings.seed)
