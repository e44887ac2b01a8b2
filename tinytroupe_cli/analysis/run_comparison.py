"""Compares two runs: each measure of both, on units.

The tests are those of comparisons within a run: the two runs become two levels of a factor `run`, within people where
the same people take part in both, else between people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.changed_answers import ChangedAnswer, answer_pairs, changed_answer, same_people
from tinytroupe_cli.analysis.comparable_run import ComparableRun
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import compared
from tinytroupe_cli.analysis.contrast_questions import is_comparable
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import CastMember, Condition, Models, Plan, PlannedQuery, Trial, WorldPlan

LEVELS: Final = ("A", "B")
"""What the runs are called in figures and sentences."""
MIN_SHARE: Final = 0.5
"""Share of the larger run's people who must be in both, for a paired comparison."""


class RunComparison(Frozen):
    """Two runs, compared; a difference is B minus A."""

    before: str
    """Run A."""
    after: str
    """Run B."""
    design: Literal["paired", "independent"]
    """paired: the same people in both runs; independent: different people."""
    people: tuple[int, int]
    """People in A and B."""
    people_in_both: int
    """People who are the same person in both."""
    changed_people: tuple[str, ...] = ()
    """Names of the same people whose personas differ."""
    conditions: tuple[str, ...]
    """Conditions of both runs; all figures are about these."""
    comparisons: tuple[ComparisonResult, ...]
    """By measure: over all conditions of both runs, then, if there are several, in each (`at`)."""
    not_compared: dict[str, str] = Field(default_factory=dict)
    """Measure -> why its figures are not compared."""
    changed_answers: tuple[ChangedAnswer, ...] = ()
    """Answers that the same people gave differently; texts are left out."""
    answers_in_both: int = 0
    """Answers of the same people to the same questions."""
    notes: tuple[str, ...] = ()
    """What a reader of the figures has to know."""


def run_comparison(before: ComparableRun, after: ComparableRun) -> RunComparison:
    """Compare two runs; nothing is left out without a reason in `not_compared` or `notes`."""
    same = same_people(before, after)
    is_paired = len(same) >= max(1, MIN_SHARE * max(len(before.people), len(after.people)))
    conditions = tuple(name for name in before.conditions if name in after.conditions)
    fields, why_not = _common_measures(before, after)
    pairs = list(answer_pairs(before, after, same))
    return RunComparison(
        before=before.run,
        after=after.run,
        design="paired" if is_paired else "independent",
        people=(len(before.people), len(after.people)),
        people_in_both=len(same),
        changed_people=tuple(
            after_one.name for before_one, after_one in same.values() if before_one.persona != after_one.persona
        ),
        conditions=conditions,
        comparisons=tuple(_differences(before, after, frozenset(same) if is_paired else None, conditions, fields)),
        not_compared=why_not,
        changed_answers=tuple(
            changed_answer(one, other, after, same)
            for one, other in pairs
            if (one.outcome, one.value) != (other.outcome, other.value)
        ),
        answers_in_both=len(pairs),
        notes=tuple(_notes(before, after, is_paired=is_paired)),
    )


def _common_measures(before: ComparableRun, after: ComparableRun) -> tuple[dict[str, PlannedField], dict[str, str]]:
    """Return the measures of both runs, and why the figures of some are not compared."""
    fields: dict[str, PlannedField] = {}
    why: dict[str, str] = {}
    for measure in dict.fromkeys([*before.fields, *after.fields]):
        one, other = before.fields.get(measure), after.fields.get(measure)
        if one is None or other is None:
            why[measure] = f"only {LEVELS[one is None]} has it"
        elif one.kind != other.kind:
            why[measure] = f"its type differs: {one.kind} and {other.kind}"
        elif one.is_auxiliary or type_of(one).scale is None:
            why[measure] = f"it is {type_of(one).noun}, which has no figures to compare"
        elif set(map(repr, one.options)) != set(map(repr, other.options)):
            why[measure] = "its options differ"
        elif (one.low, one.high) != (other.low, other.high):
            why[measure] = "its range differs"
        elif not is_comparable(one):
            why[measure] = "its answers were not sorted into categories"
        else:
            fields[measure] = one
    return fields, why


