"""The answers of each baseline, as rows like the simulation's: played, forecast, or made by code."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_distributions import entropy
from tinytroupe_cli.analysis.answer_points import expected_value
from tinytroupe_cli.analysis.observations import Observation, measured_rows
from tinytroupe_cli.analysis.scores import with_score_rows, with_scores
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.postprocessing import AnswersForecast, PostEvent
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.plan.baseline_measures import baseline_measures
from tinytroupe_cli.plan.baseline_trials import PLAYED, baseline_plan
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.baselines import BaselineKind

MeasureKey = tuple[str, str]


def baseline_rows(
    plan: Plan,
    rows: Sequence[Observation],
    events: Mapping[str, Sequence[Event]],
    after: Sequence[PostEvent],
) -> dict[BaselineKind, list[Observation]]:
    """Return the rows of each baseline of a plan, in the order written; `rows` are the simulation's."""
    fields = baseline_measures(with_scores(plan))
    found: dict[BaselineKind, list[Observation]] = {}
    for kind in plan.baselines:
        if kind in PLAYED:
            own = with_scores(baseline_plan(plan, kind))
            found[kind] = with_score_rows(own, measured_rows(own, events))
        elif kind == "single_prompt":
            found[kind] = list(_forecast_rows(plan, fields, after))
        else:
            make = _drawn if kind == "random" else _most_common
            found[kind] = list(make(plan, rows, fields))
        found[kind] = [row for row in found[kind] if (row.query, row.field) in fields]
    return found


def _forecast_rows(
    plan: Plan, fields: Mapping[MeasureKey, PlannedField], after: Sequence[PostEvent]
) -> Iterator[Observation]:
    levels = {condition.name: condition.levels for condition in plan.conditions}
    for event in after:
        query, _, name = event.name.partition(".") if isinstance(event, AnswersForecast) else ("", "", "")
        if not isinstance(event, AnswersForecast) or (query, name) not in fields:
            continue
        blank = Observation(
            trial="",
            condition=event.condition,
            levels=levels.get(event.condition, {}),
            replicate=event.replicate,
            person="",
            query=query,
            field=name,
            sample=0,
            outcome="failed",
            why=event.why,
        )
        yield _with_pmf(blank, fields[query, name], event.pmf) if event.pmf else blank


def _with_pmf(row: Observation, field: PlannedField, pmf: Sequence[float], luck: float | None = None) -> Observation:
    """Return a row with a distribution: its value is the likeliest answer or, with luck in [0, 1), a draw."""
    answers = type_of(field).answers(field)
    place = _place(pmf, luck) if luck is not None else max(range(len(pmf)), key=pmf.__getitem__)
    update = {
        "outcome": "stated",
        "value": answers[place],
        "pmf": tuple(pmf),
        "score": expected_value(field, pmf),
        "entropy": entropy(pmf),
    }
    return row.model_copy(update=update)


def _place(pmf: Sequence[float], luck: float) -> int:
    reached = 0.0
    for place, share in enumerate(pmf):
        reached += share
        if luck < reached:
            return place
    return len(pmf) - 1


def _blank(row: Observation) -> Observation:
    """Return a planned answer without what the simulation found."""
    kept = row.model_dump(include={"trial", "condition", "levels", "replicate", "wording", "person", "query", "field"})
    return Observation(**kept, sample=row.sample, outcome="unasked", weight=row.weight)


def _drawn(plan: Plan, rows: Sequence[Observation], fields: Mapping[MeasureKey, PlannedField]) -> Iterator[Observation]:
    """Yield uniform draws: the same number for one person, sample and replicate in every condition."""
    seeds = {trial.id: trial.seed for trial in plan.trials}
    for row in rows:
        field = fields.get((row.query, row.field))
        if field is None:
            continue
        luck = Stream(seeds[row.trial], "draw", row.query, row.field, row.person, row.sample).fraction()
        kind = type_of(field)
        answers, (low, high) = kind.answers(field), kind.range(field)
        if answers:
            yield _with_pmf(_blank(row), field, [1 / len(answers)] * len(answers), luck)
        elif kind.scale != "date" and math.isfinite(low) and math.isfinite(high):
            yield _blank(row).model_copy(update={"outcome": "stated", "value": low + luck * (high - low)})


def _most_common(
    plan: Plan, rows: Sequence[Observation], fields: Mapping[MeasureKey, PlannedField]
) -> Iterator[Observation]:
    """Yield the simulation's most common answer over all conditions (of numbers, the median) for everybody."""
    del plan
    stated: dict[MeasureKey, list[Observation]] = defaultdict(list)
    for row in rows:
        if row.outcome == "stated" and (row.query, row.field) in fields:
            stated[row.query, row.field].append(row)
    common = {measure: _common(fields[measure], own) for measure, own in stated.items()}
    for row in rows:
        value = common.get((row.query, row.field))
        if value is not None:
            yield _blank(row).model_copy(update={"outcome": "stated", "value": value})


def _common(field: PlannedField, rows: Sequence[Observation]) -> JsonValue:
    answers, kind = type_of(field).answers(field), type_of(field)
    if not answers:
        numbers = [(number, row.value) for row in rows if (number := kind.as_number(field, row.value)) is not None]
        return sorted(numbers, key=lambda pair: pair[0])[len(numbers) // 2][1] if numbers else None
    counts = [0.0] * len(answers)
    for row in rows:
        for place, share in enumerate(row.pmf or [float(is_same(answer, row.value)) for answer in answers]):
            counts[place] += share
    return answers[max(range(len(answers)), key=counts.__getitem__)]
