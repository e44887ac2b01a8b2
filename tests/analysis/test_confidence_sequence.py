from __future__ import annotations

import math

import pytest

from tinytroupe_cli.analysis.confidence_sequence import Look, half_width, mixture_variance, sequential_p

RHO2 = mixture_variance(220, 0.05)


def test_the_half_width_is_the_published_formula():
    t, sd, alpha = 100, 2.0, 0.05
    published = sd * math.sqrt(2 * (t * RHO2 + 1) / (t**2 * RHO2) * math.log(math.sqrt(t * RHO2 + 1) / alpha))
    assert half_width(Look(t, 0.3, sd / math.sqrt(t)), alpha, RHO2) == pytest.approx(published)


def test_it_is_narrowest_for_its_size_where_it_was_told_to_be():
    widths = {best: half_width(Look(220, 0, 1), 0.05, mixture_variance(best, 0.05)) for best in (60, 220, 900)}
    assert min(widths, key=widths.__getitem__) == 220
    assert widths[220] > 1.96


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_the_p_value_is_alpha_where_the_interval_ends_at_zero(alpha):
    width = half_width(Look(80, 0, 0.1), alpha, RHO2)
    assert sequential_p([Look(80, width, 0.1)], RHO2) == pytest.approx(alpha)


def test_later_looks_never_raise_the_p_value():
    looks = [Look(40, 0.4, 0.1), Look(60, 0.2, 0.1), Look(80, 0.0, 0.1)]
    found = [sequential_p(looks[:count], RHO2) for count in (1, 2, 3)]
    assert found[0] == found[1] == found[2] < 0.05
    assert sequential_p([Look(40, 0.0, 0.0)], RHO2) == 1


def test_a_sequence_without_people_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        mixture_variance(0, 0.05)
