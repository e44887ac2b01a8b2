"""Resolves comparisons with human answers: which measure, which column, which groups, who is whose twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import groups_of_people
from tinytroupe_cli.analysis.twins import twins_of
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.human_data import HELD, Complain, DataColumns, HumanDataKey, human_answers
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.worlds.tie_files import ReadCsv
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.cast_members import CastMember
from tinytroupe_cli.plan.human_data import HumanAnswers, PlannedFidelity
from tinytroupe_cli.plan.query_fields import NamedFields, field_named
from tinytroupe_cli.plan.types import Condition
from tinytroupe_cli.spec.design import ByPerson, ComparisonSpec
from tinytroupe_cli.spec.rectification import Rectification

ONLY_WITH_DATA: Final = ("column", "weight", "key", "map", "retest", "ceiling")
NOT_WITH_DATA: Final = ("contrasts", "equivalence", "estimand", "test", "interaction", "moderator")


@dataclass(frozen=True, slots=True)
class ComparisonNames:
    """What a comparison with human answers can name."""

    fields: NamedFields
    conditions: Sequence[Condition]
    roster: Roster
    read: ReadCsv
    """Path of a table -> its text."""

    @property
    def factors(self) -> dict[str, list[JsonValue]]:
        """Return factor -> its levels."""
        found: dict[str, list[JsonValue]] = {}
        for condition in self.conditions:
            for factor, level in condition.levels.items():
                own = found.setdefault(factor, [])
                own += [] if level in own else [level]
        return found


def plan_fidelity(
    written: Sequence[ComparisonSpec], around: ComparisonNames, findings: Findings
) -> tuple[PlannedFidelity, ...]:
    """Check all comparisons with human answers and return those that can be made."""
    found: list[PlannedFidelity] = []
    for index, entry in enumerate(written):
        path: Path = ("compare", index)
        if entry.humans is None:
            _check_without_data(entry, path, findings)
            continue
        errors = findings.errors
        planned = _planned(entry, entry.humans, path, around, findings)
        if planned is not None and findings.errors == errors:
            found.append(planned)
    return tuple(found)


def people_with_field(members: Sequence[CastMember], name: str) -> bool:
    """Return whether somebody has a single value under this name."""
    return any(single_value(member.persona, name) is not None for member in members)


def column_of(attribute: str) -> str:
    """Return the column of a field of people: its name without what it is inside of."""
    return attribute.rsplit(".", maxsplit=1)[-1]


def check_twins(humans: HumanAnswers, roster: Roster, complain: Complain) -> None:
    """Report a key that stands twice, and a file nobody of which has a twin."""
    counts = Counter(key for key in humans.keys if key)
    if twice := next((key for key, count in counts.items() if count > 1), ""):
        complain(f"{humans.data}: the key '{twice}' appears in more than one row", "key", code="E561")
    elif humans.keys and roster.is_complete and not twins_of(roster.members, humans.key, humans.keys):
        hint = f"give people a field '{humans.key}', or write ids or names of people in that column"
        complain(f"{humans.data}: none of its rows belongs to a simulated person", "key", hint=hint, code="E561")


def complainer(path: Path, findings: Findings, spec: ComparisonSpec | Rectification) -> Complain:
    """Return what places a complaint at the key it is about; at the whole entry where that key isn't written."""

    def complain(message: str, part: HumanDataKey, *, hint: str = "", code: str = "E560") -> None:
        name = "humans" if part == "with" else part
        is_written = name in spec.model_fields_set
        findings.add(code, message, (*path, part) if is_written else path, hint=hint)

    return complain


def _check_without_data(written: ComparisonSpec, path: Path, findings: Findings) -> None:
    for name in ONLY_WITH_DATA:
        if name in written.model_fields_set:
            hint = f"add `with: data.csv`, or remove `{name}`"
            findings.add("E523", f"`{name}` can only be used with human answers", (*path, name), key=True, hint=hint)


