"""Tests that an experiment can ask for by name: for which designs and measures each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.spec.design import TestName

ORDERED: Final[tuple[MeasureScale, ...]] = ("points", "number", "date", "place", "amount", "score")
ANY: Final[tuple[MeasureScale, ...]] = ("share", *ORDERED)


@dataclass(frozen=True, slots=True)
class TestFit:
    """What a test is for."""

    is_paired: bool
    """Whether the same units are at every level."""
    scales: tuple[MeasureScale, ...]
    least_levels: int = 2
    is_omnibus: bool = False
    """Whether it tests all levels at once, not pairs."""


FITS: Final[dict[TestName, TestFit]] = {
    "t": TestFit(is_paired=False, scales=ANY),
    "welch": TestFit(is_paired=False, scales=ANY),
    "mann_whitney": TestFit(is_paired=False, scales=ORDERED),
    "brunner_munzel": TestFit(is_paired=False, scales=ORDERED),
    "ks": TestFit(is_paired=False, scales=ORDERED),
    "chi2": TestFit(is_paired=False, scales=("share",)),
    "fisher": TestFit(is_paired=False, scales=("share",)),
    "paired_t": TestFit(is_paired=True, scales=ANY),
    "sign": TestFit(is_paired=True, scales=ANY),
    "wilcoxon": TestFit(is_paired=True, scales=ORDERED),
    "mcnemar": TestFit(is_paired=True, scales=("share",)),
    "anova": TestFit(is_paired=False, scales=ANY, is_omnibus=True),
    "kruskal": TestFit(is_paired=False, scales=ORDERED, is_omnibus=True),
    "friedman": TestFit(is_paired=True, scales=ORDERED, least_levels=3, is_omnibus=True),
    "cochran_q": TestFit(is_paired=True, scales=("share",), least_levels=3, is_omnibus=True),
}
"""Of each test; `spearman` is of a numeric attribute, not of levels."""
COUNTERPARTS: Final[dict[TestName, TestName]] = {
    "t": "paired_t",
    "welch": "paired_t",
    "mann_whitney": "wilcoxon",
    "brunner_munzel": "wilcoxon",
    "ks": "wilcoxon",
    "chi2": "mcnemar",
    "fisher": "mcnemar",
    "paired_t": "welch",
    "sign": "mann_whitney",
    "wilcoxon": "mann_whitney",
    "mcnemar": "fisher",
    "anova": "friedman",
    "kruskal": "friedman",
    "friedman": "kruskal",
    "cochran_q": "chi2",
}
"""The test of the other design that comes nearest."""
LABELS: Final[dict[TestName, str]] = {
    "t": "Student's t",
    "welch": "Welch's t",
    "mann_whitney": "Mann-Whitney U",
    "brunner_munzel": "Brunner-Munzel",
    "ks": "Kolmogorov-Smirnov",
    "chi2": "chi-square",
    "fisher": "Fisher's exact",
    "paired_t": "paired t",
    "sign": "sign",
    "wilcoxon": "Wilcoxon signed-rank",
    "mcnemar": "McNemar's exact",
    "anova": "analysis of variance",
    "kruskal": "Kruskal-Wallis",
    "friedman": "Friedman",
    "cochran_q": "Cochran's Q",
    "spearman": "Spearman's rank correlation",
}


def misfit(name: TestName, scale: MeasureScale, levels: int, *, is_paired: bool) -> str:
    """Return why a test doesn't fit a design or measure; empty: it does."""
    fit = FITS.get(name)
    if fit is None:
        return f"{name} is for a numeric field of people without `bands`"
    if fit.is_paired != is_paired:
        return f"{name} is for {'the same units at every level' if fit.is_paired else 'separate groups'}"
    if scale not in fit.scales:
        return f"{name} is for {'shares' if fit.scales == ('share',) else 'points, numbers and ranks'}"
    if levels < fit.least_levels:
        return f"{name} is for {fit.least_levels} levels or more; this has {levels}"
    return ""


def instead(name: TestName, scale: MeasureScale, levels: int, *, is_paired: bool) -> str:
    """Return the test that fits: the counterpart of the one that doesn't, else the first of all; empty: none."""
    first: list[TestName] = [COUNTERPARTS[name]] if name in COUNTERPARTS else []
    candidates: list[TestName] = [*first, *FITS]
    omnibus = FITS[name].is_omnibus if name in FITS else False
    fitting: list[TestName] = [
        candidate for candidate in candidates if not misfit(candidate, scale, levels, is_paired=is_paired)
    ]
    alike = [fit for fit in fitting if FITS[fit].is_omnibus == omnibus]
    return (alike or fitting or [""])[0]
