"""Estimate, test and interval of one question, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from operator import mul
from statistics import fmean
from typing import TYPE_CHECKING, Any

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings
from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.estimands import LABELS, WITHOUT_DIFFERENCE
from tinytroupe_cli.analysis.level_values import UnitValues
from tinytroupe_cli.analysis.test_names import FITS
from tinytroupe_cli.analysis.units import MIN_UNITS

if TYPE_CHECKING:
    from tinytroupe_cli.analysis.distances import Floats
    from tinytroupe_cli.analysis.looks import LookedAt


ONLY_PAIRS = "people were added until the pairs of levels were known well enough; only these are tested"
"""With `until`."""


def figures_of(asked: AskedQuestion, blank: ComparisonResult, settings: AnalysisSettings) -> dict[str, Any]:
    """Return the fields of `ComparisonResult` that come from answers."""
    if asked.question.kind in ("contrast", "interaction", "moderator", "slope"):
        return _contrasted(asked, blank, settings)
    if asked.sequences and asked.question.kind != "options":
        from tinytroupe_cli.analysis.crossover_figures import crossover_figures  # noqa: PLC0415 - loads numpy

        found = crossover_figures(asked, blank, settings)
        return exponentiated(found) if asked.estimand == "log" and "values" in found else found
    levels = asked.levels()
    found: dict[str, Any] = {"n": tuple(len(level) for level in levels)}
    if not min(found["n"]):
        return {**found, "why_not": "no answers at one of the levels"}
    kind, estimand = asked.question.kind, asked.estimand
    if estimand == "log" and asked.has_no_logarithm():
        return {**found, "why_not": "an answer is 0 or below: no logarithm"}
    is_weighted = asked.is_weighted(levels)
    if is_weighted and kind in ("omnibus", "whole"):
        return {**found, "why_not": "with weights, levels are compared in pairs only"}
    if not (asked.is_of_options and kind in ("omnibus", "whole")):
        found |= _level_means(asked, levels, is_weighted=is_weighted)
    if kind in ("pair", "options", "missing") and estimand not in WITHOUT_DIFFERENCE:
        found["estimate"] = found["values"][1] - found["values"][0]
    if why_not := _untestable(levels, blank):
        found = {**found, "why_not": why_not}
        return exponentiated(found) if estimand == "log" else found
    if asked.looked_at is not None:
        return found | _at_looks(asked, asked.looked_at, blank, settings)
    if asked.wordings:
        found |= _over_wordings(asked, levels, blank, settings)
        return exponentiated(found) if estimand == "log" else found
    settings = replace(settings, blocks=asked.blocks(levels))
    if is_weighted and estimand is None:
        return found | _weighted(asked, levels, blank, settings)
    found = _tested(asked, levels, found, blank, settings)
    return exponentiated(found) if estimand == "log" else found


def _tested(
    asked: AskedQuestion,
    levels: Sequence[UnitValues],
    found: dict[str, Any],
    blank: ComparisonResult,
    settings: AnalysisSettings,
) -> dict[str, Any]:
    """Return figures with test and interval, those asked for by name, and those adjusted for covariates."""
    kind = asked.question.kind
    # A run without comparisons loads neither numpy nor scipy.
    if kind in ("omnibus", "whole"):
        from tinytroupe_cli.analysis.whole_figures import omnibus, whole  # noqa: PLC0415

        found |= omnibus(asked, settings) if kind == "omnibus" else whole(asked, settings)
    else:
        from tinytroupe_cli.analysis.differences import figures  # noqa: PLC0415

        first, second = (list(level.values()) for level in levels)
        found |= figures(first, second, blank, asked.width, settings)
    found |= _asked_by_name(asked, levels, settings)
    if asked.covariates and kind == "pair":
        from tinytroupe_cli.analysis.adjusted_figures import adjusted_figures  # noqa: PLC0415

        found |= adjusted_figures(levels, asked.covariates, blank, found, settings)
    return found


def _at_looks(
    asked: AskedQuestion, looked_at: LookedAt, blank: ComparisonResult, settings: AnalysisSettings
) -> dict[str, Any]:
    """Return the figures of a measure for which people were added until it was known well enough."""
    question = asked.question
    if question.kind != "pair" or asked.estimand is not None or question.planned.at:
        return {"why_not": ONLY_PAIRS}
    looks = looked_at.at_looks(question)
    if not looks or looks[-1].least < MIN_UNITS:
        return {"why_not": "too few people took part before the first look"}
    from tinytroupe_cli.analysis.sequential_figures import sequential_figures  # noqa: PLC0415 - loads numpy

    return sequential_figures(looked_at, question, looks, blank, settings)


def _contrasted(asked: AskedQuestion, blank: ComparisonResult, settings: AnalysisSettings) -> dict[str, Any]:
    """Return the figures of a contrast or a slope."""
    from tinytroupe_cli.analysis import contrast_figures as figures  # noqa: PLC0415 - loads numpy and scipy

    question = asked.question
    is_slope = not question.weights
    groups, weights = (asked.differences(), [1.0]) if is_slope else figures.inner_contrasts(asked)
    what = "slope" if is_slope else "contrast"
    found: dict[str, Any] = {
        "n": tuple(len(group) for group in groups),
        "estimand": f"{what}, unweighted" if asked.is_weighted(groups) else what,
    }
    if not min(found["n"]):
        return {**found, "why_not": "no answers at one of the levels"}
    means = [fmean(group.values()) for group in groups]
    found |= {} if is_slope else {"estimate": sum(map(mul, weights, means))}
    if why_not := _untestable_contrast(asked, groups, blank, is_slope=is_slope):
        return {**found, "why_not": why_not}
    if is_slope:
        is_named = question.planned.test is not None
        return found | figures.slope_figures(groups[0], asked.numbers, settings, with_spearman=is_named)
    blocks = tuple(asked.block_of.get(unit, "") for group in groups for unit in group) if asked.block_of else ()
    settings = replace(settings, blocks=blocks if len(groups) > 1 else ())
    return found | figures.contrast_figures(groups, weights, settings, is_share=blank.scale == "share")


def _untestable_contrast(
    asked: AskedQuestion, groups: Sequence[UnitValues], blank: ComparisonResult, *, is_slope: bool
) -> str:
    """Return why a contrast or a slope can't be tested; empty: it can."""
    if asked.looked_at is not None:
        return ONLY_PAIRS
    if asked.wordings:
        return "with random wordings, only differences of two levels are tested"
    if is_slope and asked.units.kind != "person":
        return "people talked with each other"
    return _untestable(groups, blank.model_copy(update={"design": "between"}))


