"""Compares a measure of a finished run between conditions or groups of people, without model calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields
from tinytroupe_cli.analysis.coded_answers import with_coded_fields
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import compared
from tinytroupe_cli.analysis.exclusions import as_figures_have_it
from tinytroupe_cli.analysis.scores import with_scores
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.query_fields import comparable_measures, field_named
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import comparison_sentence, left_out
from tinytroupe_cli.runs.run_lookup import open_folder

__all__ = ["ComparedRuns", "ComparisonResult", "compare_run", "comparison_sentence", "excluded_ids", "left_out"]


@dataclass(frozen=True)
class ComparedRuns:
    """Comparisons of a run that somebody asked for."""

    folder: Path
    results: Results
    comparisons: tuple[ComparisonResult, ...]

    @property
    def excluded(self) -> tuple[str, ...]:
        """Return the ids of people whom the run's `exclude` leaves out."""
        return excluded_ids(self.results)


def excluded_ids(results: Results) -> tuple[str, ...]:
    """Return the ids of people whom `exclude` leaves out of a run's figures."""
    return tuple(one.person for one in results.exclusions.people) if results.exclusions else ()


def compare_run(
    where: Path,
    measure: str,
    by: str = "",
    *,
    at: Mapping[str, str] | None = None,
    bands: tuple[float, ...] = (),
) -> ComparedRuns:
    """Compare a measure (`query.field`) by a factor, an attribute or its options; `where` as for `write_report`.

    `at` narrows other factors to a level. People whom the run excludes are left out, as in its report.
    Raises RunError for a name that is not in the run.
    """
    folder = open_folder(where)
    results = results_of_run(folder)
    plan = with_scores(with_coded_fields(with_sorted_fields(folder.plan(), sorted_outcomes(folder.after()))))
    fields = {query.name: query.fields for trial in plan.trials for query in trial.queries}
    known = field_named(fields, measure)
    if known is None or type_of(known[1]).scale is None:
        hint = did_you_mean(measure, comparable_measures(fields), label="measures")
        raise RunError(f"no measure '{measure}' to compare", hint=hint)
    query, field = known
    is_options = by == "options" and by not in plan.factors
    if is_options and type_of(field).shape not in BY_OPTION:
        raise RunError(f"'{measure}' is {type_of(field).noun}: it has no options to compare with each other")
    factor, attribute = ("", "") if is_options else _by(plan, by)
    planned = PlannedComparison(
        query=query,
        field=field.name,
        factor=factor,
        attribute=attribute,
        options=is_options,
        bands=bands,
        at={name: _level(plan, name, level) for name, level in (at or {}).items()},
    )
    kept, rows = as_figures_have_it(plan, results.rows)
    return ComparedRuns(folder.path, results, tuple(compared(kept, rows, [planned])))


def _by(plan: Plan, written: str) -> tuple[str, str]:
    """Return the factor, or the attribute."""
    if written in plan.factors or (not written and len(plan.factors) == 1):
        return written or next(iter(plan.factors)), ""
    name = written.removeprefix("person.")
    if written and any(
        single_value(member.persona, name) is not None for trial in plan.trials for member in trial.people
    ):
        return "", name
    hint = did_you_mean(written, plan.factors, label="factors") or "the experiment has no factors"
    raise RunError(f"no factor or attribute '{written}'" if written else "--by is missing", hint=hint)


def _level(plan: Plan, factor: str, written: str) -> JsonValue:
    levels = plan.factors.get(factor, ())
    found = next((level for level in levels if label(level).casefold() == written.casefold()), None)
    if found is None:
        hint = did_you_mean(written, [label(level) for level in levels], label=f"levels of {factor}")
        raise RunError(f"'{factor}' has no level '{written}'", hint=hint)
    return found
