"""Figures of fidelity: distances with interval, noise floor, baselines and ceiling. Arrays in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from statistics import NormalDist
from typing import Final

import numpy as np

from tinytroupe_cli.analysis import distances
from tinytroupe_cli.analysis.answer_sets import AnswerSet
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.fidelity_result import FidelityFigure, FidelityVerdict, FigureName
from tinytroupe_cli.analysis.human_sampling import Halves, Sampled, Sides, bootstrap, halves, permuted
from tinytroupe_cli.analysis.score_intervals import exact_bound
from tinytroupe_cli.spec.baselines import BaselineKind

PERMUTATIONS: Final = 1_000
SPLITS: Final = 500
MARGIN: Final = 0.05
"""Upper end of the difference to the ceiling from which simulated answers are not `within_ceiling`."""
COLLAPSED: Final = 0.8
MIN_RANKED: Final = 4
"""Options from which their order is compared."""
DISTANCES: Final[tuple[FigureName, ...]] = ("total_variation", "kolmogorov_smirnov", "wasserstein", "jensen_shannon")


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """What the possible answers are."""

    values: Floats | None
    """Their numbers in ascending order; None: a choice."""
    is_ordered: bool
    """Whether cumulative shares mean anything; not for yes or no."""
    has_categories: bool
    """Whether each answer is one of a few; False: numbers."""
    width: float
    """The range of possible numbers; 1 for a choice."""

    @property
    def primary(self) -> FigureName:
        """Return the distance that verdicts are about."""
        return "kolmogorov_smirnov" if self.is_ordered else "total_variation"


Figure = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class FidelityFigures:
    """Two sets of answers, and the samples that all figures share."""

    sides: Sides
    scale: AnswerScale
    draws: int
    seed: int
    alpha: float = 0.05
    apart: Mapping[BaselineKind, AnswerSet] = field(default_factory=dict["BaselineKind", AnswerSet])
    """The answers of baselines that were played or forecast."""

    @cached_property
    def shares(self) -> tuple[Floats, Floats]:
        """Return the shares of simulated units, and of people."""
        return self.sides.simulated.shares(), self.sides.humans.shares()

    @cached_property
    def drawn(self) -> Sampled:
        """Return bootstrap samples."""
        return bootstrap(self.sides, self.draws, np.random.default_rng((self.seed, 1)))

    @cached_property
    def permuted(self) -> Sampled:
        """Return samples with permuted labels."""
        return permuted(self.sides, PERMUTATIONS, np.random.default_rng((self.seed, 2)))

    @cached_property
    def halves(self) -> Halves:
        """Return halves of the people with simulated samples of the same size."""
        return halves(self.sides, SPLITS, np.random.default_rng((self.seed, 3)))

    @cached_property
    def functions(self) -> Mapping[FigureName, Figure]:
        """Return the figures that such answers have."""
        found = figure_functions(self.scale)
        return with_ranks(found, self.sides.humans.size) if self.scale.has_categories else found

    @cached_property
    def baselines(self) -> dict[str, Floats]:
        """Return the shares of answers that a baseline gives."""
        made = {"uniform": _uniform(self.scale, self.sides.humans.size), "majority": self._majority()}
        return {**made, **{kind: one.shares() for kind, one in self.apart.items()}}

    @cached_property
    def drawn_baselines(self) -> dict[str, Floats]:
        """Return the same in bootstrap samples of the units that were played."""
        found = dict(self.baselines)
        for number, (kind, one) in enumerate(self.apart.items(), start=4):
            generator = np.random.default_rng((self.seed, number))
            counts = generator.multinomial(one.count, np.full(one.count, 1 / one.count), size=self.draws)
            found[kind] = one.shares(counts.astype(np.float64))
        return found

    def figures(self) -> tuple[FidelityFigure, ...]:
        """Return all figures."""
        return tuple(self._figure(name, function) for name, function in self.functions.items())

    def verdicts(self) -> tuple[FidelityVerdict, ...]:
        """Return what the rules say of the primary distance and of the spread."""
        function, human = self.functions[self.scale.primary], self.shares[1]
        drawn = function(self.drawn.simulated, self.drawn.humans)
        value = float(function(*self.shares))
        found = [self._of_ceiling(function, float(drawn.std()))]
        for name, base in self.baselines.items():
            gaps = function(self.drawn_baselines[name], self.drawn.humans) - drawn
            found.append(_of_baseline(name, float(function(base, human)) - value, float(gaps.std()), self._z))
        spread = "sd_ratio" if self.scale.is_ordered else "entropy_ratio"
        upper = self._figure(spread, self.functions[spread]).high
        if upper is not None and upper < COLLAPSED:
            found.append(FidelityVerdict(verdict="spread_collapsed", high=upper))
        return tuple(found)

    @property
    def _z(self) -> float:
        return NormalDist().inv_cdf(1 - self.alpha / 2)

    def _of_ceiling(self, function: Figure, error: float) -> FidelityVerdict:
        split = self.halves
        difference = float((function(split.simulated, split.first) - function(split.second, split.first)).mean())
        low, high = difference - self._z * error, difference + self._z * error
        verdict = "beyond_ceiling" if low > 0 else "within_ceiling" if high < MARGIN and error > 0 else "undecided"
        return FidelityVerdict(verdict=verdict, difference=difference, low=low, high=high)

    def _majority(self) -> Floats:
        human = self.shares[1]
        found = np.zeros_like(human)
        place = int(np.argmax(human)) if self.scale.has_categories else int(np.searchsorted(np.cumsum(human), 0.5))
        found[min(place, len(found) - 1)] = 1.0
        return found

    def _figure(self, name: FigureName, function: Figure) -> FidelityFigure:
        value = float(function(*self.shares))
        others = {base: _number(function(shares, self.shares[1])) for base, shares in self.baselines.items()}
        blank = FidelityFigure(name=name, uniform=others.pop("uniform"), majority=others.pop("majority"))
        blank = blank.model_copy(update={"baselines": {base: one for base, one in others.items() if one is not None}})
        if math.isnan(value):
            return blank.model_copy(update={"why_not": _UNDEFINED[name]})
        split = self.halves
        found: dict[str, object] = {
            "value": value,
            "ceiling": _mean(function(split.second, split.first)),
            "at_ceiling_size": _mean(function(split.simulated, split.first)),
        }
        drawn = function(self.drawn.simulated, self.drawn.humans)
        drawn = drawn[~np.isnan(drawn)]
        if name in DISTANCES or name == "ks_similarity":
            floors = function(self.permuted.simulated, self.permuted.humans)
            found |= {"floor": float(floors.mean())}
        if name in DISTANCES:
            floors = function(self.permuted.simulated, self.permuted.humans)
            p = (1 + int((floors >= value - 1e-12).sum())) / (1 + len(floors))
            low, high = distances.distance_interval(value, drawn, p, slack=self._slack, alpha=self.alpha)
            return blank.model_copy(update={**found, "p": p, "low": low, "high": high})
        return blank.model_copy(update={**found, **self._of_other(name, value, drawn)})

    def _of_other(self, name: FigureName, value: float, drawn: Floats) -> dict[str, object]:
        if name == "ks_similarity":
            ks = self._figure("kolmogorov_smirnov", self.functions["kolmogorov_smirnov"])
            return {"low": 1 - (ks.high or 0.0), "high": 1 - (ks.low or 0.0)}
        if len(drawn) and drawn.std() > 0:
            low, high = np.quantile(drawn, [self.alpha / 2, 1 - self.alpha / 2])
            return {"low": float(low), "high": float(high)}
        if name == "mean_difference":
            slack = self._slack * self.scale.width
            return {"low": value - slack, "high": value + slack}
        if name == "sd_ratio" and value == 0 and self.scale.values is not None:
            spread = float(distances.standard_deviation(self.shares[1], self.scale.values))
            share = min(0.5, exact_bound(self.sides.simulated.count, alpha=self.alpha))
            return {"low": 0.0, "high": self.scale.width * math.sqrt(share * (1 - share)) / spread}
        return {"why_not": "the same in every sample: no interval"}

    @property
    def _slack(self) -> float:
        """Return the share of units that could differ although none did, on the smaller side."""
        return exact_bound(min(self.sides.simulated.count, self.sides.humans.count), alpha=self.alpha)


def figure_functions(scale: AnswerScale) -> dict[FigureName, Figure]:
    """Return name -> figure of two arrays of shares, for such answers."""
    found: dict[FigureName, Figure] = {}
    values = scale.values
    if scale.has_categories:
        found |= {"total_variation": distances.total_variation}
    if scale.is_ordered and values is not None:
        found |= {
            "kolmogorov_smirnov": distances.kolmogorov_smirnov,
            "ks_similarity": lambda p, q: 1 - distances.kolmogorov_smirnov(p, q),
            "wasserstein": lambda p, q: distances.wasserstein(p, q, values) / scale.width,
        }
    if scale.has_categories:
        found |= {"jensen_shannon": distances.jensen_shannon}
    if values is not None:
        found |= {"mean_difference": lambda p, q: distances.mean(p, values) - distances.mean(q, values)}
    if scale.is_ordered and values is not None:
        spread = partial(distances.standard_deviation, values=values)
        found |= {"sd_ratio": lambda p, q: distances.ratio(spread(p), spread(q))}
    if scale.has_categories:
        found |= {"entropy_ratio": lambda p, q: distances.ratio(distances.entropy(p), distances.entropy(q))}
    return found


def with_ranks(found: Mapping[FigureName, Figure], options: int) -> dict[FigureName, Figure]:
    """Add the agreement of the options' order, where there are enough of them."""
    return {**found, "tau_b": distances.rank_agreement} if options >= MIN_RANKED else dict(found)


_UNDEFINED: Final[Mapping[FigureName, str]] = {
    "sd_ratio": "all people gave the same answer",
    "entropy_ratio": "all people gave the same answer",
    "tau_b": "all answers are equally frequent on one side",
}


def _of_baseline(name: str, difference: float, error: float, z: float) -> FidelityVerdict:
    low, high = difference - z * error, difference + z * error
    verdict = "better_than" if low > 0 else "no_better_than"
    return FidelityVerdict(verdict=verdict, against=name, difference=difference, low=low, high=high)


def _uniform(scale: AnswerScale, size: int) -> Floats:
    """Return equal shares; of numbers, equal shares of equal stretches of the range."""
    if scale.has_categories or scale.values is None or size < 2:  # noqa: PLR2004 - one number has no range
        return np.full(size, 1 / size)
    edges = np.concatenate([[scale.values[0]], (scale.values[1:] + scale.values[:-1]) / 2, [scale.values[-1]]])
    gaps = np.diff(edges)
    return gaps / gaps.sum()


def _number(value: Floats) -> float | None:
    found = float(value)
    return None if math.isnan(found) else found


def _mean(values: Floats) -> float | None:
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else None