def _notes(before: ComparableRun, after: ComparableRun, *, is_paired: bool) -> Iterator[str]:
    if before.is_weighted or after.is_weighted:
        yield "The figures here are not weighted, although a report of these runs is."
    both = [name for name in before.conditions if name in after.conditions]
    if apart := [name for name in dict.fromkeys([*before.conditions, *after.conditions]) if name not in both]:
        yield f"Conditions that only one run has are left out: {', '.join(apart)}."
    if any(row.wording > 1 for row in (*before.rows, *after.rows)):
        yield "The conclusions are about these wordings, not about wordings of this kind."
    if not is_paired and before.seed == after.seed and before.people != after.people:
        yield "Both runs have the same seed, but different people: the comparison is between people."


Matched = frozenset[str] | None
"""Ids of the people in both runs, for a paired comparison; None: independent people."""


def _differences(
    before: ComparableRun,
    after: ComparableRun,
    matched: Matched,
    conditions: Sequence[str],
    fields: Mapping[str, PlannedField],
) -> Iterator[ComparisonResult]:
    """Yield the differences by measure, first over all conditions, then in each."""
    if not conditions or not fields:
        return
    plan, rows = _as_one_plan(before, after, matched, conditions, fields)
    places: list[dict[str, JsonValue]] = [{}]
    if len(conditions) > 1:
        places.extend({"condition": name} for name in conditions)
    wanted = [
        PlannedComparison(query=measure.partition(".")[0], field=field.name, factor="run", at=at)
        for measure, field in fields.items()
        for at in places
    ]
    for found in compared(plan, rows, wanted):
        yield found.model_copy(update={"evidence": "", "name": ""})


def _as_one_plan(
    before: ComparableRun,
    after: ComparableRun,
    matched: Matched,
    conditions: Sequence[str],
    fields: Mapping[str, PlannedField],
) -> tuple[Plan, list[Observation]]:
    """Return both runs as one experiment with the factor `run`, and its answers."""
    runs = list(zip(LEVELS, (before, after), strict=True))
    queries = tuple(_queries(fields))
    trials = [trial for level, run in runs for trial in _trials(level, run, matched, queries)]
    rows = [row for level, run in runs for row in _rows(level, run, matched, conditions, fields)]
    plan = Plan(
        name=before.name,
        seed=before.seed,
        replicates=max((row.replicate for row in rows), default=1),
        design="within" if matched is not None else "between",
        factors={"run": LEVELS, "condition": tuple(conditions)},
        conditions=tuple(
            Condition(name=f"{level} {name}", levels={"run": level, "condition": name})
            for level in LEVELS
            for name in conditions
        ),
        models=Models(people=_NOBODY, judge=_NOBODY, author=_NOBODY),
        trials=tuple(trials),
        inference=before.inference,
    )
    return plan, rows


_NOBODY: Final = ModelConfig(name="none")


def _queries(fields: Mapping[str, PlannedField]) -> Iterator[PlannedQuery]:
    own: dict[str, list[PlannedField]] = {}
    for measure, field in fields.items():
        own.setdefault(measure.partition(".")[0], []).append(field)
    for query, found in own.items():
        yield PlannedQuery(name=query, procedure="interview", people=(), questions={}, fields=tuple(found))


def _trials(level: str, run: ComparableRun, matched: Matched, queries: tuple[PlannedQuery, ...]) -> Iterator[Trial]:
    """Yield a trial for each unit: its people are together."""
    units: dict[str, list[CastMember]] = {}
    for person in run.people:
        if matched is None or person.id in matched:
            member = CastMember(id=_id(level, person.id, matched), name=person.name, persona={})
            units.setdefault(person.unit, []).append(member)
    for unit, people in units.items():
        yield Trial(
            id=f"{level} {unit}",
            condition=f"{level} {run.conditions[0]}",
            replicate=1,
            seed=run.seed,
            world=WorldPlan(type="room", start="2000-01-01T00:00", steps=1),
            people=tuple(people),
            stimuli=(),
            queries=queries,
        )


def _rows(
    level: str,
    run: ComparableRun,
    matched: Matched,
    conditions: Sequence[str],
    fields: Mapping[str, PlannedField],
) -> Iterator[Observation]:
    for row in run.rows:
        is_wanted = f"{row.query}.{row.field}" in fields and row.condition in conditions
        if is_wanted and (matched is None or row.person in matched):
            update: dict[str, Any] = {
                "condition": f"{level} {row.condition}",
                "levels": {"run": level, "condition": row.condition},
                "person": _id(level, row.person, matched),
            }
            yield row.model_copy(update=update)


def _id(level: str, person: str, matched: Matched) -> str:
    """Return a person's id in the joint plan: of independent people, ids of the two runs differ."""
    return person if matched is not None else f"{level} {person}"
