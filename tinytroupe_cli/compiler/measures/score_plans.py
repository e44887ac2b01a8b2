"""Resolves scale scores: their items, which are reversed, and from how many a score is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.planned_scores import PlannedScore, ScoreItem
from tinytroupe_cli.plan.query_fields import NamedFields, field_named
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.spec.measures import Query
from tinytroupe_cli.spec.scores import ScoreSpec


def plan_scores(
    written: Sequence[ScoreSpec], fields: NamedFields, queries: Sequence[Query], findings: Findings
) -> tuple[PlannedScore, ...]:
    """Check all scores and return those that can be made."""
    planned: list[PlannedScore] = []
    for index, entry in enumerate(written):
        path: Path = ("score", index)
        if entry.name in fields or entry.name in [other.name for other in planned]:
            findings.add("E384", f"there is already a query or score '{entry.name}'", (*path, "name"))
        found = _planned(entry, fields, queries, path, findings)
        if found is not None:
            planned.append(found)
    return tuple(planned)


def with_scores(fields: NamedFields, scores: Sequence[PlannedScore]) -> dict[str, Mapping[str, PlannedField]]:
    """Return the fields including the scores."""
    return {**fields, **{score.name: {score.field.name: score.field} for score in scores}}


def _planned(
    written: ScoreSpec, fields: NamedFields, queries: Sequence[Query], path: Path, findings: Findings
) -> PlannedScore | None:
    errors = findings.errors
    items = [_item(name, fields, (*path, "items", at), findings) for at, name in enumerate(written.items)]
    found = [item for item in items if item is not None]
    reversed_ = {_item_name(name, fields) for name in written.reverse}
    for at, name in enumerate(written.reverse):
        if _item_name(name, fields) not in [(query, field.name) for query, field in found]:
            hint = NearNames(name, written.items, label="items")
            findings.add("E384", f"'{name}' is not one of the items", (*path, "reverse", at), hint=hint)
    _check_alike(found, queries, path, findings)
    least = len(written.items) if written.min_items is None else written.min_items
    if least > len(written.items):
        findings.add(
            "E384",
            f"`min_items` can be at most the number of items, {len(written.items)}; it is {least}",
            (*path, "min_items"),
        )
    if findings.errors > errors:
        return None
    return PlannedScore(
        name=written.name,
        items=tuple(
            ScoreItem(query=query, field=field.name, is_reversed=(query, field.name) in reversed_)
            for query, field in found
        ),
        min_items=least,
        low=type_of(found[0][1]).range(found[0][1])[0],
        high=type_of(found[0][1]).range(found[0][1])[1],
    )


def _item(name: str, fields: NamedFields, path: Path, findings: Findings) -> tuple[str, PlannedField] | None:
    known = field_named({query: own.values() for query, own in fields.items()}, name)
    if known is None or type_of(known[1]).scale != "points":
        possible = [
            f"{query}.{field}"
            for query, own in fields.items()
            for field, item in own.items()
            if type_of(item).scale == "points"
        ]
        is_other = "" if known is None else f"'{name}' is {type_of(known[1]).noun}, which has no points"
        wrong = is_other or f"no measure '{name}'"
        hint = NearNames(name, possible, label="items", otherwise="items are Likert items or scales")
        findings.add("E384", wrong, path, hint=hint)
        return None
    return known


def _item_name(name: str, fields: NamedFields) -> tuple[str, str] | None:
    known = field_named({query: own.values() for query, own in fields.items()}, name)
    return None if known is None else (known[0], known[1].name)


def _check_alike(
    items: Sequence[tuple[str, PlannedField]],
    queries: Sequence[Query],
    path: Path,
    findings: Findings,
) -> None:
    """Report an item that is named twice, or differs from the first in its points or in whom it is asked."""
    names = [(query, field.name) for query, field in items]
    if len(set(names)) < len(names):
        findings.add("E384", "an item is named twice", (*path, "items"))
    if len({type_of(field).range(field) for _, field in items}) > 1:
        ranges = ", ".join(f"{query}.{field.name} {_span(field)}" for query, field in items)
        findings.add("E384", f"items have different scales: {ranges}", (*path, "items"))
    asked = {query.name: (str(query.of), query.samples) for query in queries}
    if len({asked[query] for query, _ in items if query in asked}) > 1:
        findings.add("E384", "items are asked of different people, or not equally often", (*path, "items"))


def _span(field: PlannedField) -> str:
    low, high = type_of(field).range(field)
    return f"{low:g} to {high:g}"
