"""The table of answers: a row for each planned answer, with all that a statistics program wants beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.reports.data_columns import attributes_of_people, before_people, factors_of, person_columns
from tinytroupe_cli.reports.data_tables import Cell, Column, DataTable, data_table
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.value_labels import coded_cell, label_of, value_labels

_BEFORE: Final = (
    Column("run", "Run: name of the experiment and of the run's folder", "text"),
    Column("trial", "Id of the trial", "text"),
    Column("condition", "Name of the condition", "text"),
)
_WHO: Final = (
    Column("replicate", "Number of the replicate, from 1", "integer"),
    Column("sample", "Number of the sample, from 0", "integer"),
    Column("wording", "Number of the wording, from 1; empty: there is one wording", "integer"),
    Column("person", "Id of the person; empty: the answer is about the whole world", "text"),
    Column("name", "Full name of the person", "text"),
    Column("block", "Block that the person was assigned within", "text"),
    Column("group", "Number of the person's room, or of their part of the network", "integer"),
    Column("weight", "Weight of the person; the mean is 1", "number"),
)
_WHAT: Final = (
    Column("query", "Name of the query", "text"),
    Column("field", "Name of the field", "text"),
    Column("kind", "Type of the field", "text"),
    Column("outcome", "stated, not_stated, refused, failed or unasked", "text"),
    Column("value", "The answer; empty unless it is stated"),
    Column("code", "The answer as a number", "number"),
    Column("label", "The option, yes or no, or the label of an end of a scale", "text"),
    Column("unit", "Unit of the number", "text"),
    Column("raw", "What was written, if it was not in the exact form of the value"),
    Column("method", "How the value was obtained, if the model was not asked for it directly", "text"),
    Column("words", "The words that the value was taken from", "text"),
    Column("why", "Why the answer is missing", "text"),
    Column("contradicts", "Another answer about the same person that excludes this one", "text"),
    Column("shown", "The options in the order shown, as a JSON list", "text"),
    Column("item_position", "Position of the field among the items of its query, from 1", "integer"),
    Column("model", "Name of the model that answered", "text"),
    Column("prompt_tokens", "Tokens read for this answer: its share of the calls that asked the question", "number"),
    Column("completion_tokens", "Tokens written for this answer: its share of these calls", "number"),
    Column("usd", "Cost of this answer in US dollars: its share of these calls; empty: unknown", "number"),
)
_PERIODS: Final = (
    Column("period", "Number of the period in which the person was in this condition, from 1", "integer"),
    Column("preceding", "Name of the condition in the period before", "text"),
)
_QUANTILES: Final = (
    Column("q10", "Quantile at 10% of the answer's distribution", "number"),
    Column("q50", "Quantile at 50% of the answer's distribution", "number"),
    Column("q90", "Quantile at 90% of the answer's distribution", "number"),
)


def measures_table(results: Results, measure: str = "") -> DataTable:
    """Return every planned answer, whatever its outcome, in the order of the plan.

    `measure`: only the answers to a query, or to one of its fields (`query.field`).
    """
    fields = {(query.query, field.name): field for query in results.queries for field in query.fields}
    rows = [row for row in results.rows if not measure or measure in (row.query, f"{row.query}.{row.field}")]
    asked = list(dict.fromkeys((row.query, row.field) for row in rows))
    labels = _shared_labels([fields[key] for key in asked if key in fields])
    distributions, in_periods = _distribution_columns(rows), any(row.period for row in results.rows)
    columns = [
        *_BEFORE,
        *before_people(results, {column.name for column in (*_BEFORE, *_WHO, *_WHAT)}),
        *_WHO,
        *person_columns(results),
        *(column if column.name != "code" else _code_column(labels) for column in _WHAT),
        *distributions,
        *([Column("excluded", "Rules of `exclude` that leave the person out", "text")] if results.exclusions else []),
        *(_PERIODS if in_periods else ()),
    ]
    title = f"{results.title or results.name}: one row for each answer"
    return data_table("measures", title, columns, _rows(results, rows, fields, distributions))


def baselines_table(results: Results) -> DataTable | None:
    """Return the answers of baselines in the same columns, after one with the baseline; None without any.

    `person` is whose place it is: a life without a persona has the place, and nothing of the person.
    """
    kinds = [kind for kind, rows in results.baseline_rows.items() for _ in rows]
    if not kinds:
        return None
    every = tuple(row for rows in results.baseline_rows.values() for row in rows)
    table = measures_table(results.model_copy(update={"rows": every, "answer_costs": {}}))
    columns = (Column("baseline", "Kind of the baseline", "text"), *table.columns)
    rows = ((kind, *line) for kind, line in zip(kinds, table.rows, strict=True))
    return data_table("baselines", f"{results.title or results.name}: answers of baselines", columns, rows)


def _code_column(labels: Mapping[float, str]) -> Column:
    return Column(
        "code", "The answer as a number: place of an option from 1, yes 1 and no 0, or the number", "number", labels
    )


def _shared_labels(fields: Sequence[PlannedField]) -> Mapping[float, str]:
    """Return the labels of codes if they are the same for all fields; else none."""
    found = [value_labels(field) for field in fields]
    return found[0] if found and all(labels == found[0] for labels in found) else {}


def _distribution_columns(rows: Sequence[Observation]) -> list[Column]:
    """Return the columns of answers that are distributions; none where no answer is one."""
    most = max((len(row.pmf) for row in rows), default=0)
    points = [
        Column(f"pmf_{point}", f"Probability of answer {point}, in the order of the codes", "number")
        for point in range(1, most + 1)
    ]
    names = [*points, *(_QUANTILES if any(row.quantiles for row in rows) else ())]
    return [Column("score", "Expected value of the answer's distribution", "number"), *names] if names else []


def _rows(
    results: Results,
    rows: Sequence[Observation],
    fields: Mapping[tuple[str, str], PlannedField],
    distributions: Sequence[Column],
) -> Iterator[list[Cell]]:
    people = {person.id: person for person in results.participants}
    factors, attributes = factors_of(results), attributes_of_people(results)
    for row in rows:
        person, field = people.get(row.person), fields.get((row.query, row.field))
        known: Mapping[str, JsonValue] = person.attributes if person else {}
        yield [
            *(results.provenance.run, row.trial, row.condition, *(row.levels.get(factor) for factor in factors)),
            *(row.replicate, row.sample, row.wording or None, row.person, person.name if person else ""),
            *((person.block, person.group or None, person.weight) if person else ("", None, None)),
            *(known.get(key) for key in attributes),
            *_answer(row, field),
            *_cost(results, row),
            *_distribution(row, distributions),
            *([row.excluded] if results.exclusions else []),
            *((row.period, row.preceding) if row.period else ()),
        ]


def _answer(row: Observation, field: PlannedField | None) -> list[Cell]:
    return [
        *(row.query, row.field, field.kind if field else "", row.outcome, row.value),
        *(coded_cell(row, field), label_of(row, field), field.unit if field else "", row.raw, row.method, row.words),
        *(row.why, row.contradicts, row.shown or None, row.item_position or None, row.model),
    ]


def _cost(results: Results, row: Observation) -> tuple[float | None, float | None, float | None]:
    """Return tokens read and written and cost; what is made of other answers has none."""
    cost = None if row.code_of else results.answer_costs.get((row.trial, row.query, row.person, row.period))
    return cost or (None, None, None)


def _distribution(row: Observation, columns: Sequence[Column]) -> Iterator[float | None]:
    for column in columns:
        match column.name.split("_"):
            case ["score"]:
                yield row.score
            case ["pmf", point]:
                yield row.pmf[int(point) - 1] if int(point) <= len(row.pmf) else None
            case [quantile]:
                yield row.quantiles[1 + [one.name for one in _QUANTILES].index(quantile)] if row.quantiles else None
            case _:
                yield None
