"""Scores of several items as answers of their own, and how well their items go together.

A score is the mean of the stated items, reversed ones counted from the other end. Reliability is over people: each
person's items are averaged over conditions, replicates and samples first.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import not_
from statistics import fmean
from typing import Any, Final

from pydantic import Field

from tinytroupe_cli.analysis.observations import Observation, Outcome, answer_number
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.planned_scores import PlannedScore, ScoreItem
from tinytroupe_cli.plan.types import Plan, PlannedField, PlannedQuery, Trial

MIN_PEOPLE: Final = 3
"""People with all items, below which there is no reliability."""
_WORST_FIRST: Final[tuple[Outcome, ...]] = ("unasked", "failed", "refused", "not_stated")


class ItemFigures(Frozen):
    """One item of a score."""

    item: str
    """The item, as `query.field`."""
    is_reversed: bool = False
    """It is counted from the other end."""
    mean: float | None = None
    """Mean over people of the answers as given (not reversed)."""
    item_rest: float | None = None
    """Correlation with the sum of the other items, after reversal; null: one of the two has no variance."""
    is_acquiescent: bool = False
    """A reversed item that correlates positively with the others before it is reversed: people agree with both
    wordings."""


class ScoreFigures(Frozen):
    """How well the items of a score fit together."""

    measure: str
    """The score, as `query.field`."""
    items: tuple[ItemFigures, ...] = ()
    """The items."""
    people: int = 0
    """People with all items."""
    alpha: float | None = None
    """Cronbach's alpha."""
    low: float | None = None
    """Lower end of alpha's 95% interval (Feldt 1965); null if people are not independent."""
    high: float | None = None
    """Upper end."""
    why_not: str = Field(default="", exclude_if=not_)
    """Why a figure is missing."""


def with_scores(plan: Plan) -> Plan:
    """Return the plan as if its scores had been asked for: each is a query with one field."""
    if not plan.outputs.scores:
        return plan
    trials = [
        trial.model_copy(update={"queries": (*trial.queries, *_queries(trial, plan.outputs.scores))})
        for trial in plan.trials
    ]
    return plan.model_copy(update={"trials": tuple(trials)})


def with_score_rows(plan: Plan, rows: Sequence[Observation]) -> list[Observation]:
    """Return the rows with those of the scores after each trial's own; `plan` has the scores' queries."""
    if not plan.outputs.scores:
        return list(rows)
    fields = plan.fields
    by_trial: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    for row in rows:
        by_trial[row.trial, row.period].append(row)
    parts = [by_trial[part.trial.id, part.period] for trial in plan.trials for part in parts_of(trial)]
    return [row for own in parts for row in (*own, *_score_rows(plan.outputs.scores, own, fields))]


def score_figures(plan: Plan, rows: Sequence[Observation]) -> Iterator[ScoreFigures]:
    """Yield the reliability of each score."""
    fields, kind = plan.fields, units_of(plan, "people").kind
    for score in plan.outputs.scores:
        blank = ScoreFigures(measure=f"{score.name}.{score.field.name}")
        yield blank.model_copy(update=_reliability(score, rows, fields, is_independent=kind == "person"))


FieldsByMeasure = Mapping[tuple[str, str], PlannedField]


def _queries(trial: Trial, scores: Sequence[PlannedScore]) -> Iterator[PlannedQuery]:
    for score in scores:
        text = "the mean of " + ", ".join(_item_name(item) for item in score.items)
        for first in (query for query in trial.queries if query.name == score.items[0].query):
            yield PlannedQuery(
                name=score.name,
                procedure="score",
                people=first.people,
                questions=dict.fromkeys(first.questions, text),
                fields=(score.field,),
                samples=first.samples,
                period=first.period,
            )


def _item_name(item: ScoreItem) -> str:
    return f"{item.query}.{item.field}{' (reversed)' if item.is_reversed else ''}"


