"""Holds a measure of a finished run against human answers, without model calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields
from tinytroupe_cli.analysis.exclusions import as_figures_have_it
from tinytroupe_cli.analysis.fidelity import fidelity
from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.fidelity import ComparisonNames, plan_fidelity
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.inputs.data_tables import read_data
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.plan.human_data import PlannedFidelity
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import fidelity_lines
from tinytroupe_cli.runs.run_lookup import open_folder
from tinytroupe_cli.spec.design import ByPerson, ComparisonSpec

__all__ = ["ComparedWithHumans", "FidelityResult", "HumanColumns", "compare_with_humans", "fidelity_lines"]


@dataclass(frozen=True, slots=True)
class HumanColumns:
    """A file of human answers and which of its columns holds what; empty: not used."""

    file: str
    """Path from the current folder."""
    column: str = ""
    """Default: the field's name."""
    weight: str = ""
    key: str = ""
    retest: str = ""
    map: Mapping[str, str] | None = None
    """What stands in the file -> the measure's answer; empty text: no answer."""


@dataclass(frozen=True, slots=True)
class ComparedWithHumans:
    """A measure of a run held against human answers."""

    results: Results
    fidelity: FidelityResult


def compare_with_humans(
    where: Path,
    measure: str,
    humans: HumanColumns,
    by: str = "",
    *,
    at: Mapping[str, str] | None = None,
    bands: tuple[float, ...] = (),
) -> ComparedWithHumans:
    """Hold a measure (`query.field`) against human answers; `where` as for `write_report`.

    People whom the run excludes are left out, as in its report. Raises RunError
    for a name that is not in the run, and for answers that can't be read.
    """
    folder = open_folder(where)
    results = results_of_run(folder)
    plan = with_sorted_fields(folder.plan(), sorted_outcomes(folder.after()))
    levels = {factor: _level(plan, factor, level) for factor, level in (at or {}).items()}
    written = _written(humans, by, bands) | {"measure": measure, "at": levels}
    spec = ComparisonSpec.model_validate({name: value for name, value in written.items() if value not in (None, {})})
    kept, rows = as_figures_have_it(plan, results.rows)
    return ComparedWithHumans(results, fidelity(kept, rows, [_planned(plan, spec)])[0])


def _level(plan: Plan, factor: str, written: str) -> JsonValue:
    known = plan.factors.get(factor, ())
    return next((level for level in known if label(level).casefold() == written.casefold()), written)


def _written(humans: HumanColumns, by: str, bands: tuple[float, ...]) -> dict[str, object]:
    """Return what an experiment's file would say of the human answers."""
    return {
        "with": humans.file,
        "column": humans.column or None,
        "weight": humans.weight or None,
        "key": humans.key or None,
        "retest": humans.retest or None,
        "map": {text: plain_scalar(answer) for text, answer in (humans.map or {}).items()},
        "by": ByPerson(person=by.removeprefix("person."), bands=list(bands)) if by and bands else by or None,
    }


def _planned(plan: Plan, written: ComparisonSpec) -> PlannedFidelity:
    fields = {
        query.name: {field.name: field for field in query.fields} for trial in plan.trials for query in trial.queries
    }
    members = tuple(plan.cast)
    around = ComparisonNames(
        fields, plan.conditions, Roster(members, {}), lambda name: read_data(name, base_dir=Path.cwd())
    )
    findings = Findings(read_yaml("compare: [{}]\n", written.humans or ""))
    planned = plan_fidelity([written], around, findings)
    try:
        findings.raise_errors()
    except SpecError as error:
        first = error.diagnostics[0]
        raise RunError(first.message, hint=first.hint) from error
    return planned[0]
