"""Fields that are not written down as such: the one a query's bare name stands for, and the one that sorting makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tinytroupe_cli.plan.outputs import NOT_MAPPED, PlannedCategories
from tinytroupe_cli.plan.types import PlannedField


def main_field(fields: Iterable[PlannedField]) -> PlannedField | None:
    """Return the field a query's bare name stands for: that of a proposition, and any query's only one."""
    main = [field for field in fields if not field.aside]
    return main[0] if len(main) == 1 else None


def sorted_field(planned: PlannedCategories, categories: Sequence[str]) -> PlannedField:
    """Return the field that sorting makes; without categories its options are open."""
    kind = "list" if planned.is_list else "choice"
    return PlannedField(name=planned.name, kind=kind, options=(*categories, NOT_MAPPED) if categories else ())
