"""Sorted answers as answers of their own: a further field, looked up for every answer in words.

Nothing is guessed: an answer that fits no category is "not mapped", one that could not be
sorted has failed, and the answer in words stays beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.events.postprocessing import AnswersCategorized, PostEvent, PostStepFailed
from tinytroupe_cli.plan.outputs import NOT_MAPPED, PlannedCategories
from tinytroupe_cli.plan.query_fields import sorted_field
from tinytroupe_cli.plan.types import Plan, PlannedField, PlannedQuery

Outcomes = Mapping[str, AnswersCategorized | PostStepFailed]


def sorted_outcomes(after: Sequence[PostEvent]) -> dict[str, AnswersCategorized | PostStepFailed]:
    """Return the categorized answers, by the sorted answers' name."""
    return {
        event.name: event
        for event in after
        if isinstance(event, AnswersCategorized) or (isinstance(event, PostStepFailed) and event.what == "categories")
    }


def with_sorted_fields(plan: Plan, outcomes: Outcomes) -> Plan:
    """Return the plan as if the sorted answers had been asked for: a field after the one it is made from."""
    if not plan.outputs.categories:
        return plan
    trials = tuple(
        trial.model_copy(update={"queries": tuple(_query(query, plan, outcomes) for query in trial.queries)})
        for trial in plan.trials
    )
    return plan.model_copy(update={"trials": trials})


def with_sorted_rows(plan: Plan, rows: Sequence[Observation], outcomes: Outcomes) -> list[Observation]:
    """Return the rows with one for each sorted answer, after the answer it is made from."""
    return [answer for row in rows for answer in (row, *_sorted_rows(row, plan, outcomes))]


def _query(query: PlannedQuery, plan: Plan, outcomes: Outcomes) -> PlannedQuery:
    fields: list[PlannedField] = []
    for field in query.fields:
        fields.append(field)
        for planned in plan.outputs.categories:
            if (planned.query, planned.field) == (query.name, field.name):
                found = outcomes.get(planned.measure)
                categories = found.categories if isinstance(found, AnswersCategorized) else planned.categories
                fields.append(sorted_field(planned, categories))
    return query.model_copy(update={"fields": tuple(fields)})


def _sorted_rows(row: Observation, plan: Plan, outcomes: Outcomes) -> Iterator[Observation]:
    for planned in plan.outputs.categories:
        if (planned.query, planned.field) == (row.query, row.field):
            yield _sorted_row(row, planned, outcomes.get(planned.measure))


def _sorted_row(
    row: Observation, planned: PlannedCategories, found: AnswersCategorized | PostStepFailed | None
) -> Observation:
    if row.outcome != "stated":
        return row.model_copy(update={"field": planned.name, "shown": []})
    changes: dict[str, JsonValue] = {"field": planned.name, "value": None, "shown": []}
    match found:
        case None:
            changes["outcome"] = "unasked"
        case PostStepFailed():
            changes |= {"outcome": "failed", "why": found.text or found.reason}
        case AnswersCategorized():
            changes |= _place(row.value, found, is_list=planned.is_list)
    return row.model_copy(update=changes)


def _place(value: JsonValue, found: AnswersCategorized, *, is_list: bool) -> dict[str, JsonValue]:
    texts = [" ".join(str(entry).split()) for entry in (value if isinstance(value, list) else [value])]
    fault = next((found.faults[text] for text in texts if text in found.faults), None)
    if fault is not None:
        return {"outcome": "failed", "why": fault}
    places = [found.texts.get(text) or NOT_MAPPED for text in texts if text]
    if is_list:
        distinct: list[JsonValue] = [*dict.fromkeys(places)]
        return {"value": distinct}
    return {"value": places[0] if places else NOT_MAPPED}
