"""People of a pilot run, drawn again with their real values for a simulation of power. Arrays in, numbers out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.permutation import TOLERANCE
from tinytroupe_cli.analysis.power import Layout, Sample, Sampler
from tinytroupe_cli.analysis.variance_components import components


class NoVarianceError(ValueError):
    """A measure that does not vary in the pilot: its power can't be found."""


@dataclass(frozen=True, slots=True)
class PilotPeople:
    """The answers of a pilot's people to one measure.

    `values`: shape (people, levels, conditions, replicates). Two levels, each person at both; or one, each person at
    the level they were assigned to, all levels' means equal.
    """

    values: Floats
    is_share: bool

    @property
    def total(self) -> float:
        """Return the standard deviation of an answer."""
        return float(self.values.std())

    @property
    def share(self) -> float:
        """Return the mean over levels."""
        return float(self.values.mean())


def checked(values: Floats, *, is_share: bool) -> PilotPeople:
    """Return the people with equal means at both levels; raises NoVarianceError where nothing varies."""
    if np.ptp(values) == 0:
        raise NoVarianceError("every answer is the same")
    if is_share:
        return PilotPeople(values, is_share=True)
    centered = values - values.mean(axis=(0, 2, 3), keepdims=True) + values.mean()
    means = centered.mean(axis=(2, 3))
    own = means[:, -1] - means[:, 0] if means.shape[1] > 1 else means[:, 0]
    if np.ptp(own) <= TOLERANCE * max(1.0, float(np.abs(values).max())):
        raise NoVarianceError("everyone differs between the levels by the same amount")
    return PilotPeople(centered, is_share=False)


def pilot_sampler(pilot: PilotPeople, layout: Layout, *, effect: float, wording: float) -> Sampler:
    """Return what draws a pilot's people with replacement and moves their answers at the second level by `effect`.

    Of a share, a person's two levels are exchanged at random, and answers at the second level become 1 with the
    probability that raises the share by `effect`. `wording` is the standard deviation of wording x level. Raises
    ValueError where the layout needs answers that the pilot does not have.
    """
    levels, conditions, replicates = pilot.values.shape[1:]
    if layout.is_within and levels == 1:
        raise ValueError("in the pilot, each person experienced only one level")
    if layout.conditions > conditions:
        raise ValueError("the pilot has fewer conditions at each level")
    if layout.replicates > replicates and replicates == 1:
        raise ValueError("the pilot has one replicate, so it does not show what more replicates would add")
    shrink = _shrink(pilot.values, layout) if layout.replicates > replicates else 1.0
    return lambda generator: _drawn(pilot, layout, (effect, wording, shrink), generator)


def _drawn(
    pilot: PilotPeople, layout: Layout, how: tuple[float, float, float], generator: np.random.Generator
) -> Sample:
    effect, wording, shrink = how
    people, levels, _, replicates = pilot.values.shape
    kept = generator.permutation(replicates)[: layout.replicates]
    both = np.asarray(pilot.values[..., : layout.conditions, :][..., kept])
    sides: list[Floats] = []
    chosen = generator.integers(0, people, layout.people[0])
    swapped = generator.integers(0, levels, layout.people[0])
    for level, count in enumerate(layout.people):
        if not layout.is_within:
            chosen, swapped = generator.integers(0, people, count), generator.integers(0, levels, count)
        place = (swapped + level) % levels if pilot.is_share or not layout.is_within else np.full(count, level)
        own = both[chosen, place]
        if pilot.is_share and level:
            own = _raised(own, pilot.share, effect, generator)
        sides.append(own.mean(axis=(1, 2)) + (0.0 if pilot.is_share else effect * level))
    moved = effect if pilot.share + effect <= 1 or not pilot.is_share else -effect
    first, second = _shrunk(sides, shrink, (pilot.share, pilot.share + moved), is_within=layout.is_within)
    dealt = [np.arange(count, dtype=np.float64) % layout.wordings for count in layout.people]
    if layout.wordings > 1:
        shifts = generator.normal(0, wording, (2, layout.wordings))
        first = first + shifts[0, dealt[0].astype(np.int64)]
        second = second + shifts[1, dealt[1].astype(np.int64)]
    return Sample(first, second, (dealt[0], dealt[1]))


def _raised(own: Floats, share: float, effect: float, generator: np.random.Generator) -> Floats:
    """Return 0/1 answers of which some zeros became 1; where there is no room above, some ones became 0."""
    if share + effect <= 1:
        return np.where(generator.random(own.shape) < effect / (1 - share), 1.0, own)
    return np.where(generator.random(own.shape) < effect / share, 0.0, own)


def _shrunk(
    sides: list[Floats], factor: float, expected: tuple[float, float], *, is_within: bool
) -> tuple[Floats, Floats]:
    """Return both levels' values nearer to what is expected: people's differences within, their values between."""
    first, second = sides
    if factor == 1:
        return first, second
    if is_within:
        middle = expected[1] - expected[0]
        return first, first + middle + factor * (second - first - middle)
    return expected[0] + factor * (first - expected[0]), expected[1] + factor * (second - expected[1])


def _shrink(values: Floats, layout: Layout) -> float:
    """Return the ratio of the spread with the layout's replicates to that with the pilot's, by variance components."""
    people, levels, conditions, replicates = values.shape
    found = components(values.reshape(people, levels * conditions, replicates))
    noise = max(0.0, float(found.noise[0]))
    mixed = 0.0 if found.interaction is None else max(0.0, float(found.interaction[0]))
    fixed = mixed / layout.conditions + (0.0 if layout.is_within else max(0.0, float(found.people[0])))
    now = fixed + noise / (layout.conditions * replicates)
    return math.sqrt((fixed + noise / (layout.conditions * layout.replicates)) / now) if now > 0 else 1.0