def _over_wordings(
    asked: AskedQuestion, levels: Sequence[UnitValues], blank: ComparisonResult, settings: AnalysisSettings
) -> dict[str, Any]:
    """Return the figures where wordings are random: each one's effect, and what they differ by."""
    if asked.question.kind in ("omnibus", "whole"):
        return {"why_not": "with random wordings, levels are compared in pairs only"}
    if asked.estimand in WITHOUT_DIFFERENCE:
        return {"why_not": "with random wordings, only means and shares are compared"}
    by_wording = asked.levels_by_wording()
    if len(by_wording) < 2:  # noqa: PLR2004 - no variance
        return {"why_not": "fewer than 2 wordings have answers at both levels"}
    from tinytroupe_cli.analysis.wording_figures import worded_figures, wording_values  # noqa: PLC0415 - loads numpy

    values = wording_values(asked, tuple((pair[0], pair[1]) for pair in by_wording))
    both = list(levels[0].values()), list(levels[1].values())
    found = worded_figures(values, both, blank, asked.width, settings)
    return found | ({"named_why_not": "tests by name ignore wordings"} if asked.question.planned.test else {})


def _level_means(asked: AskedQuestion, levels: Sequence[UnitValues], *, is_weighted: bool) -> dict[str, Any]:
    """Return the mean over units at each level; weighted, the plain means too. Other estimands are not weighted."""
    plain = tuple(fmean(level.values()) for level in levels)
    if not is_weighted or asked.weighed is None:
        return {"values": plain}
    if asked.estimand is not None:
        return {"values": plain, "estimand": f"{LABELS[asked.estimand]}, unweighted"}
    return {"values": tuple(asked.mean(level) for level in levels), "unweighted": plain}


