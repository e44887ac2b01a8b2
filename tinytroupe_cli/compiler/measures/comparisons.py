"""Resolves comparisons: which measure, between which levels or groups of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import groups_of_people, matching
from tinytroupe_cli.analysis.contrast_questions import has_slope
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.adjustments import BeforeStimuli, adjusted_for
from tinytroupe_cli.compiler.measures.contrasts import (
    check_simple,
    first_factor,
    moderator,
    named_contrasts,
    second_factor,
)
from tinytroupe_cli.compiler.measures.fitting import ComparedMeasure, check_fit
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.diagnostics import nearest
from tinytroupe_cli.fields.field_type import BY_OPTION
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.query_fields import NamedFields, comparable_measures, field_named
from tinytroupe_cli.plan.types import Condition
from tinytroupe_cli.spec.design import ByPerson, ComparisonSpec


@dataclass(frozen=True, slots=True)
class _Known:
    fields: NamedFields
    conditions: Sequence[Condition]
    before: BeforeStimuli
    findings: Findings
    between: Sequence[str]
    """Factors of which each unit meets one level."""

    @property
    def roster(self) -> Roster:
        """Return the people of the experiment."""
        return self.before.roster

    @property
    def factors(self) -> dict[str, list[JsonValue]]:
        """Return factor -> its levels."""
        found: dict[str, list[JsonValue]] = {}
        for condition in self.conditions:
            for factor, level in condition.levels.items():
                found.setdefault(factor, [])
                found[factor] += [] if level in found[factor] else [level]
        return found


def plan_comparisons(
    written: Sequence[ComparisonSpec],
    fields: NamedFields,
    conditions: Sequence[Condition],
    before: BeforeStimuli,
    findings: Findings,
    *,
    between: Sequence[str],
) -> tuple[PlannedComparison, ...]:
    """Check all comparisons and return those that can be made; `between`: factors that vary between units."""
    known = _Known(fields, conditions, before, findings, between)
    planned = (
        _planned(entry, ("compare", index), known) for index, entry in enumerate(written) if entry.humans is None
    )
    return tuple(comparison for comparison in planned if comparison is not None)


def _planned(written: ComparisonSpec, path: Path, known: _Known) -> PlannedComparison | None:
    measure = comparable_measure(written.measure, known.fields, (*path, "measure"), known.findings)
    single = first_factor(written, path, known.findings)
    if measure is None or single is None:
        return None
    query, field = measure
    is_options = single.by == "options" and "options" not in known.factors
    by = ("", "", ()) if is_options else _by(single, path, known)
    if by is None or (is_options and not _has_options(field, written, path, known)):
        return None
    factor, attribute, bands = by
    levels: Sequence[JsonValue] = field.options if is_options else known.factors.get(factor, ())
    if attribute and known.roster.is_complete:
        levels = list(groups_of_people(known.roster.members, attribute, bands))
    what = factor or attribute or "options"
    compared = ComparedMeasure(field, what, len(levels), is_options or (factor != "" and factor not in known.between))
    errors = known.findings.errors
    planned = PlannedComparison(
        query=query,
        field=field.name,
        factor=factor,
        attribute=attribute,
        options=is_options,
        bands=bands,
        pairs=_pairs(single, levels, what, path, known),
        at=_at(single, factor, path, known),
        equivalence=_equivalence(single, path, known),
        test=single.test,
    )
    if factor and known.findings.errors == errors:
        _check_conditions(planned, path, known)
    return planned.model_copy(update=_contrasted(written, planned, compared, path, known))


def _contrasted(
    written: ComparisonSpec,
    planned: PlannedComparison,
    compared: ComparedMeasure,
    path: Path,
    known: _Known,
) -> dict[str, Any]:
    """Return the fields of contrasts and moderators, and the estimand."""
    attribute, members = planned.attribute, known.roster.members
    is_slope = attribute != "" and not written.contrasts and has_slope(members, attribute, planned.bands)
    levels = known.factors.get(planned.factor, ())
    is_special = check_simple(written, path, known.findings, is_slope=is_slope)
    by_field, bands = moderator(written, planned.factor, known.roster, path, known.findings)
    return {
        "estimand": written.estimand if is_special else check_fit(written, compared, path, known.findings),
        "contrasts": named_contrasts(written, planned.factor, levels, path, known.findings),
        "adjust": adjusted_for(written, planned, known.before, path, known.findings, is_paired=compared.is_paired),
        "second_factor": second_factor(written, planned.factor, known.factors, path, known.findings),
        "moderator": by_field,
        "moderator_bands": bands,
    }


def comparable_measure(
    written: str, fields_by_query: NamedFields, path: Path, findings: Findings
) -> tuple[str, PlannedField] | None:
    """Return the query and field of a measure; report one that doesn't exist or can't be compared."""
    fields = {query: tuple(own.values()) for query, own in fields_by_query.items()}
    found = field_named(fields, written)
    if found is None or type_of(found[1]).scale is None:
        wrong = (
            f"no measure '{written}'"
            if found is None
            else f"'{written}' is {type_of(found[1]).noun}, which can't be compared"
        )
        hint = NearNames(written, comparable_measures(fields), label="measures")
        findings.add("E523", wrong, path, hint=hint)
        return None
    return found


def _has_options(field: PlannedField, written: ComparisonSpec, path: Path, known: _Known) -> bool:
    """Report a measure whose options can't be compared with each other."""
    if type_of(field).shape in BY_OPTION:
        return True
    message = f"'{written.measure}' is {type_of(field).noun}: it has no options to compare with each other"
    known.findings.add(
        "E523", message, (*path, "by"), hint="`by: options` needs a choice, a ranking, a budget or a best-worst task"
    )
    return False


