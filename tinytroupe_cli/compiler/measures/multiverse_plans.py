"""Resolves a multiverse: which choices it varies, and what the alternatives are (E571)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast, get_args

from pydantic import JsonValue

from tinytroupe_cli.analysis.estimands import FITTING, SHARES
from tinytroupe_cli.analysis.test_names import FITS
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.adjustments import BeforeStimuli, check_covariate, misfits
from tinytroupe_cli.compiler.measures.exclusion_checks import check_exclusion
from tinytroupe_cli.fields.field_type import MeasureScale
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.planned_multiverse import ANALYSIS, MAX_BRANCHES, MAX_RUNS, PlannedMultiverse
from tinytroupe_cli.spec.exclusion_rules import ExclusionRule
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.named_paths import numbered

WITHOUT_ANSWERS: Final = (
    *("troupe", "name", "title", "description", "limits", "prices", "report", "methods"),
    *("compare", "inference", "controls", "expect", "rectify", "reduce", "dataset", "multiverse"),
)
"""Keys of an experiment that change no answer."""


@dataclass(frozen=True, slots=True)
class _Known:
    measures: Mapping[str, Mapping[str, PlannedField]]
    compared: Sequence[PlannedComparison] | None
    findings: Findings
    wordings: int
    before: BeforeStimuli
    between: Sequence[str]
    """Factors of which each unit meets one level."""

    @property
    def experiment(self) -> Experiment:
        """Return the experiment as written."""
        return self.before.experiment

    @property
    def written(self) -> Mapping[str, Sequence[JsonValue]]:
        """Return choice -> its alternatives."""
        return self.experiment.multiverse or {}

    @property
    def wanted(self) -> Sequence[PlannedComparison]:
        """Return what is compared; where the experiment names nothing, one measure by each factor."""
        if self.compared is not None:
            return self.compared
        factors = (*self.between, *sorted(self.before.varied - {"condition", *self.between}))
        return [PlannedComparison(query="", field="", factor=factor) for factor in factors]


def plan_multiverse(
    before: BeforeStimuli,
    measures: Mapping[str, Mapping[str, PlannedField]],
    compared: Sequence[PlannedComparison] | None,
    findings: Findings,
    *,
    wordings: int,
    between: Sequence[str],
) -> PlannedMultiverse | None:
    """Return the choices and their alternatives; report those that can't be had.

    `wordings`: how many there are. `between`: factors of which each unit meets one level.
    """
    written = before.experiment.multiverse
    if not written:
        if written is not None:
            findings.add("E571", "there is nothing to choose", ("multiverse",), hint="name a choice, or remove the key")
        return None
    known = _Known(measures, compared, findings, wordings, before, between)
    analysis: dict[str, tuple[JsonValue, ...]] = {}
    runs: dict[str, tuple[JsonValue, ...]] = {}
    for name, values in written.items():
        if name in ANALYSIS:
            analysis[name] = tuple(values)
            _check_values(name, values, known)
        elif _is_place(name, known):
            runs[name] = tuple(values)
        if len({repr(value) for value in values}) < len(values):
            findings.add("E571", f"an alternative of `{name}` is named twice", ("multiverse", name))
    planned = PlannedMultiverse(analysis=analysis, runs=runs)
    if planned.count > MAX_BRANCHES:
        message = f"this makes {planned.count:,} combinations; the maximum is {MAX_BRANCHES}"
        findings.add("E571", message, ("multiverse",), key=True, hint="leave out alternatives, or a choice")
    if planned.run_count > MAX_RUNS:
        message = f"this makes {planned.run_count:,} runs; the maximum is {MAX_RUNS}"
        findings.add("E571", message, ("multiverse",), key=True, hint="choices of the analysis need no runs")
    return planned


def _is_place(name: str, known: _Known) -> bool:
    """Report a path that is not in the experiment, or whose alternatives would change no answer."""
    path, top = ("multiverse", name), name.partition(".")[0]
    if top in WITHOUT_ANSWERS:
        hint = f"choices of the analysis: {', '.join(ANALYSIS)}"
        known.findings.add("E571", f"`{top}` changes no answer, so runs would not differ", path, key=True, hint=hint)
    elif top not in Experiment.model_fields or numbered(known.findings.document.value, name) is None:
        then = "; or a path such as extract.NAME.samples"
        hint = NearNames(name, ANALYSIS, label="choices of the analysis", then=then)
        known.findings.add("E571", f"there is no '{name}' in the experiment", path, key=True, hint=hint)
    else:
        return True
    return False


def _check_values(name: str, values: Sequence[JsonValue], known: _Known) -> None:
    if name == "wordings" and not known.wordings:
        known.findings.add("E571", "every text has one wording", ("multiverse", name), key=True)
        return
    if name == "weights" and known.experiment.weights is None:
        known.findings.add("E571", "there are no `weights` to switch on", ("multiverse", name), key=True)
        return
    if name == "adjust" and not _is_adjustable(known):
        return
    for index, value in enumerate(values):
        path = ("multiverse", name, index)
        if name in ("exclude", "adjust"):
            (_check_rules if name == "exclude" else _check_covariates)(value, path, known)
            continue
        allowed = _alternatives(name, known)
        if value not in allowed:
            hint = NearNames(value, allowed, label=f"alternatives of {name}")
            known.findings.add("E571", f"`{name}` has no alternative '{label(value)}' here", path, hint=hint)


def _check_rules(value: JsonValue, path: tuple[str | int, ...], known: _Known) -> None:
    rules = get_args(ExclusionRule)
    for rule in value if isinstance(value, list) else [value]:
        if rule in rules:
            check_exclusion(cast("ExclusionRule", rule), known.measures, known.findings, path)
        elif rule != "none" or isinstance(value, list):
            hint = NearNames(rule, ["none", *rules], label="rules")
            known.findings.add("E571", f"`exclude` has no rule '{label(rule)}'", path, hint=hint)


def _check_covariates(value: JsonValue, path: Path, known: _Known) -> None:
    names = value if isinstance(value, list) else [value]
    for place, name in enumerate(names):
        at = (*path, place) if isinstance(value, list) else path
        is_again = name in names[:place]
        if not isinstance(name, str) or (name == "none" and isinstance(value, list)) or is_again:
            message = f"'{label(name)}' is named twice" if is_again else f"`adjust` has no alternative '{label(name)}'"
            known.findings.add("E571", message, at, hint="none, person.FIELD, a measure, or a list of them")
        elif name != "none":
            check_covariate(name, known.before, at, known.findings)


def _is_adjustable(known: _Known) -> bool:
    """Report `adjust` if no comparison can be adjusted under any combination of the other choices."""
    changed = {"weights": None} if "off" in known.written.get("weights", ()) else {}
    changed |= {"wordings": None} if any(value != "all" for value in known.written.get("wordings", ())) else {}
    experiment = known.experiment.model_copy(update=changed)
    has_gap = not {"mean", *SHARES}.isdisjoint(map(label, known.written.get("estimand", ())))
    reasons: list[str] = []
    for planned in known.wanted:
        is_paired = planned.options or planned.factor not in known.between
        is_simple = not (planned.contrasts or planned.second_factor or planned.moderator)
        as_chosen = planned.model_copy(update={"estimand": None if has_gap else planned.estimand})
        found = next(misfits(as_chosen, experiment, is_paired=is_paired, is_simple=is_simple), None)
        if found is None:
            return True
        reasons.append(found[0])
    why = reasons[0] if reasons else "no conditions are compared"
    hint = "remove it from the choices"
    known.findings.add("E521", f"`adjust` does not fit: {why}", ("multiverse", "adjust"), key=True, hint=hint)
    return False


def _alternatives(name: str, known: _Known) -> Sequence[JsonValue]:
    """Return what a choice can be here: estimands and tests fit at least one of the measures compared."""
    scales: list[MeasureScale] = [scale for field in _fields(known) if (scale := type_of(field).scale) is not None]
    match name:
        case "weights":
            return ["on", "off"]
        case "estimand":
            return ["mean", *dict.fromkeys(estimand for scale in scales for estimand in FITTING[scale])]
        case "test":
            fitting = [test for test, fit in FITS.items() if not fit.is_omnibus and set(scales) & set(fit.scales)]
            return ["permutation", *fitting]
        case _:
            return ["all", *range(1, known.wordings + 1)]


def _fields(known: _Known) -> Sequence[PlannedField]:
    if known.compared is None:
        return [field for own in known.measures.values() for field in own.values()]
    named = ((comparison.query, comparison.field) for comparison in known.compared)
    return [own[field] for query, field in named if field in (own := known.measures.get(query, {}))]
