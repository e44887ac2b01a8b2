"""Compares a population's target margins with the sample's: label by label, and means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tinytroupe_cli.personas.distributions import (
    Conditional,
    Distribution,
    Plain,
    Scalar,
    Shares,
    label,
    mean_of,
    share_in,
)
from tinytroupe_cli.personas.population import Population

MAX_LEVELS = 16


@dataclass(frozen=True, slots=True)
class Margin:
    """One figure of one attribute, target and sample."""

    attribute: str
    level: str
    """A label, or `mean`."""
    wanted: float
    drawn: float
    is_mean: bool = False


def margins(population: Population, people: Sequence[Mapping[str, Scalar]]) -> tuple[Margin, ...]:
    """Return the margins of every attribute, in the order written; none for a column with many labels."""
    found: list[Margin] = []
    columns = dict.fromkeys(key for row in population.rows.people for key in row) if population.rows else {}
    for name in (*(column for column in columns if column not in ("name", "id")), *population.attributes):
        values = [person[name] for person in people if name in person]
        wanted = _wanted(population, name)
        if isinstance(wanted, int | float):
            found.append(Margin(name, "mean", wanted, fmean(float(value) for value in values), is_mean=True))
        elif 0 < len(wanted) <= MAX_LEVELS:
            drawn = [label(value) for value in values]
            shares = ((level, drawn.count(level) / len(people)) for level in wanted)
            found += [Margin(name, level, wanted[level], share) for level, share in shares]
    return tuple(found)


def _wanted(population: Population, name: str) -> dict[str, float] | float:
    """Return the share of each label, or the mean of a number."""
    parts = _parts(population, name)
    if not parts:
        return _of_column(population, name)
    if all(isinstance(plain, Shares) for _, plain in parts):
        shares: dict[str, float] = {}
        for weight, plain in parts:
            for level, share in plain.levels if isinstance(plain, Shares) else ():
                shares[label(level)] = shares.get(label(level), 0.0) + weight * share
        return shares
    numeric = [(weight, plain) for weight, plain in parts if not isinstance(plain, Shares)]
    whole = sum(weight for weight, _ in numeric)
    return sum(weight * mean_of(plain) for weight, plain in numeric) / whole if len(numeric) == len(parts) else {}


def _parts(population: Population, name: str) -> list[tuple[float, Plain]]:
    """Return the distributions that make up an attribute's, each with its weight."""
    distribution: Distribution | None = population.attributes.get(name)
    if distribution is None:
        return []
    if not isinstance(distribution, Conditional):
        return [(1.0, distribution)]
    return [part for part in _rows_of(population, distribution) if part[0] > 0]


def _rows_of(population: Population, given: Conditional) -> list[tuple[float, Plain]]:
    weights = [0.0] * (len(given.table) + 1)
    for weight, parent in _parts(population, given.by) or [(1.0, None)]:
        for row, share in _row_shares(population, given, parent):
            weights[row] += weight * share
    plains = [*(plain for _, plain in given.table), given.default]
    return [(weight, plain) for weight, plain in zip(weights, plains, strict=True) if plain is not None]


def _row_shares(population: Population, given: Conditional, parent: Plain | None) -> list[tuple[int, float]]:
    """Return the share of a parent that matches each row; the first match counts."""
    if parent is None and population.rows is not None:
        weights, people = population.rows.weights, population.rows.people
        total = sum(weights)
        return [(given.row(row[given.by])[0], weight / total) for row, weight in zip(people, weights, strict=True)]
    if isinstance(parent, Shares):
        return [(given.row(level)[0], share) for level, share in parent.levels if share]
    if parent is None:
        return []
    found = [(row, share_in(parent, key)) for row, (key, _) in enumerate(given.table)]
    rest = 1 - sum(share for _, share in found)
    return [*found, (len(given.table), max(rest, 0.0))]


def _of_column(population: Population, name: str) -> dict[str, float] | float:
    rows = population.rows
    if rows is None:
        return {}
    pairs = [
        (row[name], weight) for row, weight in zip(rows.people, rows.weights, strict=True) if name in row and weight
    ]
    total = sum(rows.weights)
    if len({value for value, _ in pairs}) > MAX_LEVELS and all(_is_number(value) for value, _ in pairs):
        return sum(float(value) * weight for value, weight in pairs) / sum(weight for _, weight in pairs)
    shares: dict[str, float] = {}
    for value, weight in pairs:
        shares[label(value)] = shares.get(label(value), 0.0) + weight / total
    return shares


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
