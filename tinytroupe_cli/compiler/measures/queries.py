"""Resolves extraction queries: what is asked about whom, with which fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic import JsonValue

from tinytroupe_cli.compiler.audiences import named
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.likert import LIKERT
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import CastMember, PlannedField, PlannedQuery
from tinytroupe_cli.spec.measures import Choice, FieldType, Likert, ListField, NumberField, Query, Rank, Scale

WORLD = "world"
EACH_PERSON = "each person"


@dataclass(frozen=True)
class PreparedQuery:
    """A query, independent of condition and replicate."""

    query: Query
    question: Text | None
    people: tuple[str, ...]
    """Ids of everyone it may be about; empty: the whole world."""
    fields: tuple[PlannedField, ...]

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], steps: int, findings: Findings
    ) -> PlannedQuery | None:
        """Return it for one trial; None if it is about no one there."""
        wanted = frozenset(self.people)
        about = [member for member in people if member.id in wanted]
        is_world = self.query.of == WORLD
        if self.question is None or not (about or is_world):
            return None
        questions = {member.id: scene.fill(self.question, findings, person=member, step=steps) for member in about}
        if is_world:
            questions = {"": scene.fill(self.question, findings, step=steps)}
        return PlannedQuery(
            name=self.query.name,
            how=self.query.how,
            people=tuple(member.id for member in about),
            questions=questions,
            fields=self.fields,
            samples=self.query.samples,
        )


def prepare_queries(queries: Sequence[Query], roster: Roster, findings: Findings) -> list[PreparedQuery]:
    """Resolve every query's question and subject."""
    prepared: list[PreparedQuery] = []
    seen: set[str] = set()
    for index, query in enumerate(queries):
        path: Path = ("extract", index)
        if query.name in seen:
            findings.add("E330", f"a second query called '{query.name}'", (*path, "name"))
        seen.add(query.name)
        question = read_text(query.question, (*path, "question"), findings)
        fields = [_field(name, kind, (*path, "fields", name), findings) for name, kind in query.fields.items()]
        prepared.append(PreparedQuery(query, question, _about(query, roster, path, findings), tuple(fields)))
    return prepared


def plan_queries(
    prepared: Sequence[PreparedQuery],
    scene: TemplateScope,
    people: Sequence[CastMember],
    steps: int,
    findings: Findings,
) -> tuple[PlannedQuery, ...]:
    """Return the queries of one trial."""
    planned = (query.planned(scene, people, steps, findings) for query in prepared)
    return tuple(query for query in planned if query is not None)


def fields_by_query(prepared: Sequence[PreparedQuery]) -> Mapping[str, Mapping[str, PlannedField]]:
    """Return query -> field -> its definition."""
    return {query.query.name: {field.name: field for field in query.fields} for query in prepared}


def _about(query: Query, roster: Roster, path: Path, findings: Findings) -> tuple[str, ...]:
    if query.of == WORLD:
        if query.how == "interview":
            hint = "write `how: observe`, or `of: each person`"
            findings.add("E331", "the world can't be interviewed, only people can", (*path, "how"), hint=hint)
        return ()
    if query.of == EACH_PERSON:
        return roster.ids
    return named(query.of, roster, (*path, "of"), findings)


def _field(name: str, written: FieldType, path: Path, findings: Findings) -> PlannedField:
    match written:
        case "yes_no" | "text" | "number":
            return PlannedField(name=name, kind=written)
        case Choice(choice=options):
            return PlannedField(name=name, kind="choice", options=_options(options, (*path, "choice"), findings))
        case Rank(rank=options):
            return PlannedField(name=name, kind="rank", options=_options(options, (*path, "rank"), findings))
        case Likert():
            return PlannedField(name=name, kind="likert", options=_labels(written, path, findings))
        case Scale(scale=(low, high)):
            _check_order(low, high, (*path, "scale"), findings)
            return PlannedField(
                name=name, kind="scale", low=low, high=high, low_label=written.low, high_label=written.high
            )
        case NumberField(number=bounds):
            if bounds.min is not None and bounds.max is not None:
                _check_order(bounds.min, bounds.max, (*path, "number"), findings)
            return PlannedField(name=name, kind="number", low=bounds.min, high=bounds.max, unit=written.unit)
        case ListField():
            return PlannedField(name=name, kind="list")
        case _:
            assert_never(written)


def _options(options: Sequence[str | bool | int | float], path: Path, findings: Findings) -> tuple[JsonValue, ...]:
    seen: set[str] = set()
    for index, option in enumerate(options):
        if str(option).casefold() in seen:
            findings.add("E332", f"'{option}' appears twice", (*path, index))
        seen.add(str(option).casefold())
    return tuple(options)


def _labels(written: Likert, path: Path, findings: Findings) -> tuple[JsonValue, ...]:
    if isinstance(written.likert, str):
        if written.likert not in LIKERT:
            hint = did_you_mean(written.likert, LIKERT, label="scales") + "; or list the labels from lowest to highest"
            findings.add("E333", f"unknown Likert scale '{written.likert}'", (*path, "likert"), hint=hint)
        return LIKERT.get(written.likert, ())
    if len(written.likert) < 2:  # noqa: PLR2004 - one point is no scale
        findings.add("E333", "a scale has at least two labels", (*path, "likert"))
    return _options(written.likert, (*path, "likert"), findings)


def _check_order(low: float, high: float, path: Path, findings: Findings) -> None:
    if low >= high:
        findings.add("E334", f"the least, {low}, is not below the greatest, {high}", path)
