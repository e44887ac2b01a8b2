"""Ratings whose true temperature is known: is it found, and is the distance to people who were left out honest?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import DRAWS, is_near

from tinytroupe_cli.analysis.temperature_search import at_temperatures, fit_temperature
from tinytroupe_cli.measurement.similarity_rating import at_temperature

POINTS, UNITS = 5, 60


def drawn(seed, *, temperature, people):
    """Return a fit to people who answer at a temperature, as many in each half."""
    chance = np.random.default_rng(seed)
    pmfs = chance.dirichlet([4, 3, 3, 2, 2], UNITS)
    sharp = at_temperatures(pmfs, [temperature])[0].mean(axis=0)
    halves = tuple(chance.choice(POINTS, people, p=sharp).tolist() for _ in range(2))
    units = {str(row): [(row, 1.0)] for row in range(UNITS)}
    return fit_temperature(pmfs, units, halves, seed=seed), halves, pmfs


@pytest.mark.truth
@pytest.mark.parametrize("temperature", [0.15, 0.4, 1.0])
def test_the_temperature_is_found_with_many_people(temperature):
    found = [drawn(seed, temperature=temperature, people=4_000)[0]["temperature"] for seed in range(DRAWS // 3)]
    assert np.median(found) == pytest.approx(temperature, rel=0.15)


@pytest.mark.truth
def test_the_distance_to_people_left_out_is_not_flattered():
    found = [drawn(seed, temperature=0.4, people=30)[0] for seed in range(DRAWS)]
    fitted, held_out, unfitted = (
        np.array([one[key] for one in found]) for key in ("distance_fitted", "distance", "distance_unfitted")
    )
    assert fitted.mean() < held_out.mean() - 0.01
    fresh = []
    for seed in range(DRAWS):
        one, halves, pmfs = drawn(seed, temperature=0.4, people=30)
        mean = at_temperatures(pmfs, [one["temperature"]])[0].mean(axis=0)
        new = np.random.default_rng(seed + 10**6).choice(POINTS, 30, p=at_temperatures(pmfs, [0.4])[0].mean(axis=0))
        fresh.append(np.abs(np.cumsum(mean - np.bincount(new, minlength=POINTS) / 30)).max())
        assert len(halves[0]) == 30
    error = np.std(fresh) / np.sqrt(DRAWS)
    assert abs(held_out.mean() - np.mean(fresh)) < 4 * error * np.sqrt(2)
    assert is_near(float(np.mean(unfitted >= held_out)), 0.5, slack=0.5)


def test_temperatures_are_those_of_a_rating():
    pmf = (0.1, 0.2, 0.0, 0.3, 0.4)
    for temperature in (0.05, 0.5, 1, 7):
        own = at_temperatures([pmf], [temperature])[0, 0]
        assert own.tolist() == pytest.approx(at_temperature(pmf, temperature), abs=1e-12)


def test_of_temperatures_that_fit_equally_well_the_one_nearest_to_1_is_taken():
    flat = np.full((6, 3), 1 / 3)
    units = {str(row): [(row, 1.0)] for row in range(6)}
    assert fit_temperature(flat, units, ([0, 1, 2] * 7, [0, 1, 2] * 7), seed=1)["temperature"] == 1
