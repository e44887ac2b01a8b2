"""Deals orders of options, scales and items to people, each order equally often in each cell.

A cell is all people who are in the same conditions. People are dealt orders in permuted blocks, in cast order: each
block has every order once, and one arrangement after the other, so that any first few people see each option in each
place about equally often. Another person at the end of the cast changes nobody else's order, and so none of the calls
that were made for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.best_worst_sets import with_sets
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_orders import PlannedOrder, items_together
from tinytroupe_cli.plan.types import PlannedField, PlannedQuery, Trial
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.measures import Budget, Choice, FieldSpec, Ladder, Likert, Query, Rank, Scale
from tinytroupe_cli.spec.orders import Order, OrderRule

MAX_ALL_ORDERS: Final = 4
"""Options up to which every order is used."""
OrderCells = Mapping[str, Sequence[str]]
"""Names of conditions -> the people who are in exactly these."""


def with_orders(trials: Sequence[Trial], experiment: Experiment, findings: Findings) -> tuple[Trial, ...]:
    """Return the trials with the orders of all their queries; reports pins (`last`) that are no option."""
    written = {query.name: query for query in experiment.extract}
    asked = {query.name: query for trial in trials for query in trial.queries if query.name in written}
    for index, query in enumerate(experiment.extract):
        _check_pins(query, asked.get(query.name), ("extract", index), findings)
    if trials:
        _check_common_pins(experiment.order, list(asked.values()), findings)
    if findings.errors:
        return tuple(trials)
    orders: dict[str, list[PlannedOrder]] = {}
    cells = {name: _units(trials, name) for name in asked}
    for name, query in asked.items():
        orders[name] = [
            _dealt(order, name, cells[name], experiment.seed) for order in _orders(written[name], query, experiment)
        ]
    turns = _turns(trials)

    def ordered(trial: Trial) -> Trial:
        queries = (_with(query, orders.get(query.name, ()), turns[trial.id]) for query in trial.queries)
        return trial.model_copy(update={"queries": tuple(queries)})

    return with_sets(tuple(map(ordered, trials)), cells, experiment.seed)


def arrangements(places: Sequence[int], stream: Stream) -> tuple[tuple[int, ...], ...]:
    """Return what is read from each of its places in turn.

    Up to four options, that makes every order; beyond, those of one random arrangement and of its reversal.
    """
    if len(places) <= MAX_ALL_ORDERS:
        return tuple((places[0], *rest) for rest in permutations(places[1:]))
    drawn = tuple(stream.shuffled(places))
    return drawn, drawn[::-1]


def dealt_orders(count: int, size: int, *, seed: int, purpose: Sequence[str]) -> Iterator[int]:
    """Yield the number of one person's order after the other, without end: `count` arrangements of `size` places."""
    block = 0
    while True:
        stream = Stream(seed, "orders", *purpose, block)
        for arrangement in stream.shuffled(range(count)):
            yield from (arrangement * size + turn for turn in stream.shuffled(range(size)))
        block += 1


