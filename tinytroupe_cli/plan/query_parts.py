"""Which fields of a query are asked together, and which each in an interview of its own."""

from __future__ import annotations

from tinytroupe_cli.plan.types import PlannedQuery


def query_parts(query: PlannedQuery) -> list[PlannedQuery]:
    """Divide a query's fields into those that are asked together and those that are asked each by itself."""
    together = tuple(field for field in query.fields if not field.is_asked_alone)
    if len(together) == len(query.fields):
        return [query]
    alone = [(field,) for field in query.fields if field.is_asked_alone]
    return [query.model_copy(update={"fields": fields}) for fields in (together, *alone) if fields]
