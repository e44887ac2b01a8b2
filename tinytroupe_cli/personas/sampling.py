"""Samples people's attributes from a population, with the right margins.

Not independent draws: with 100 people and a share of 0.51, exactly 51 people have the label.
The method, attribute by attribute in the order of dependence:

- People are grouped by the row of the table that applies to them and by all labels they have so far; groups and the
  people in them come in a random order.
- Labels: a group of n people gets n times each share, rounded up or down by systematic sampling with a random start
  (Madow 1949), so that on average nobody is rounded away. What rounding gave a group too much or too little of a
  label is carried to the next group, so that the whole population's margin is within one person of what was asked,
  and each cell close to it.
- Numbers: the population is cut into as many equal parts as there are people, one person comes from each part
  (stratified sampling), and neighbors in a group get parts far apart (by the golden ratio), so that every group is
  spread over the whole range too.
- Rows: systematic sampling with probability in proportion to weight; a row comes as often as its weight says, rounded
  up or down.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.personas.distributions import Conditional, Distribution, Plain, Scalar, Shares, quantile
from tinytroupe_cli.personas.population import Population, Rows

Drawn = dict[str, Scalar]
"""Dotted field -> value."""

_GOLDEN = (math.sqrt(5) - 1) / 2
_MAX_LEVELS = 12
"""Maximum values of a column by which people are grouped."""

_Group = tuple[Plain, list[int]]


def draw(population: Population, size: int, seed: int) -> tuple[Drawn, ...]:
    """Sample people: the same population, size and seed always give the same people."""
    people: list[Drawn] = [{} for _ in range(size)]
    labels: list[str] = []
    if population.rows is not None:
        people = _from_rows(population.rows, size, Stream(seed, "population", population.name, "rows"))
        labels += _label_columns(people)
    for name, distribution in population.attributes.items():
        stream = Stream(seed, "population", population.name, name)
        groups = _groups(people, distribution, labels, stream)
        if all(isinstance(plain, Shares) for plain, _ in groups):
            labels.append(name)
        for position, value in _values(groups, stream).items():
            people[position][name] = value
    return tuple(people)


def nested(drawn: Mapping[str, Scalar]) -> dict[str, JsonValue]:
    """Convert dotted fields into nested mappings, as in a person's file."""
    fields: dict[str, JsonValue] = {}
    for dotted, value in drawn.items():
        *way, last = dotted.split(".")
        inner = fields
        for key in way:
            below = inner.setdefault(key, {})
            inner = below if isinstance(below, dict) else {}
        inner[last] = value
    return fields


def draw_id(population: Population, facts: Sequence[Mapping[str, JsonValue]]) -> str:
    """Return the identity of a sample: a hash of everything its people are generated from."""
    whole = [population.name, population.context, list(population.generated_fields), list(facts)]
    return hashlib.blake2b(json.dumps(whole, ensure_ascii=False).encode(), digest_size=3).hexdigest()


def _values(groups: Sequence[_Group], stream: Stream) -> dict[int, Scalar]:
    found: dict[int, Scalar] = {}
    owed: dict[Scalar, float] = {}
    places = _places(sum(len(positions) for plain, positions in groups if not isinstance(plain, Shares)), stream)
    for plain, positions in groups:
        if isinstance(plain, Shares):
            found |= zip(positions, _labels(plain, len(positions), owed, stream), strict=True)
        else:
            found |= {position: quantile(plain, next(places)) for position in positions}
    return found


def _groups(people: Sequence[Drawn], distribution: Distribution, labels: Sequence[str], stream: Stream) -> list[_Group]:
    """Group people by row and labels; rows in order, the rest at random."""
    found: dict[tuple[int, tuple[str, ...]], _Group] = {}
    for position in stream.shuffled(range(len(people))):
        person = people[position]
        row, plain = (
            distribution.row(person[distribution.by]) if isinstance(distribution, Conditional) else (0, distribution)
        )
        key = (row, tuple(str(person.get(name)) for name in labels))
        found.setdefault(key, (plain, []))[1].append(position)
    return [found[key] for key in sorted(found, key=lambda key: key[0])]  # sorted() keeps the random order in a row


def _labels(shares: Shares, size: int, owed: dict[Scalar, float], stream: Stream) -> list[Scalar]:
    """Return `size` labels by quota; `owed` is the rounding error of earlier groups."""
    wanted = [size * share + owed.get(level, 0.0) if share else 0.0 for level, share in shares.levels]
    possible = [max(number, 0.0) for number in wanted]
    scale = size / sum(possible) if sum(possible) else 0.0
    counts = _rounded([number * scale for number in possible], size, stream.fraction())
    for (level, share), number, count in zip(shares.levels, wanted, counts, strict=True):
        if share:
            owed[level] = number - count
    return [level for (level, _), count in zip(shares.levels, counts, strict=True) for _ in range(count)]


def _rounded(numbers: Sequence[float], total: int, start: float) -> list[int]:
    """Round numbers so that they add up to `total`, by systematic sampling."""
    counts: list[int] = []
    below, taken = 0.0, 0
    last = max((index for index, number in enumerate(numbers) if number), default=len(numbers) - 1)
    for index, number in enumerate(numbers):
        below += number
        upto = total if index >= last else min(math.floor(below + start), total)
        counts.append(upto - taken)
        taken = upto
    return counts


def _places(size: int, stream: Stream) -> Iterator[float]:
    """Yield one position in each of `size` equal parts of 0 … 1; any run of them is spread over the whole."""
    start = stream.fraction()
    order = sorted(range(size), key=lambda number: (start + number * _GOLDEN) % 1)
    part = {number: rank for rank, number in enumerate(order)}
    for number in range(size):
        yield (part[number] + stream.fraction()) / size


def _from_rows(rows: Rows, size: int, stream: Stream) -> list[Drawn]:
    if rows.draw == "in_order":
        return [dict(row) for row in rows.people[:size]]
    scale = size / sum(rows.weights)
    counts = _rounded([weight * scale for weight in rows.weights], size, stream.fraction())
    chosen = [row for row, count in zip(rows.people, counts, strict=True) for _ in range(count)]
    return [dict(row) for row in stream.shuffled(chosen)]


def _label_columns(people: Sequence[Drawn]) -> list[str]:
    columns = dict.fromkeys(name for person in people for name in person)
    return [name for name in columns if len({str(person.get(name)) for person in people}) <= _MAX_LEVELS]
