"""Compares a measure of a finished run between conditions or groups of people, without model calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import compared
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.query_fields import main_field
from tinytroupe_cli.plan.types import Plan, PlannedField
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import comparison_sentence
from tinytroupe_cli.runs.folder import open_folder

__all__ = ["Compared", "ComparisonResult", "compare_run", "comparison_sentence"]


@dataclass(frozen=True)
class Compared:
    """Comparisons of a run that somebody asked for."""

    folder: Path
    results: Results
    comparisons: tuple[ComparisonResult, ...]


def compare_run(
    where: Path,
    measure: str,
    by: str = "",
    *,
    at: Mapping[str, str] | None = None,
    bands: tuple[float, ...] = (),
) -> Compared:
    """Compare a measure (`query.field`) by a factor or an attribute of people; `where` as for `write_report`.

    `at` narrows other factors to a level. Raises RunError for a name that is not in the run.
    """
    folder = open_folder(where)
    plan, results = folder.plan(), results_of_run(folder)
    query, field = _measure(plan, measure)
    factor, attribute = _by(plan, by)
    planned = PlannedComparison(
        query=query,
        field=field.name,
        factor=factor,
        attribute=attribute,
        bands=bands,
        at={name: _level(plan, name, level) for name, level in (at or {}).items()},
    )
    found = compared(plan, results.rows, [planned])
    if not found:
        raise RunError(f"nothing to compare: '{by or factor}' has fewer than two groups in this run")
    return Compared(folder.path, results, tuple(found))


def _measure(plan: Plan, written: str) -> tuple[str, PlannedField]:
    queries = {query.name: query.fields for trial in plan.trials for query in trial.queries}
    query, _, name = written.partition(".")
    own = {field.name: field for field in queries.get(query, ())}
    field = own.get(name) if name else main_field(own.values())
    comparable = [
        f"{one}.{field.name}"
        for one, fields in queries.items()
        for field in fields
        if type_of(field).shape not in ("words", "entries")
    ]
    if field is None or f"{query}.{field.name}" not in comparable:
        raise RunError(f"no measure '{written}' to compare", hint=did_you_mean(written, comparable, label="measures"))
    return query, field


def _by(plan: Plan, written: str) -> tuple[str, str]:
    """Return the factor, or the attribute."""
    if written in plan.factors or (not written and len(plan.factors) == 1):
        return written or next(iter(plan.factors)), ""
    name = written.removeprefix("person.")
    if written and any(_has(member.persona, name) for trial in plan.trials for member in trial.people):
        return "", name
    hint = did_you_mean(written, plan.factors, label="factors") or "the experiment has no factors"
    raise RunError(f"no factor or attribute '{written}'" if written else "--by is missing", hint=hint)


def _has(persona: Mapping[str, JsonValue], name: str) -> bool:
    value: JsonValue = dict(persona)
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value is not None and not isinstance(value, dict | list)


def _level(plan: Plan, factor: str, written: str) -> JsonValue:
    levels = plan.factors.get(factor, ())
    found = next((level for level in levels if label(level).casefold() == written.casefold()), None)
    if found is None:
        hint = did_you_mean(written, [label(level) for level in levels], label=f"levels of {factor}")
        raise RunError(f"'{factor}' has no level '{written}'", hint=hint)
    return found
