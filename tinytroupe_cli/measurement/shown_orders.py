"""What a person is shown in which order: a query's items, and the options or scale of each."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_orders import PlannedOrder, items_together, places_shown
from tinytroupe_cli.plan.types import PlannedField, PlannedQuery


def in_items_order(query: PlannedQuery, *, person: str, sample: int, seed: int) -> PlannedQuery:
    """Return the query with its fields in the order this person is asked them."""
    order = _order_of(query, "")
    if order is None or len(query.fields) == 1:
        return query
    groups = items_together(query.fields)
    stream = Stream(seed, "items", query.name, person, sample)
    places = places_shown(order, len(groups), person=person, sample=sample, stream=stream)
    return query.model_copy(update={"fields": tuple(field for place in places for field in groups[place])})


def options_shown(
    query: PlannedQuery, field: PlannedField, *, person: str, sample: int, seed: int
) -> Sequence[JsonValue]:
    """Return a field's options, or the ends or labels of its scale, in the order this person is shown them."""
    kind = type_of(field)
    written = kind.listing(field)
    if (own := next((planned for planned in query.sets if planned.field == field.name), None)) is not None:
        return [[label(field.options[place]) for place in places] for places in own.of(person)]
    order = _order_of(query, field.name)
    stream = Stream(seed, "options", query.name, field.name, person, sample)
    if order is None:
        return stream.shuffled(written) if kind.ordering == "options" else written
    if kind.ordering == "scales":
        is_written = places_shown(order, 2, person=person, sample=sample, stream=stream) == (0, 1)
        return written if is_written else written[::-1]
    places = places_shown(order, len(written), person=person, sample=sample, stream=stream)
    return [written[place] for place in places]


def _order_of(query: PlannedQuery, field: str) -> PlannedOrder | None:
    return next((order for order in query.orders if order.field == field), None)