def _planned(
    written: ComparisonSpec, data: str, path: Path, around: ComparisonNames, findings: Findings
) -> PlannedFidelity | None:
    for name in NOT_WITH_DATA:
        if name in written.model_fields_set:
            hint = "compare conditions in a separate entry"
            findings.add("E523", f"`{name}` can't be used with human answers", (*path, name), key=True, hint=hint)
    measure = measure_named(written.measure, (*path, "measure"), around.fields, findings)
    by = _by(written, path, around, findings)
    complain = complainer(path, findings, written)
    if measure is None or by is None:
        return None
    query, field = measure
    factor, attribute, bands = by
    wanted = DataColumns(
        data=data,
        column=written.column or field.name,
        weight=written.weight or "",
        key=written.key or "",
        retest=written.retest or "",
        map=written.map,
        group=factor or column_of(attribute),
        bands=bands,
        attributes=_attributes(around.roster.members) if written.ceiling else frozenset(),
    )
    humans = human_answers(around.read, wanted, field, complain)
    if humans is None:
        return None
    check_twins(humans, around.roster, complain)
    at = _at(written, path, around, findings)
    made = PlannedFidelity(
        query=query, field=field.name, humans=humans, factor=factor, attribute=attribute, bands=bands, at=at
    )
    _check_groups(made, around, complain)
    return made


def measure_named(written: str, path: Path, fields: NamedFields, findings: Findings) -> tuple[str, PlannedField] | None:
    """Return the query and field of a measure that human answers can be held against."""
    known = {query: tuple(own.values()) for query, own in fields.items()}
    found = field_named(known, written)
    if found is not None and type_of(found[1]).shape in HELD and type_of(found[1]).scale != "date":
        return found
    wrong = (
        f"no measure '{written}'"
        if found is None
        else f"'{written}' is {type_of(found[1]).noun}: it can't be compared with human answers"
    )
    names = [
        f"{query}.{field.name}"
        for query, own in known.items()
        for field in own
        if type_of(field).shape in HELD and type_of(field).scale != "date"
    ]
    findings.add("E523", wrong, path, hint=NearNames(written, names, label="measures"))
    return None


def _by(
    written: ComparisonSpec, path: Path, around: ComparisonNames, findings: Findings
) -> tuple[str, str, tuple[float, ...]] | None:
    """Return the factor, or the attribute with its bands; nothing of them where `by` is not written."""
    members = around.roster.members
    if written.by is None:
        return "", "", ()
    if isinstance(written.by, ByPerson):
        return "", written.by.person, tuple(float(band) for band in written.by.bands or ())
    if isinstance(written.by, list):
        findings.add("E523", "human answers are compared by one factor or field", (*path, "by"))
        return None
    if written.by in around.factors:
        return written.by, "", ()
    name = written.by.removeprefix("person.")
    if people_with_field(members, name) or not around.roster.is_complete:
        return "", name, ()
    hint = NearNames(written.by, around.factors, label="factors", otherwise="the experiment has no factors")
    findings.add("E523", f"no factor and no field of people is called '{written.by}'", (*path, "by"), hint=hint)
    return None


def _at(written: ComparisonSpec, path: Path, around: ComparisonNames, findings: Findings) -> dict[str, JsonValue]:
    factors = around.factors
    for name, level in written.at.items():
        here = (*path, "at", name)
        if name not in factors:
            hint = NearNames(name, factors, label="factors")
            findings.add("E523", f"'{name}' is not a factor", here, key=True, hint=hint)
        elif not any(is_same(label(level), label(known)) for known in factors[name]):
            hint = NearNames(level, factors[name], label=f"levels of {name}")
            findings.add("E523", f"'{name}' has no level '{label(level)}'", here, hint=hint)
    return dict(written.at)


def _check_groups(made: PlannedFidelity, around: ComparisonNames, complain: Complain) -> None:
    """Report groups that only one side has."""
    if not made.humans.groups or not around.roster.is_complete:
        return
    if made.factor:
        own = [label(level) for level in around.factors[made.factor]]
    else:
        own = list(groups_of_people(around.roster.members, made.attribute, made.bands))
    if not set(own) & set(made.humans.groups):
        name = made.factor or column_of(made.attribute)
        hint = f"simulated: {', '.join(own[:6]) or 'none'}"
        complain(
            f"{made.humans.data}: none of the groups in the column '{name}' is a group of the simulated people",
            "by",
            hint=hint,
        )


def _attributes(members: Sequence[CastMember]) -> frozenset[str]:
    """Return the single-valued fields that people have, but for those that name them."""
    names = {key for member in members for key in member.persona if single_value(member.persona, key) is not None}
    return frozenset(names - {"name", "id"})
