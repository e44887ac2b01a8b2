"""Which answer belongs to which arm: one row for every value the plan asks for.

Nothing vanishes: what was refused, failed, left open or never asked is a row too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import not_
from typing import Any, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.answer_distributions import entropy
from tinytroupe_cli.analysis.answer_points import expected_value, probability_of
from tinytroupe_cli.core.quantile_distributions import expectation
from tinytroupe_cli.events.types import Event, Failed, Measured, Refused
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.periods import TrialPart, parts_of
from tinytroupe_cli.plan.planned_orders import item_position
from tinytroupe_cli.plan.types import Plan, PlannedField, PlannedQuery

Outcome = Literal["stated", "not_stated", "refused", "failed", "unasked"]
"""A value; "not stated"; declined by the model; no usable answer; not reached yet."""


def is_none(value: object) -> bool:
    """Return whether a key is not written."""
    return value is None


class Observation(Frozen):
    """One value of one field, or the reason why there is none."""

    trial: str
    """Id of the trial."""
    condition: str
    """Name of the condition."""
    levels: dict[str, JsonValue]
    """Factor -> level."""
    replicate: int
    """Number of the replicate, from 1."""
    wording: int = 0
    """Number of the wording, from 1; 0: every text has one."""
    person: str
    """Id of the person; empty: about the whole world."""
    query: str
    """Name of the query."""
    field: str
    """Name of the field."""
    sample: int
    """Number of the sample, from 0."""
    outcome: Outcome
    """`stated`: `value` is an answer. `not_stated`: the answer was "not stated". `refused`: the model declined.
    `failed`: no usable answer, which includes a value out of range and a ranking with a repeat. `unasked`: the run did
    not get this far."""
    value: JsonValue = None
    """The answer; null unless the outcome is `stated`."""
    why: str = ""
    """refused, failed: what was said instead. not_stated: why nobody was asked (every turn of the person was faulty),
    otherwise empty."""
    raw: JsonValue = None
    """What was written, if the value was not given in its exact form ("about $7" for 7) or could not be read; null if
    it equals the value."""
    method: str = ""
    """How the value was obtained if the model was not asked for it directly: `coded` from words, `rated` from words, or
    `verbatim` words; empty: asked for directly."""
    words: str = ""
    """The words the value was taken from."""
    shown: list[JsonValue] = Field(default_factory=list[JsonValue])
    """choice, rank, likert: the options in the order this person saw them; scale: its ends in the order read; otherwise
    empty."""
    item_position: int = 0
    """Place of the field among the items of its query, from 1, if people are asked these in different orders; otherwise
    0."""
    weight: float | None = None
    """Weight of the person; null: there are no weights, or the answer is about the whole world."""
    model: str = ""
    """Name of the model that answered."""
    pmf: tuple[float, ...] = Field(default=(), exclude_if=not_)
    """Probability of each answer, in the field's order, if the answer is a distribution; `value` is then the likeliest
    one (ssr) or a draw (verbalized). Not written otherwise."""
    quantiles: tuple[float, ...] = Field(default=(), exclude_if=not_)
    """number, verbalized: its lowest possible value, the quantiles at 10, 50 and 90%, and its highest; `value` is a
    draw. Not written otherwise."""
    score: float | None = Field(default=None, exclude_if=is_none)
    """Expected value of `pmf` or `quantiles`: points of a Likert item from 1, numbers of a scale, a number."""
    entropy: float | None = Field(default=None, exclude_if=is_none)
    """Entropy of `pmf` in bits; 0: one answer is certain."""
    other_mass: float = Field(default=0, exclude_if=not_)
    """logprobs: probability that the model gave to tokens that are no answer, mean over orders."""
    is_flat: bool = Field(default=False, exclude_if=not_)
    """ssr: all statements were equally similar, so that `pmf` is uniform and says nothing."""
    code_of: str = Field(default="", exclude_if=not_)
    """The free-text answer that this codes, as `query.field`; not written for other answers."""
    quote: str = Field(default="", exclude_if=not_)
    """The quote that supports the code."""
    period: int = Field(default=0, exclude_if=not_)
    """Number of the period in which the person was in this condition, from 1; not written unless people experience
    conditions one after another (`design.order`)."""
    preceding: str = Field(default="", exclude_if=not_)
    """Name of the condition in the period before; not written if there is none."""
    excluded: str = Field(default="", exclude_if=not_)
    """The rules of `exclude` that leave the person out of the figures; not written for anyone else."""
    contradicts: str = ""
    """Another answer about the same person that excludes this one, as `query.field`; empty: none. The value itself is
    not changed."""

    @property
    def distribution(self) -> tuple[float, ...]:
        """Return what stands for the answer if it is a distribution: probabilities or quantiles; empty: it is not."""
        return self.pmf or self.quantiles


def measured_rows(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[Observation]:
    """Return every planned value in the order of trials, queries, cast, samples and fields."""
    levels = {condition.name: condition.levels for condition in plan.conditions}
    return [
        row
        for trial in plan.trials
        for part in parts_of(trial)
        for row in _part_rows(part, levels.get(part.trial.condition, {}), part.events(events.get(trial.id, ())))
    ]


def with_origins(plan: Plan, rows: Sequence[Observation], weights: Mapping[str, float]) -> list[Observation]:
    """Return the rows with the model that answered, and the weight of the person."""
    roles = {query.name: query.procedure for trial in plan.trials for query in trial.queries}
    by_how = {"interview": plan.models.people.name, "score": ""}
    models = {name: by_how.get(how, plan.models.judge.name) for name, how in roles.items()}
    return [row.model_copy(update={"model": models[row.query], "weight": weights.get(row.person)}) for row in rows]


def answer_number(row: Observation, field: PlannedField, option: JsonValue = None) -> float | None:
    """Return a stated answer as a number: of a distribution its expected value; None: it is no number."""
    return row.score if row.distribution else type_of(field).as_number(field, row.value, option)


def answer_share(row: Observation, field: PlannedField, answer: JsonValue) -> float:
    """Return how far a stated answer is `answer`: 0 or 1, of a distribution its probability."""
    if row.pmf:
        return probability_of(field, row.pmf, answer)
    return float(type_of(field).is_answer(field, row.value, answer))


_Key = tuple[str, str, int]
_Outcomes = list[Measured | Refused | Failed]


def _part_rows(part: TrialPart, levels: Mapping[str, JsonValue], events: Sequence[Event]) -> Iterator[Observation]:
    told = _outcomes_of(events)
    for query in part.trial.queries:
        for person in query.people or ("",):
            for sample in range(query.samples):
                yield from _rows(part, dict(levels), query, (query.name, person, sample), told)


def _outcomes_of(events: Sequence[Event]) -> dict[_Key, _Outcomes]:
    told: dict[_Key, _Outcomes] = {}
    for event in events:
        if isinstance(event, Measured | Refused | Failed) and event.query:
            told.setdefault((event.query, event.person, event.sample), []).append(event)
    return told


def _rows(
    part: TrialPart, levels: dict[str, JsonValue], query: PlannedQuery, key: _Key, outcomes: Mapping[_Key, _Outcomes]
) -> Iterator[Observation]:
    trial = part.trial
    for field in query.fields:
        blank = Observation(
            trial=trial.id,
            condition=trial.condition,
            levels=levels,
            replicate=trial.replicate,
            wording=trial.wording,
            period=part.period,
            preceding=part.preceding,
            person=key[1],
            query=query.name,
            field=field.name,
            sample=key[2],
            outcome="unasked",
        )
        yield blank.model_copy(update=_found(field, query.fields, outcomes.get(key, [])))


def _found(planned: PlannedField, fields: Sequence[PlannedField], outcomes: _Outcomes) -> dict[str, Any]:
    """Return what is known of a field: its outcome, and what goes with that."""
    field = planned.name
    shared = field if planned.is_asked_alone else ""  # what is asked by itself shares no fault with others
    for event in outcomes:
        match event:
            case Measured() if field in event.values:
                value = event.values[field]
                return {
                    "outcome": "not_stated" if value is None else "stated",
                    "value": value,
                    "why": event.why,
                    "raw": event.raw.get(field),
                    "method": event.methods.get(field, ""),
                    "words": event.words.get(field, ""),
                    "shown": event.shown.get(field, []),
                    "item_position": item_position(fields, field, event.items),
                    **_distribution(planned, event),
                }
            case Refused() if event.field in {shared, field}:
                return {"outcome": "refused", "why": event.text}
            case Failed() if event.field in {shared, field}:
                why = event.text or event.reason.replace("_", " ")
                return {"outcome": "failed", "why": why, "raw": event.raw}
            case _:
                continue
    return {}


def _distribution(field: PlannedField, event: Measured) -> dict[str, Any]:
    found = event.distributions.get(field.name)
    if found is None:
        return {}
    if found.quantiles:
        return {"quantiles": found.quantiles, "score": expectation(found.quantiles)}
    score = expected_value(field, found.pmf)
    return {
        "pmf": found.pmf,
        "score": score,
        "entropy": entropy(found.pmf),
        "is_flat": found.is_flat,
        "other_mass": found.other_mass,
    }
