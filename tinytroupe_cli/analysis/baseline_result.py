"""A measure of the simulation beside a baseline's, as results.json has it."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.units import UnitKind
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.spec.baselines import BaselineKind

BaselineVerdict = Literal["", "adds_nothing", "same_distribution", "differ", "undecided"]


class BaselineContrast(Frozen):
    """A difference between levels of a factor, in the simulation and in the baseline."""

    by: str
    """The factor."""
    levels: tuple[JsonValue, ...]
    """The levels; the difference is the second minus the first, or a weighted sum."""
    option: JsonValue = None
    """The option whose share is compared; null: the measure as a whole."""
    simulated: float
    """The simulation's estimate, as in `comparisons`."""
    is_shown: bool
    """Whether the simulation shows a difference: its corrected p is below alpha."""
    baseline: float | None = None
    """The baseline's estimate; null: it has none."""
    low: float | None = None
    """Lower end of its interval; null: it has none."""
    high: float | None = None
    """Upper end."""
    is_same: bool
    """Whether both have the same conclusion: the same sign, or neither shows a difference."""


class PersonShare(Frozen):
    """The share of variance between people, over replicates within conditions."""

    icc: float | None = None
    """ICC(1): the correlation of two answers of one person; null: fewer than two replicates or six people."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""
    p: float | None = None
    """p-value of "answers do not depend on the person"."""
    is_deterministic: bool = False
    """All replicates are equal: persona and chance can't be told apart."""


class DistanceToPeople(Frozen):
    """How far the simulation and the baseline are from human answers."""

    data: str
    """The file of human answers."""
    column: str
    """Its column."""
    figure: str
    """The distance, as in `fidelity`."""
    simulated: float
    """Distance of the simulation."""
    baseline: float
    """Distance of the baseline."""
    skill: float | None = None
    """1 - simulated / baseline: above 0, the simulation is closer; null: the baseline's distance is 0."""


class BaselineResult(Frozen):
    """A measure of the simulation beside the same measure of a baseline."""

    baseline: BaselineKind
    """The baseline."""
    measure: str
    """The measure, as `query.field`."""
    unit: UnitKind = "person"
    """What counts as one unit."""
    n: tuple[int, int] = (0, 0)
    """Units with an answer: of the simulation, and of the baseline (1: a distribution that is known)."""
    missing: int = 0
    """Planned answers of the baseline that were not stated."""
    answers: tuple[JsonValue, ...] = ()
    """The possible answers; empty for a number."""
    simulated: tuple[float, ...] = ()
    """Share of each answer in the simulation, over all conditions."""
    shares: tuple[float, ...] = ()
    """Share of each answer in the baseline."""
    means: tuple[float, float] | None = None
    """Mean of the simulation, and of the baseline; null: a choice."""
    figure: Literal["total_variation", "kolmogorov_smirnov"] = "total_variation"
    """The distance that the verdict is about: total variation, for numbers Kolmogorov-Smirnov."""
    distance: float | None = None
    """The distance of both distributions of answers, from 0 to 1."""
    low: float | None = None
    """Lower end of its interval."""
    high: float | None = None
    """Upper end."""
    wasserstein: float | None = None
    """Wasserstein-1 distance as a share of the range; null: a choice."""
    wasserstein_low: float | None = None
    """Lower end of its interval."""
    wasserstein_high: float | None = None
    """Upper end."""
    sd: tuple[float, float] | None = None
    """Standard deviation of all answers in the simulation and in the baseline; null: a choice."""
    entropy: tuple[float, float] | None = None
    """Entropy of all answers in bits; null: numbers."""
    contrasts: tuple[BaselineContrast, ...] = ()
    """The simulation's comparisons of this measure, and what the baseline says."""
    persons: PersonShare | None = None
    """no_persona, persona_shuffle: whether the simulation's answers depend on the person; null: another baseline."""
    people: tuple[DistanceToPeople, ...] = ()
    """With human answers: which of the two is closer to people."""
    verdict: BaselineVerdict = ""
    """`differ`: the distance's interval lies above 0.1, or the answers depend on the person. `adds_nothing`: the
    interval lies below 0.1, every contrast has the same conclusion and, with no_persona, less than 0.1 of the variance
    is between people. `same_distribution`: the same, but one replicate can't tell whether answers depend on the person.
    `undecided`: none of these."""
    alpha: float = 0.05
    """Intervals are at 1 - alpha."""
    why_not: str = ""
    """Why there is no figure, or no verdict."""
