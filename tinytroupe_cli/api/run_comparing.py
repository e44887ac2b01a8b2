"""Compares two finished runs, or a run with its experiment's reference, without model calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields
from tinytroupe_cli.analysis.coded_answers import with_coded_fields
from tinytroupe_cli.analysis.comparable_run import ComparableRun, comparable_run
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.regressions import RegressionCheck, RegressionLimit, regression_check
from tinytroupe_cli.analysis.run_comparison import run_comparison
from tinytroupe_cli.analysis.scores import with_scores
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.api.settings import resolve_settings
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.language.reading import read_text
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.changed_keys import ChangedKey, changed_keys
from tinytroupe_cli.reports.run_comparison_page import ComparedRuns, regression_sentence, run_comparison_markdown
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.run_lookup import open_folder

__all__ = [
    "ComparableRun",
    "ComparedRuns",
    "RegressionCheck",
    "RegressionLimit",
    "comparable",
    "compare_runs",
    "has_regression",
    "read_regression_limits",
    "regression_sentence",
    "run_comparison_markdown",
    "run_of",
]

_LIMIT: Final = re.compile(
    r"(?P<measure>[^:=@\s]+\.[^:=@\s]+)(?:=(?P<option>[^:@]+))?(?:@(?P<condition>[^:]+))?"
    r":(?P<sign>[+-])(?P<size>\d*\.?\d+)\s*(?P<points>points?)?"
)
_SPECS: Final = (".yaml", ".yml")


def read_regression_limits(written: Iterable[str]) -> tuple[RegressionLimit, ...]:
    """Read `q.buys:-0.1`, `choice.ad=loud@calm:-10points`; raises `RunError` for anything else."""
    return tuple(_limit(text) for text in written)


def compare_runs(
    before: ComparableRun, after: ComparableRun, limits: Sequence[RegressionLimit] = (), *, measure: str = ""
) -> ComparedRuns:
    """Compare two runs; `measure` (`query.field`): only this one.

    Raises `RunError` for a measure that is not in both, and for a limit on something that was not compared.
    """
    if measure:
        before, after = _only(before, measure), _only(after, measure)
    found = run_comparison(before, after)
    if measure and not found.comparisons:
        reason = found.not_compared.get(measure, "no run has it")
        raise RunError(f"'{measure}' can't be compared: {reason}")
    checks = [_check(limit, found.comparisons, before) for limit in limits]
    return ComparedRuns(
        comparison=found,
        changed_keys=tuple(_changed_spec(before.spec, after.spec)),
        changed_settings=tuple(changed_keys(before.settings, after.settings)),
        regressions=tuple(checks),
    )


def has_regression(found: ComparedRuns) -> bool:
    """Return whether a regression was shown; what is inconclusive is none."""
    return any(check.fails() for check in found.regressions)


def comparable(folder: RunFolder) -> ComparableRun:
    """Return a run as others can be compared with it."""
    results, manifest = results_of_run(folder), folder.manifest()
    plan = with_scores(with_coded_fields(with_sorted_fields(folder.plan(), sorted_outcomes(folder.after()))))
    return comparable_run(
        plan,
        results.rows,
        results.provenance.run,
        settings=_settings(plan, manifest),
        spec=folder.experiment_text() if folder.experiment_file.exists() else "",
    )


def run_of(where: Path, project_dir: Path) -> RunFolder:
    """Open a run by its folder, `results/NAME`, `results`, or an experiment's file, which means its newest run."""
    path = project_dir / where
    if path.suffix not in _SPECS or not path.is_file():
        return open_folder(where)
    results = project_dir / resolve_settings(project_dir, {}).results
    return open_folder(results / experiment_name(path, str(where)))


def experiment_name(path: Path, source: str) -> str:
    """Return the name of the experiment in a file; raises `SpecError` if it is no YAML."""
    value: JsonValue = read_yaml(read_text(path, source), source).value
    name: JsonValue = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else path.stem


def _limit(text: str) -> RegressionLimit:
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        hint = "for example, q.buys:-0.1, choice.ad=loud:-10points or price.fair@calm:+5"
        raise RunError(f"--fail-on-regression expects MEASURE:LIMIT, got '{text}'", hint=hint)
    size = float(found["size"]) / (100 if found["points"] else 1)
    return RegressionLimit(
        measure=found["measure"],
        option=(found["option"] or "").strip(),
        condition=(found["condition"] or "").strip(),
        threshold=-size if found["sign"] == "-" else size,
        is_drop=found["sign"] == "-",
        written=text.strip(),
    )


def _check(limit: RegressionLimit, found: Sequence[ComparisonResult], before: ComparableRun) -> RegressionCheck:
    check = regression_check(limit, found)
    if check is not None:
        return check
    known = sorted({_name(one.measure, one.option) for one in found if one.kind == "pair"})
    if limit.condition and limit.condition not in before.conditions:
        hint = did_you_mean(limit.condition, before.conditions, label="conditions")
        raise RunError(f"no condition '{limit.condition}' in both runs", hint=hint)
    wanted = _name(limit.measure, limit.option or None)
    raise RunError(f"'{wanted}' was not compared", hint=did_you_mean(wanted, known, label="measures"))


def _name(measure: str, option: JsonValue) -> str:
    return measure if option is None else f"{measure}={label(option)}"


def _only(run: ComparableRun, measure: str) -> ComparableRun:
    fields = {name: field for name, field in run.fields.items() if name == measure}
    rows = tuple(row for row in run.rows if f"{row.query}.{row.field}" == measure)
    return run.model_copy(update={"fields": fields, "rows": rows})


def _changed_spec(before: str, after: str) -> list[ChangedKey]:
    return list(changed_keys(_parsed(before), _parsed(after)))


def _parsed(text: str) -> JsonValue:
    try:
        return read_yaml(text, "experiment.yaml").value if text else {}
    except SpecError:
        return {"(unreadable)": text}


def _settings(plan: Plan, manifest: Manifest) -> dict[str, JsonValue]:
    """Return what can differ although the file is the same."""
    roles: dict[str, JsonValue] = {
        role: use.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for role, use in (("people", plan.models.people), ("judge", plan.models.judge))
    }
    versions: dict[str, JsonValue] = {
        name: manifest.versions[name] for name in ("troupe",) if name in manifest.versions
    }
    return {
        "seed": plan.seed,
        "replicates": plan.replicates,
        "people": len(plan.cast),
        "models": roles,
        "prompts": plan.prompts,
        "versions": versions,
    }
