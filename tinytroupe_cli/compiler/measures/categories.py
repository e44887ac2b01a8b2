"""Resolves the sorting of answers: which field, how many categories, under which name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.outputs import NOT_MAPPED, PlannedCategories
from tinytroupe_cli.plan.query_fields import NamedFields, sorted_field
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.spec.derived_data import Normalization

MIN_CATEGORIES, MAX_CATEGORIES = 2, 30
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def plan_categories(
    written: Sequence[Normalization], fields: NamedFields, findings: Findings
) -> tuple[PlannedCategories, ...]:
    """Check all entries and return what is to be sorted."""
    planned: list[PlannedCategories] = []
    for index, entry in enumerate(written):
        path: Path = ("normalize", index)
        found = _planned(entry, path, fields, [earlier.measure for earlier in planned], findings)
        if found is not None:
            planned.append(found)
    return tuple(planned)


def with_categories(fields: NamedFields, categories: Sequence[PlannedCategories]) -> dict[str, dict[str, PlannedField]]:
    """Return the fields including the sorted ones, whose options are known only later."""
    all_fields = {query: dict(own) for query, own in fields.items()}
    for category in categories:
        all_fields[category.query][category.name] = sorted_field(category, category.categories)
    return all_fields


def _planned(
    written: Normalization, path: Path, fields: NamedFields, taken: Sequence[str], findings: Findings
) -> PlannedCategories | None:
    query, _, name = written.measure.partition(".")
    field = fields.get(query, {}).get(name)
    sortable = [f"{asked}.{key}" for asked, own in fields.items() for key in own if _is_text(own[key])]
    if field is None or not _is_text(field):
        wrong = "is not a field of a query" if field is None else "has no free-text answers"
        hint = NearNames(written.measure, sortable, label="answers in words")
        findings.add("E382", f"'{written.measure}' {wrong}", (*path, "measure"), hint=hint)
        return None
    into = _name(written, f"{name}_category", path, findings)
    if into in fields[query] or f"{query}.{into}" in taken:
        findings.add("E382", f"there is already a '{query}.{into}'", (*path, "as"), hint="choose another name with as:")
    given = written.categories
    _check_categories(given, (*path, "categories"), findings)
    return PlannedCategories(
        query=query,
        field=name,
        name=into,
        is_list=type_of(field).shape == "entries",
        most=given if isinstance(given, int) else 0,
        categories=() if isinstance(given, int) else tuple(given),
    )


def _is_text(field: PlannedField) -> bool:
    return type_of(field).shape in ("words", "entries")


def _name(written: Normalization, default: str, path: Path, findings: Findings) -> str:
    if written.as_ is None:
        return default
    query, dot, name = written.as_.partition(".")
    expected = written.measure.partition(".")[0]
    if not dot or query != expected or not _NAME.fullmatch(name):
        hint = f"for example, {expected}.reason"
        findings.add("E382", f"'as' must name a field in the query '{expected}'", (*path, "as"), hint=hint)
    return name or default


def _check_categories(given: int | list[str], path: Path, findings: Findings) -> None:
    count = given if isinstance(given, int) else len({name.strip().casefold() for name in given})
    if not isinstance(given, int) and (count < len(given) or NOT_MAPPED in given or "" in given):
        findings.add("E382", f"categories must be different names, and none may be '{NOT_MAPPED}'", path)
    elif not MIN_CATEGORIES <= count <= MAX_CATEGORIES:
        message = f"'categories' expects {MIN_CATEGORIES} to {MAX_CATEGORIES} categories, got {count}"
        findings.add("E382", message, path)
