"""Describes a sample from a population: target and sample margins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinytroupe_cli.plan.types import PlannedMargin, PlannedPopulation


def describe_population(population: PlannedPopulation) -> Iterator[str]:
    """Yield the size, the margins, and what a model adds."""
    writes = f"; a model writes their name, {', '.join(population.also)}" if population.also else ""
    yield f"  {population.name}: {population.size:,} people drawn from {population.source}{writes}"
    yield from describe_margins(population.margins)


def describe_margins(margins: Sequence[PlannedMargin]) -> Iterator[str]:
    """Yield a table of margins."""
    if not margins:
        return
    attribute, level = (max(len(text) for text in column) for column in zip(*map(_heads, margins), strict=True))
    yield f"      {'':<{attribute}}  {'':<{level}}  {'target':>8}  {'drawn':>8}"
    before = ""
    for one in margins:
        name = one.attribute if one.attribute != before else ""
        before = one.attribute
        wanted, drawn = (_figure(value, one) for value in (one.wanted, one.drawn))
        yield f"      {name:<{attribute}}  {one.level:<{level}}  {wanted:>8}  {drawn:>8}"


def _heads(margin: PlannedMargin) -> tuple[str, str]:
    return margin.attribute, margin.level


def _figure(value: float, margin: PlannedMargin) -> str:
    return f"{value:,.1f}" if margin.is_mean else f"{100 * value:.1f} %"
