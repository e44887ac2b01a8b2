"""Calibrates an instrument: how often does it find a difference between identical arms?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from tinytroupe_cli.analysis.calibration import ArmsDesign, calibration
from tinytroupe_cli.analysis.calibration_result import Calibration, CalibrationKind
from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields
from tinytroupe_cli.analysis.coded_answers import with_coded_fields
from tinytroupe_cli.analysis.comparisons import obvious_comparisons
from tinytroupe_cli.analysis.contrast_questions import is_comparable
from tinytroupe_cli.analysis.scores import with_scores
from tinytroupe_cli.analysis.units import MIN_UNITS, units_of
from tinytroupe_cli.api.planning import Compiled, compile_file
from tinytroupe_cli.api.preparing import Prepared, prepare
from tinytroupe_cli.api.run import RunOutcome
from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.plan.instrument import instrument_hash
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.plan.written_wordings import is_missing
from tinytroupe_cli.reports.sentences import calibration_lines
from tinytroupe_cli.runs.calibrations import write_calibration
from tinytroupe_cli.runs.folder import RunFolder

__all__ = [
    "Calibration",
    "CalibrationKind",
    "PreparedCalibration",
    "calibrated",
    "calibration_lines",
    "calibration_run",
]


@dataclass(frozen=True)
class PreparedCalibration:
    """A run of the same condition many times, and how it is divided into arms."""

    prepared: Prepared
    design: ArmsDesign
    instrument: str

    @property
    def draws(self) -> int:
        """Return how many pairs of arms the run has."""
        plan = self.prepared.plan
        if self.design.kind == "wording":
            return plan.wordings.count // 2 if plan.wordings else 0
        return plan.replicates // (self.design.replicates * (2 if self.design.is_within else 1))


def calibration_run(
    path: Path,
    kind: CalibrationKind,
    draws: int,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
    is_offline: bool = False,
) -> PreparedCalibration:
    """Return the run that a calibration needs, in the experiment's first condition.

    Raises SpecError for the experiment's errors, and RunError where it has no measure or too few units.
    """
    written = dict(overrides or {})
    compiled = compile_file(path, env=env, overrides=written, flags=flags, is_offline=is_offline)
    plan = compiled.plan
    _check(plan)
    if plan.design != "within":
        written["design"] = "within"
    given = dict(flags or {})
    is_within = kind == "wording" or not _is_between(plan)
    if kind == "chance":
        given["replicates"] = plan.replicates * draws * (2 if is_within else 1)
        whole = compile_file(path, env=env, overrides=written, flags=given, is_offline=is_offline)
    else:
        whole = _with_wordings(path, plan, draws, env=env, overrides=written, flags=given, is_offline=is_offline)
    design = ArmsDesign(kind, is_within, plan.replicates, draws, plan.assignment.blocks, _measures(plan))
    own = replace(whole, plan=_one_condition(plan, whole.plan, kind, draws))
    prepared = prepare(own, env=env, folder=Path.cwd(), is_offline=is_offline)
    return PreparedCalibration(prepared, design, instrument_hash(plan))


def calibrated(of: PreparedCalibration, outcome: RunOutcome) -> Calibration:
    """Return the rate of a run that has finished, and keep it for the reports of the same instrument and model."""
    folder = RunFolder(outcome.folder)
    plan = with_scores(with_coded_fields(with_sorted_fields(folder.plan(), sorted_outcomes(folder.after()))))
    found = calibration(plan, outcome.results.rows, of.design, instrument=of.instrument)
    found = found.model_copy(update={"run": f"{outcome.folder.parent.name}/{outcome.folder.name}"})
    write_calibration(of.prepared.results, found)
    return found


def _check(plan: Plan) -> None:
    if plan.assignment.sequences:
        message = "a calibration needs separate trials, but here people go through all conditions in one trial"
        raise RunError(message, hint="calibrate with --set design=within")
    units = units_of(plan, plan.inference.about)
    count = plan.replicates if units.kind == "replicate" else len(set(units.of.values()))
    least = MIN_UNITS * (2 if _is_between(plan) else 1)
    if count < least:
        what = {"person": "people who answer alone", "group": "groups", "replicate": "replicates"}[units.kind]
        raise RunError(f"a calibration needs at least {least} {what}, but the experiment has {count}")
    if not _measures(plan) and not list(obvious_comparisons(plan.model_copy(update={"factors": {"arm": ()}}))):
        raise RunError("the experiment has no measure to compare", hint="add a query with a field that is not text")


def _is_between(plan: Plan) -> bool:
    """Return whether the experiment compares people who met different conditions."""
    factors = {comparison.factor for comparison in plan.comparisons or () if comparison.factor} or set(plan.factors)
    return plan.inference.about == "people" and bool(factors) and all(plan.is_between(factor) for factor in factors)


def _measures(plan: Plan) -> tuple[PlannedComparison, ...]:
    """Return the experiment's comparisons between conditions."""
    fields = plan.fields
    return tuple(
        comparison
        for comparison in plan.comparisons or ()
        if comparison.factor
        and (
            (comparison.query, comparison.field) not in fields
            or is_comparable(fields[comparison.query, comparison.field])
        )
    )


def _with_wordings(
    path: Path,
    plan: Plan,
    draws: int,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str],
    flags: Mapping[str, JsonValue],
    is_offline: bool,
) -> Compiled:
    """Return the experiment with everyone in two wordings a draw; those it lists itself come before the model's."""

    def with_(key: str, value: str) -> Compiled:
        own = {**overrides, key: value}
        return compile_file(path, env=env, overrides=own, flags=flags, is_offline=is_offline)

    if plan.wordings is None or is_missing(plan):
        return with_("wordings", f"{{count: {2 * draws}, cross: all}}")
    if plan.wordings.count < 2:  # noqa: PLR2004 - a pair
        raise RunError("a calibration over wordings needs at least two of them")
    try:
        return with_("wordings.cross", "all")
    except SpecError:  # `wordings` is a number
        return with_("wordings", f"{{count: {plan.wordings.count}, cross: all}}")


def _one_condition(plan: Plan, whole: Plan, kind: CalibrationKind, draws: int) -> Plan:
    """Return the plan with the trials of the first condition, and without what a calibration does not need."""
    first = plan.conditions[0]
    trials = tuple(trial for trial in whole.trials if trial.condition == first.name)
    wordings = whole.wordings
    if kind == "wording" and wordings is not None and not is_missing(whole):
        count = 2 * min(draws, wordings.count // 2)
        trials = tuple(trial for trial in trials if trial.wording <= count)
        texts = tuple(text.model_copy(update={"wordings": text.wordings[:count]}) for text in wordings.texts)
        wordings = wordings.model_copy(update={"count": count, "texts": texts})
    outputs = PlannedOutputs(
        categories=whole.outputs.categories, codings=whole.outputs.codings, scores=whole.outputs.scores
    )
    update: dict[str, Any] = {
        "name": f"{plan.name}-calibration",
        "title": "",
        "factors": {},
        "conditions": (first,),
        "trials": trials,
        "wordings": wordings,
        "expect": (),
        "comparisons": (),
        "controls": (),
        "fidelity": (),
        "rectifications": (),
        "formats": ("json",),
        "outputs": outputs,
    }
    return whole.model_copy(update=update)