def _units(trials: Sequence[Trial], query: str) -> OrderCells:
    """Return who is dealt a query's orders, by cell: people, or the trials of each condition for the whole world.

    A person's cell is that of the first replicate that has them.
    """
    conditions: dict[str, dict[str, None]] = defaultdict(dict)
    seen: dict[str, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for trial, asked in ((each, candidate) for each in trials for candidate in each.queries if candidate.name == query):
        places |= {member.id: (trial.block, place) for place, member in enumerate(trial.people)}
        for person in asked.people:
            if seen.setdefault(person, trial.replicate) == trial.replicate:
                conditions[person][trial.condition] = None
    if not seen:
        return {"": list(dict.fromkeys(_turns(trials).values()))}
    cells: dict[str, list[str]] = defaultdict(list)
    for person in sorted(conditions, key=places.__getitem__):
        cells["\x1f".join(conditions[person])].append(person)
    return cells if len(cells) > 1 else {"": next(iter(cells.values()))}


def _turns(trials: Sequence[Trial]) -> dict[str, str]:
    """Return trial -> its turn among those of its condition; what is asked about a world is dealt by these."""
    counts: dict[str, int] = defaultdict(int)
    turns: dict[str, str] = {}
    for trial in trials:
        turns[trial.id] = str(counts[trial.condition])
        counts[trial.condition] += 1
    return turns


def _dealt(order: PlannedOrder, query: str, cells: OrderCells, seed: int) -> PlannedOrder:
    """Return the order with the start of each person of each cell."""
    if order.rule != "balanced":
        return order
    starts: dict[str, int] = {}
    for cell, people in cells.items():
        size = len(order.arrangements[0])
        numbers = dealt_orders(len(order.arrangements), size, seed=seed, purpose=(query, order.field, cell))
        starts |= dict(zip(people, numbers, strict=False))
    return order.model_copy(update={"starts": starts})


def _with(query: PlannedQuery, orders: Sequence[PlannedOrder], turn: str) -> PlannedQuery:
    """Return a query of one trial with the orders of those it is about there."""
    units = {person: person for person in query.people} or {"": turn}
    own = (
        order.model_copy(
            update={"starts": {member: order.starts[unit] for member, unit in units.items() if unit in order.starts}}
        )
        for order in orders
    )
    return query.model_copy(update={"orders": tuple(own)}) if orders else query


def _orders(written: Query, asked: PlannedQuery, experiment: Experiment) -> Iterator[PlannedOrder]:
    """Yield the orders of a query's items, options and scales; what is as it is without any is left out."""
    items = written.order or experiment.order.questions
    groups = len(items_together(asked.fields))
    if items != "fixed" and groups > 1:
        yield PlannedOrder(rule=items, arrangements=(tuple(range(groups)),) if items == "balanced" else ())
    for field in (asked_field for asked_field in asked.fields if asked_field.rating is None):
        match type_of(field).ordering:
            case "scales":
                rule = _rule(written.fields[field.name]) or experiment.order.scales
                if rule != "fixed":
                    yield PlannedOrder(
                        field=field.name, rule=rule, arrangements=((0, 1),) if rule == "balanced" else ()
                    )
            case "options":
                order = _of_options(written, field, experiment)
                if order.rule != "random" or order.last:
                    yield order
            case "":
                pass


def _of_options(written: Query, field: PlannedField, experiment: Experiment) -> PlannedOrder:
    spec = written.fields[field.name]
    pins = experiment.order.last if (own := _pins(spec)) is None else own
    last = tuple(dict.fromkeys(place for pin in pins if (place := _place(field, pin)) is not None))
    free = [place for place in range(len(field.options)) if place not in last]
    rule = _rule(spec) or experiment.order.options
    if rule != "balanced" or not free:
        return PlannedOrder(field=field.name, rule=rule if free else "fixed", last=last)
    stream = Stream(experiment.seed, "arrangement", written.name, field.name)
    return PlannedOrder(field=field.name, rule=rule, arrangements=arrangements(free, stream), last=last)


def _rule(written: FieldSpec) -> OrderRule | None:
    return written.order if isinstance(written, Choice | Rank | Scale | Likert | Ladder | Budget) else None


def _pins(written: FieldSpec) -> Sequence[JsonValue] | None:
    return written.last if isinstance(written, Choice | Rank | Budget) else None


def _place(field: PlannedField, pin: JsonValue) -> int | None:
    names = [label(option).casefold() for option in field.options]
    return names.index(name) if (name := label(pin).casefold()) in names else None


def _check_pins(query: Query, asked: PlannedQuery | None, path: Path, findings: Findings) -> None:
    """Report pins of a field that are none of its options."""
    for field in asked.fields if asked else ():
        pins = _pins(query.fields[field.name]) if field.name in query.fields else None
        for number, pin in enumerate(pins or ()):
            if _place(field, pin) is None:
                hint = NearNames(pin, field.options, label="options")
                here = (*path, "fields", field.name, "last", number)
                findings.add("E508", f"'{label(pin)}' is not an option of '{field.name}'", here, hint=hint)


def _check_common_pins(order: Order, asked: Sequence[PlannedQuery], findings: Findings) -> None:
    """Report pins for all fields that are an option of none."""
    fields = [field for query in asked for field in query.fields if type_of(field).ordering == "options"]
    options = dict.fromkeys(label(option) for field in fields for option in field.options)
    for number, pin in enumerate(order.last):
        if all(_place(field, pin) is None for field in fields):
            hint = NearNames(pin, list(options), label="options")
            findings.add(
                "E508", f"'{label(pin)}' is not an option of any question", ("order", "last", number), hint=hint
            )
