"""Resolves extraction queries: what is asked about whom, with which fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinytroupe_cli.compiler.audiences import named
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.ratings import rated_versions
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.fields.field_types import type_of_written
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import CastMember, PlannedField, PlannedQuery
from tinytroupe_cli.spec.measures import Query

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
        questions = {member.id: scene.render(self.question, findings, person=member, step=steps) for member in about}
        if is_world:
            questions = {"": scene.render(self.question, findings, step=steps)}
        return PlannedQuery(
            name=self.query.name,
            procedure=self.query.how,
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
        _check_interviewed(query, path, findings)
        question = read_text(query.question, (*path, "question"), findings)
        fields = [
            field
            for name, written in query.fields.items()
            for field in rated_versions(
                type_of_written(written).plan(name, written, (*path, "fields", name), findings.add),
                written,
                query,
                (*path, "fields", name),
                findings.add,
            )
        ]
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


def _check_interviewed(query: Query, path: Path, findings: Findings) -> None:
    """Report fields that only people can answer in a query that the judge answers."""
    for name, written in query.fields.items():
        kind = type_of_written(written)
        if kind.is_interviewed and query.how != "interview":
            message = f"'{name}' is {kind.noun}: its sets are shown to people, not read from a transcript"
            findings.add("E517", message, (*path, "fields", name), key=True, hint="write `how: interview`")


def _about(query: Query, roster: Roster, path: Path, findings: Findings) -> tuple[str, ...]:
    if query.of == WORLD:
        if query.how == "interview":
            hint = "write `how: observe`, or `of: each person`"
            findings.add("E331", "only people can be interviewed, not the world", (*path, "how"), hint=hint)
        return ()
    if query.of == EACH_PERSON:
        return roster.ids
    return named(query.of, roster, (*path, "of"), findings, everyone=EACH_PERSON)
