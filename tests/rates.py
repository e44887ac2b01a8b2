"""How often something holds over many draws of a generator: for the tests of a known truth (`pytest -m truth`)."""

from __future__ import annotations

import os

import numpy as np

DRAWS = int(os.environ.get("TROUPE_TRUTH", "300"))
"""Draws of each generator; 2,000 for figures that are published."""
ARRANGEMENTS = 499
ALPHA = 0.05


def rate(holds):
    """Return how often something holds, over generators of their own."""
    return float(np.mean([holds(np.random.default_rng(seed), seed) for seed in range(DRAWS)]))


def is_near(found, wanted, *, slack=0.015):
    """Return whether a rate is the wanted one, but for its own standard error (three of them) and the bar's slack."""
    return abs(found - wanted) <= slack + 3 * np.sqrt(wanted * (1 - wanted) / DRAWS)