def _score_rows(
    scores: Sequence[PlannedScore], rows: Sequence[Observation], fields: FieldsByMeasure
) -> Iterator[Observation]:
    places = {(row.query, row.field, row.person, row.sample): row for row in rows}
    for score in scores:
        first = score.items[0]
        for row in rows:
            if (row.query, row.field) == (first.query, first.field):
                found = [places.get((item.query, item.field, row.person, row.sample)) for item in score.items]
                yield _score_row(row, score, found, fields)


def _score_row(
    first: Observation, score: PlannedScore, found: Sequence[Observation | None], fields: FieldsByMeasure
) -> Observation:
    values = [
        _counted(number, item, score)
        for item, row in zip(score.items, found, strict=True)
        if row is not None and row.outcome == "stated"
        if (number := answer_number(row, fields[item.query, item.field])) is not None
    ]
    blank = Observation(
        **first.model_dump(
            include={"trial", "condition", "levels", "replicate", "wording", "period", "preceding", "person", "sample"}
        ),
        query=score.name,
        field=score.field.name,
        outcome="stated",
    )
    if len(values) >= score.min_items:
        return blank.model_copy(update={"value": math.fsum(values) / len(values)})
    outcomes = {row.outcome for row in found if row is not None}
    why = f"{len(values)} of {len(score.items)} items stated; at least {score.min_items} are needed"
    outcome = next((kind for kind in _WORST_FIRST if kind in outcomes), "unasked")
    return blank.model_copy(update={"outcome": outcome, "why": "" if outcome == "unasked" else why})


def _counted(number: float, item: ScoreItem, score: PlannedScore) -> float:
    return score.low + score.high - number if item.is_reversed else number


def _reliability(
    score: PlannedScore, rows: Sequence[Observation], fields: FieldsByMeasure, *, is_independent: bool
) -> dict[str, Any]:
    answers: dict[tuple[str, str], dict[str, list[float]]] = {
        (item.query, item.field): defaultdict(list) for item in score.items
    }
    for row in rows:
        own = answers.get((row.query, row.field))
        if own is not None and row.outcome == "stated":
            number = answer_number(row, fields[row.query, row.field])
            own[row.person] += [] if number is None else [number]
    columns = [{person: fmean(values) for person, values in own.items() if values} for own in answers.values()]
    people = [person for person in columns[0] if all(person in column for column in columns)]
    items = [
        ItemFigures(
            item=f"{item.query}.{item.field}",
            is_reversed=item.is_reversed,
            mean=fmean(column.values()) if column else None,
        )
        for item, column in zip(score.items, columns, strict=True)
    ]
    found: dict[str, Any] = {"items": tuple(items), "people": len(people)}
    if len(people) < MIN_PEOPLE:
        return {**found, "why_not": f"fewer than {MIN_PEOPLE} people answered all items"}
    table = [
        [_counted(column[person], item, score) for item, column in zip(score.items, columns, strict=True)]
        for person in people
    ]
    return {**found, **_of_table(table, items, is_independent=is_independent)}


def _of_table(table: list[list[float]], items: Sequence[ItemFigures], *, is_independent: bool) -> dict[str, Any]:
    # A run without scores loads neither numpy nor scipy.
    import numpy as np  # noqa: PLC0415

    from tinytroupe_cli.analysis.reliability import (  # noqa: PLC0415
        cronbach_alpha,
        feldt_interval,
        item_rest_correlations,
    )

    values = np.array(table)
    rests = item_rest_correlations(values)
    told = tuple(
        item.model_copy(
            update={"item_rest": rest, "is_acquiescent": item.is_reversed and rest is not None and rest < 0}
        )
        for item, rest in zip(items, rests, strict=True)
    )
    alpha = cronbach_alpha(values)
    if alpha is None:
        return {"items": told, "why_not": "all people have the same score: no reliability"}
    if not is_independent:
        return {"items": told, "alpha": alpha, "why_not": "people talked with each other: no interval"}
    low, high = feldt_interval(alpha, *values.shape)
    return {"items": told, "alpha": alpha, "low": low, "high": high}