def _by(written: ComparisonSpec, path: Path, known: _Known) -> tuple[str, str, tuple[float, ...]] | None:
    """Return the factor, or the attribute with its bands."""
    if isinstance(written.by, ByPerson):
        return _attribute(written.by, (*path, "by"), known)
    if written.by is None and len(known.factors) == 1:
        return next(iter(known.factors)), "", ()
    if isinstance(written.by, str) and written.by in known.factors:
        return written.by or "", "", ()
    rest = "write `by: {person: FIELD}` to compare groups of people, or `by: options` to compare a choice's options"
    factors = f"factors: {', '.join(known.factors)}; or {rest}" if known.factors else f"add `factors`; or {rest}"
    if written.by is None or isinstance(written.by, list):
        why = "there is more than one factor" if known.factors else "the experiment has no factors"
        known.findings.add("E523", f"`by` is missing: {why}", path, hint=factors)
        return None
    meant = f"did you mean '{closest[0]}'?  " if (closest := nearest(written.by, known.factors)) else ""
    message = f"no factor '{written.by}'" if known.factors else "the experiment has no factors"
    known.findings.add("E523", message, (*path, "by"), hint=meant + factors)
    return None


def _attribute(by: ByPerson, path: Path, known: _Known) -> tuple[str, str, tuple[float, ...]] | None:
    bands = tuple(float(band) for band in by.bands or ())
    if known.roster.is_complete:
        groups = groups_of_people(known.roster.members, by.person, bands)
        if len(groups) < 2:  # noqa: PLR2004 - a difference needs two
            only = f"everybody has the same '{by.person}'" if groups else f"nobody has a single value for '{by.person}'"
            known.findings.add("E523", only, (*path, "person"))
            return None
    return "", by.person, bands


def _pairs(
    written: ComparisonSpec, levels: Sequence[str | JsonValue], what: str, path: Path, known: _Known
) -> tuple[tuple[JsonValue, JsonValue], ...]:
    """Return the pairs that are named; empty: all. `levels` is empty where nobody knows them yet."""
    if written.contrasts is None or isinstance(written.contrasts, dict):
        return ()
    if written.contrasts == "control":
        return tuple((levels[0], level) for level in levels[1:])
    pairs: list[tuple[JsonValue, JsonValue]] = []
    for index, pair in enumerate(written.contrasts):
        here = (*path, "contrasts", index)
        if len(pair) != 2:  # noqa: PLR2004 - a pair
            known.findings.add("E523", f"a contrast needs two levels; this one has {len(pair)}", here)
            continue
        for place, level in enumerate(pair):
            _check_level(level, levels, what, (*here, place), known)
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _at(written: ComparisonSpec, factor: str, path: Path, known: _Known) -> dict[str, JsonValue]:
    for name, level in written.at.items():
        here = (*path, "at", name)
        if name not in known.factors or name == factor:
            wrong = "is the factor that is compared" if name == factor else "is not a factor"
            others = {other: levels for other, levels in known.factors.items() if other != factor}
            hint = NearNames(name, others, label="other factors") if others else ""
            known.findings.add("E523", f"'{name}' {wrong}", here, key=True, hint=hint)
        else:
            _check_level(level, known.factors[name], name, here, known)
    return dict(written.at)


def _check_level(level: JsonValue, levels: Sequence[JsonValue], what: str, path: Path, known: _Known) -> None:
    if levels and not any(is_same(label(level), label(candidate)) for candidate in levels):
        hint = NearNames(level, levels, label=f"levels of {what}")
        known.findings.add("E523", f"'{what}' has no level '{label(level)}'", path, hint=hint)


def _check_conditions(planned: PlannedComparison, path: Path, known: _Known) -> None:
    """Report pairs of levels for which no two conditions differ in the factor alone."""
    for first, second in planned.pairs or combinations(known.factors[planned.factor], 2):
        if not matching(known.conditions, planned, (first, second)):
            message = f"no two conditions differ in '{planned.factor}' alone: {label(first)} and {label(second)}"
            known.findings.add(
                "E523",
                message,
                path,
                hint="set the other factors with `at`, or list conditions that differ only in this factor",
            )


def _equivalence(written: ComparisonSpec, path: Path, known: _Known) -> tuple[float, float] | None:
    match written.equivalence:
        case None:
            return None
        case (low, high):
            if low >= high:
                known.findings.add(
                    "E524", f"the lower bound, {low}, is not below the upper bound, {high}", (*path, "equivalence")
                )
            return float(low), float(high)
        case bound:
            if bound <= 0:
                known.findings.add("E524", f"`equivalence` must be above 0; it is {bound}", (*path, "equivalence"))
            return -float(bound), float(bound)
