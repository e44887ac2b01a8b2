"""Codes as answers of their own: further fields, looked up for every answer in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.events.postprocessing import AnswersCoded, PostEvent, TextCodes
from tinytroupe_cli.plan.planned_codings import PlannedCoding
from tinytroupe_cli.plan.types import Plan, PlannedField, PlannedQuery

Coded = Mapping[str, AnswersCoded]


def coded_answers(after: Sequence[PostEvent]) -> dict[str, AnswersCoded]:
    """Return the codes, by their measure."""
    return {event.name: event for event in after if isinstance(event, AnswersCoded)}


def with_coded_fields(plan: Plan) -> Plan:
    """Return the plan as if codes had been asked for: fields after the one they are made from."""
    if not plan.outputs.codings:
        return plan
    trials = [
        trial.model_copy(update={"queries": tuple(_query(query, plan) for query in trial.queries)})
        for trial in plan.trials
    ]
    return plan.model_copy(update={"trials": tuple(trials)})


def with_coded_rows(plan: Plan, rows: Sequence[Observation], coded: Coded) -> list[Observation]:
    """Return the rows with one for each code, after the answer it is made from."""
    return [answer for row in rows for answer in (row, *_coded_rows(row, plan, coded))]


def _query(query: PlannedQuery, plan: Plan) -> PlannedQuery:
    fields: list[PlannedField] = []
    for field in query.fields:
        fields.append(field)
        for planned in plan.outputs.codings:
            fields += planned.fields if (planned.query, planned.field) == (query.name, field.name) else ()
    return query.model_copy(update={"fields": tuple(fields)})


def _coded_rows(row: Observation, plan: Plan, coded: Coded) -> Iterator[Observation]:
    for planned in plan.outputs.codings:
        if (planned.query, planned.field) != (row.query, row.field):
            continue
        found = coded.get(planned.measure)
        codes = None if found is None or row.outcome != "stated" else found.texts.get(" ".join(str(row.value).split()))
        for field in planned.fields:
            yield row.model_copy(update={"field": field.name, **_changes(row, planned, field, codes)})


def _changes(row: Observation, planned: PlannedCoding, field: PlannedField, codes: TextCodes | None) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "code_of": f"{planned.query}.{planned.field}",
        "value": None,
        "shown": [],
        "words": "",
        "raw": None,
    }
    if row.outcome != "stated":
        return {**blank, "method": ""}
    blank |= {"method": "coded", "words": str(row.value)}
    if codes is None:
        return {**blank, "outcome": "unasked", "method": ""}
    if codes.why:
        return {**blank, "outcome": "refused" if codes.reason == "refused" else "failed", "why": codes.why}
    if planned.several:
        code = next(category.name for category in planned.categories if planned.field_of(category.name) == field.name)
        if code in codes.faults:
            return {**blank, "outcome": "failed", "why": codes.faults[code]}
        return {**blank, "value": code in codes.quotes, "quote": codes.quotes.get(code, "")}
    for code, why in codes.faults.items():
        return {**blank, "outcome": "failed", "why": f"{code}: {why}"}
    for code, quote in codes.quotes.items():
        return {**blank, "value": code, "quote": quote}
    return {**blank, "outcome": "not_stated", "why": "no code applies"}