def _weighted(
    asked: AskedQuestion, levels: Sequence[UnitValues], blank: ComparisonResult, settings: AnalysisSettings
) -> dict[str, Any]:
    from tinytroupe_cli.analysis.weighted_differences import weighted_figures, weighted_units  # noqa: PLC0415

    if asked.weighed is None:
        return {}
    weighted, (first, second) = weighted_units(asked.weighed, asked.units), levels
    found = weighted_figures(first, second, blank, asked.width, settings, weighted=weighted)
    return found | ({"named_why_not": "tests by name are not weighted"} if asked.question.planned.test else {})


def _asked_by_name(asked: AskedQuestion, levels: Sequence[UnitValues], settings: AnalysisSettings) -> dict[str, Any]:
    """Return what the comparison asks for by name: another estimand, another test."""
    found: dict[str, Any] = {}
    kind, estimand, test = asked.question.kind, asked.estimand, asked.question.planned.test
    if kind == "pair" and estimand == "distribution":
        from tinytroupe_cli.analysis.distribution_figures import distribution_figures  # noqa: PLC0415

        found |= distribution_figures(asked, levels, settings)
    elif kind in ("pair", "options") and estimand in WITHOUT_DIFFERENCE:
        from tinytroupe_cli.analysis.estimand_figures import estimand_figures  # noqa: PLC0415

        is_paired = asked.is_within or kind == "options"
        first, second = _arrays(levels)
        found |= estimand_figures(first, second, estimand, settings, is_paired=is_paired)
    is_whole = asked.is_of_options and kind in ("omnibus", "whole")
    if test in FITS and kind != "missing" and FITS[test].is_omnibus == (kind == "omnibus") and not is_whole:
        from tinytroupe_cli.analysis.named_tests import named_test  # noqa: PLC0415

        found |= named_test(test, _arrays(levels))
    return found


def exponentiated(row: dict[str, Any]) -> dict[str, Any]:
    """Return figures of a difference of logarithms as those of a ratio of geometric means."""
    found = {name: math.exp(row[name]) for name in ("estimate", "low", "high") if row.get(name) is not None}
    values = {"values": tuple(math.exp(value) for value in row["values"])}
    return row | found | values | {"detectable": None}


def _arrays(levels: Sequence[UnitValues]) -> list[Floats]:
    import numpy as np  # noqa: PLC0415

    return [np.array(list(level.values())) for level in levels]


def _untestable(levels: Sequence[UnitValues], blank: ComparisonResult) -> str:
    """Return why units can't be tested; empty: they can."""
    units = [unit for level in levels for unit in level]
    if blank.design != "within" and len(set(units)) < len(units):
        if blank.design == "description":
            return "people of both groups talked with each other"
        return "some units are at both levels (people are reassigned in each replicate, or answers are about all)"
    least = min(len(level) for level in levels)
    return _too_few(blank) if least < MIN_UNITS else ""


def _too_few(blank: ComparisonResult) -> str:
    units = {"person": "people", "group": "groups", "replicate": "replicates"}[blank.unit]
    if blank.kind == "missing":
        return f"fewer than {MIN_UNITS} {units} were asked at one of the levels"
    if blank.kind == "options":
        return f"fewer than {MIN_UNITS} {units} have answers"
    if blank.design != "within":
        return f"fewer than {MIN_UNITS} {units} have answers at one of the levels"
    return f"fewer than {MIN_UNITS} {units} have answers at {'both' if blank.kind == 'pair' else 'all'} levels"
