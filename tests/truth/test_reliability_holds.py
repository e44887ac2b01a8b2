"""Does the interval of Cronbach's alpha cover as often as it says?"""

from __future__ import annotations

import numpy as np
import pytest
from rates import is_near, number_of_draws

from tinytroupe_cli.analysis.reliability import cronbach_alpha, feldt_interval

DRAWS = number_of_draws(short=1000)
UNITS, ITEMS = 30, 4


@pytest.mark.truth
@pytest.mark.parametrize("shared", [0.5, 2.0])
def test_feldts_interval_covers_the_true_alpha(shared: float) -> None:
    """Parallel items: alpha is k r / (1 + (k - 1) r) with r the correlation of two items."""
    correlation = shared / (shared + 1)
    truth = ITEMS * correlation / (1 + (ITEMS - 1) * correlation)

    def is_covered(seed: int) -> bool:
        generator = np.random.default_rng(seed)
        person = generator.normal(0, np.sqrt(shared), (UNITS, 1))
        alpha = cronbach_alpha(person + generator.normal(0, 1, (UNITS, ITEMS)))
        assert alpha is not None
        low, high = feldt_interval(alpha, UNITS, ITEMS)
        return low <= truth <= high

    covered = float(np.mean([is_covered(seed) for seed in range(DRAWS)]))
    assert is_near(covered, 0.95, slack=0.01, draws=DRAWS)
