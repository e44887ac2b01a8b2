"""Resolves comparisons: which measure, between which levels or groups of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.query_fields import main_field
from tinytroupe_cli.spec.design import ByPerson, ComparisonSpec

Fields = Mapping[str, Mapping[str, PlannedField]]
Levels = Mapping[str, Sequence[JsonValue]]
"""Factor -> its levels."""


@dataclass(frozen=True, slots=True)
class _Known:
    fields: Fields
    factors: Levels
    roster: Roster
    findings: Findings


def plan_comparisons(
    written: Sequence[ComparisonSpec], fields: Fields, factors: Levels, roster: Roster, findings: Findings
) -> tuple[PlannedComparison, ...]:
    """Check all comparisons and return those that can be made."""
    known = _Known(fields, factors, roster, findings)
    planned = (_planned(one, ("compare", index), known) for index, one in enumerate(written))
    return tuple(one for one in planned if one is not None)


def _planned(written: ComparisonSpec, path: Path, known: _Known) -> PlannedComparison | None:
    measure = _measure(written.measure, (*path, "measure"), known)
    by = _by(written, path, known)
    if measure is None or by is None:
        return None
    query, field = measure
    factor, attribute, bands = by
    return PlannedComparison(
        query=query,
        field=field.name,
        factor=factor,
        attribute=attribute,
        bands=bands,
        pairs=_pairs(written, factor, path, known),
        at=_at(written, factor, path, known),
        equivalence=_equivalence(written, path, known),
    )


def _measure(written: str, path: Path, known: _Known) -> tuple[str, PlannedField] | None:
    query, _, name = written.partition(".")
    own = known.fields.get(query, {})
    field = own.get(name) if name else main_field(own.values())
    comparable = [
        f"{one}.{other}" for one, found in known.fields.items() for other in found if _is_comparable(found[other])
    ]
    if field is None or not _is_comparable(field):
        wrong = f"no measure '{written}'" if field is None else f"'{written}' is {type_of(field).noun}: not compared"
        known.findings.add("E523", wrong, path, hint=did_you_mean(written, comparable, label="measures"))
        return None
    return query, field


def _is_comparable(field: PlannedField) -> bool:
    return type_of(field).shape not in ("words", "entries")


def _by(written: ComparisonSpec, path: Path, known: _Known) -> tuple[str, str, tuple[float, ...]] | None:
    """Return the factor, or the attribute with its bands."""
    if isinstance(written.by, ByPerson):
        return _attribute(written.by, (*path, "by"), known)
    if written.by is None and len(known.factors) == 1:
        return next(iter(known.factors)), "", ()
    if written.by in known.factors:
        return written.by or "", "", ()
    if written.by is None:
        known.findings.add("E523", "`by` is missing: there is more than one factor, or none", path)
        return None
    hint = did_you_mean(written.by, known.factors, label="factors") or "the experiment has no factors"
    known.findings.add("E523", f"no factor '{written.by}'", (*path, "by"), hint=f"{hint}; people: {{person: FIELD}}")
    return None


def _attribute(by: ByPerson, path: Path, known: _Known) -> tuple[str, str, tuple[float, ...]] | None:
    def has(persona: Mapping[str, JsonValue]) -> bool:
        value: JsonValue = dict(persona)
        for part in by.person.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value is not None and not isinstance(value, dict | list)

    if known.roster.is_complete and not any(has(member.persona) for member in known.roster.members):
        known.findings.add("E523", f"nobody has a single value '{by.person}'", (*path, "person"))
        return None
    return "", by.person, tuple(float(band) for band in by.bands or ())


def _pairs(written: ComparisonSpec, factor: str, path: Path, known: _Known) -> tuple[tuple[JsonValue, JsonValue], ...]:
    levels = known.factors.get(factor, ())
    if written.contrasts is None:
        return ()
    if written.contrasts == "control":
        if not factor:
            known.findings.add("E523", "people have no control level", (*path, "contrasts"), hint="list pairs")
        return tuple(pair for pair in combinations(levels, 2) if pair[0] == levels[0])
    pairs: list[tuple[JsonValue, JsonValue]] = []
    for index, pair in enumerate(written.contrasts):
        here = (*path, "contrasts", index)
        if len(pair) != 2:  # noqa: PLR2004 - a pair
            known.findings.add("E523", f"a contrast is a pair of levels; this has {len(pair)}", here)
            continue
        for place, level in enumerate(pair):
            if factor:
                _check_level(level, factor, (*here, place), known)
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _at(written: ComparisonSpec, factor: str, path: Path, known: _Known) -> dict[str, JsonValue]:
    for name, level in written.at.items():
        here = (*path, "at", name)
        if name not in known.factors or name == factor:
            wrong = "is compared" if name == factor else "is not a factor"
            hint = did_you_mean(name, known.factors, label="factors")
            known.findings.add("E523", f"'{name}' {wrong}", here, key=True, hint=hint)
        else:
            _check_level(level, name, here, known)
    return dict(written.at)


def _check_level(level: JsonValue, factor: str, path: Path, known: _Known) -> None:
    levels = known.factors[factor]
    if not any(is_same(level, one) for one in levels):
        hint = did_you_mean(label(level), [label(one) for one in levels], label=f"levels of {factor}")
        known.findings.add("E523", f"'{factor}' has no level '{label(level)}'", path, hint=hint)


def _equivalence(written: ComparisonSpec, path: Path, known: _Known) -> tuple[float, float] | None:
    match written.equivalence:
        case None:
            return None
        case (low, high):
            if low >= high:
                known.findings.add(
                    "E524", f"the lower bound, {low}, is not below the upper, {high}", (*path, "equivalence")
                )
            return float(low), float(high)
        case bound:
            if bound <= 0:
                known.findings.add("E524", f"expects a difference above 0, got {bound}", (*path, "equivalence"))
            return -float(bound), float(bound)
