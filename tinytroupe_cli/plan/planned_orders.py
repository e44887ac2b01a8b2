"""In which order a person reads the options of a field, the points of a scale, or the items of a query.

The plan has the arrangements and where each person starts; the order itself follows from these.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.spec.orders import OrderRule


class PlannedOrder(Frozen):
    """The orders of one field's options, of a scale's two ends, or of a query's items."""

    field: str = ""
    """Whose options or ends they are; empty: the items of the query."""
    rule: OrderRule = Field(validation_alias="how", serialization_alias="how")
    """balanced: each order equally often; fixed: as written; random: drawn for each person, replicate and sample."""
    arrangements: tuple[tuple[int, ...], ...] = ()
    """balanced: places in the written list, from 0. Each arrangement is read from each of its places in turn, so two
    arrangements of five options are ten orders."""
    last: tuple[int, ...] = ()
    """Places in the written list of what always comes last."""
    starts: dict[str, int] = Field(default_factory=dict)
    """balanced: person -> number of their order, from 0, all orders of the first arrangement first. Sample n has the
    order n further on in the same arrangement, then in the next one."""

    @property
    def count(self) -> int:
        """Return the number of different orders."""
        return sum(len(arrangement) for arrangement in self.arrangements)


def places_shown(order: PlannedOrder, count: int, *, person: str, sample: int, stream: Stream) -> tuple[int, ...]:
    """Return the written places, from 0, in the order shown; the stream draws a random one."""
    free = [place for place in range(count) if place not in order.last]
    match order.rule:
        case "fixed":
            return (*free, *order.last)
        case "random":
            return (*stream.shuffled(free), *order.last)
        case "balanced":
            size = len(order.arrangements[0])
            arrangement, turn = divmod(order.starts.get(person, 0), size)
            more, turn = divmod(turn + sample, size)
            places = order.arrangements[(arrangement + more) % len(order.arrangements)]
            return (*places[turn:], *places[:turn], *order.last)


def items_together(fields: Sequence[PlannedField]) -> list[list[PlannedField]]:
    """Divide a query's fields into what moves together: a text stays behind the field it follows, as it explains it.

    What is asked by itself has no place among the others.
    """
    groups: list[list[PlannedField]] = []
    for field in (candidate for candidate in fields if not candidate.is_asked_alone):
        if groups and type_of(field).shape == "words":
            groups[-1].append(field)
        else:
            groups.append([field])
    return groups


def item_position(fields: Sequence[PlannedField], field: str, asked: Sequence[str]) -> int:
    """Return the place, from 1, of a field among what moves together, from the order asked; 0: there was only one."""
    if not asked:
        return 0
    groups = [{item.name for item in group} for group in items_together(fields)]
    firsts = sorted(min(asked.index(name) for name in group) for group in groups)
    own = next((group for group in groups if field in group), None)
    if own is None:
        return 0
    return firsts.index(min(asked.index(name) for name in own)) + 1
