"""Correlations of answers given with another's persona. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis.distances import Floats

DRAWS: Final = 2_000
Triple = tuple[str, str, float, float, float]


def shuffle_figures(triples: Sequence[Triple], *, draws: int, seed: int, alpha: float) -> dict[str, Any]:
    """Return the fields of `ShuffleResult`, from (seat, condition, answer, persona's answer, seat's answer).

    Answers are taken as deviations from their condition's mean, and summed over the conditions of a person before they
    are drawn or permuted, so that people are the units. Percentile intervals; permutations move all answers of a person
    together.
    """
    people = list(dict.fromkeys(seat for seat, *_ in triples))
    conditions = list(dict.fromkeys(condition for _, condition, *_ in triples))
    values = np.full((3, len(people), len(conditions)), np.nan)
    for seat, condition, *own in triples:
        values[:, people.index(seat), conditions.index(condition)] = own
    values -= np.nanmean(values, axis=1, keepdims=True)
    values = np.where(np.isnan(values), 0.0, values)
    if (np.square(values).sum(axis=(1, 2)) < 1e-12).any():  # noqa: PLR2004 - rounding
        return {"why_not": "every answer is the same"}
    generator = np.random.default_rng(seed)
    count = min(draws, DRAWS)
    counts = generator.multinomial(len(people), np.full(len(people), 1 / len(people)), size=count).astype(np.float64)
    orders = np.argsort(generator.random((count, len(people))), axis=1).astype(np.int64)
    found: dict[str, Any] = {}
    for name, other in (("persona", values[1]), ("seat", values[2])):
        estimate, drawn = (
            _correlation(values[0], other, np.ones((1, len(people))))[0],
            _correlation(values[0], other, counts),
        )
        low, high = np.nanquantile(drawn, [alpha / 2, 1 - alpha / 2])
        p = _permuted_p(values[0], other, orders)
        found |= {name: float(estimate), f"{name}_low": float(low), f"{name}_high": float(high), f"{name}_p": p}
    return found | {"verdict": _verdict(found, alpha)}


def _correlation(first: Floats, second: Floats, counts: Floats) -> Floats:
    """Return the correlation in each sample; `counts`: samples x people."""
    products = counts @ np.stack([(first * second).sum(1), np.square(first).sum(1), np.square(second).sum(1)], axis=1)
    size = np.sqrt(products[:, 1] * products[:, 2])
    return np.divide(products[:, 0], size, out=np.full(len(size), np.nan), where=size > 0)


def _permuted_p(first: Floats, second: Floats, orders: NDArray[np.int64]) -> float:
    """Return the two-sided p-value of a sum of products, the first's people permuted."""
    products = first @ second.T
    sums = products[orders, np.arange(len(first))].sum(axis=1)
    beyond = int((np.abs(sums) >= abs(float(np.trace(products))) - 1e-10).sum())
    return (1 + beyond) / (1 + len(orders))


def _verdict(found: dict[str, Any], alpha: float) -> Literal["persona", "seat", "both", "neither"]:
    is_persona, is_seat = (found[f"{name}_p"] < alpha and found[name] > 0 for name in ("persona", "seat"))
    if is_persona and is_seat:
        return "both"
    return "persona" if is_persona else "seat" if is_seat else "neither"
