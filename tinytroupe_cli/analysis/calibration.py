"""Compares identical arms, through the code that compares conditions, and counts what it finds.

Arms come in disjoint pairs, so that draws are independent given the people. With `chance`, an arm has replicates of its
own, and therefore seeds of its own: conditions share their seeds and would be the same requests. With `wording`, the
two arms of a pair share their seeds, as conditions do, and differ in the version of the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.calibration_result import CalibratedMeasure, Calibration, CalibrationKind
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import compared, obvious_comparisons
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.score_intervals import wilson
from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Condition, Plan

ARM: Final = "arm"
ARMS: Final = ("first", "second")
COUNTED: Final = ("pair", "whole", "options")
"""Kinds of comparisons of two arms that are counted; that answers are missing is no measure."""


@dataclass(frozen=True, slots=True)
class ArmsDesign:
    """How the rows of a calibration's run are divided into arms."""

    kind: CalibrationKind
    is_within: bool
    replicates: int
    """Of an arm."""
    wanted: int
    """Draws that were asked for."""
    blocks: Mapping[str, tuple[str, ...]]
    """Block -> people, where people are assigned to arms within blocks."""
    measures: tuple[PlannedComparison, ...] = ()
    """The experiment's own comparisons; empty: the obvious ones."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row belongs in a draw."""

    arm: str
    replicate: int


def calibration(plan: Plan, rows: Sequence[Observation], design: ArmsDesign, *, instrument: str) -> Calibration:
    """Return how often identical arms differ; `plan` has one condition, whose rows are divided into arms."""
    units = units_of(plan, plan.inference.about)
    draws = list(arm_pairs(plan, rows, design))
    found = [_compared(plan, own, design, number) for number, own in enumerate(draws)]
    tested = [results for results in found if any(result.p_corrected is not None for result in results)]
    hits = sum(any(result.is_significant for result in results) for results in tested)
    low, high = wilson(hits, len(tested)) if tested else (None, None)
    [condition] = plan.conditions
    return Calibration(
        kind=design.kind,
        instrument=instrument,
        model=plan.models.people.name,
        condition=condition.name if condition.levels else "",
        draws=len(draws),
        wanted=design.wanted,
        design="within" if design.is_within else "between",
        unit=units.kind,
        units=design.replicates if units.kind == "replicate" else len(set(units.of.values())),
        replicates=design.replicates,
        alpha=plan.inference.alpha,
        correction=plan.inference.correction,
        measures=tuple(_rates(found)),
        any_tested=len(tested),
        any_found=hits,
        any_low=low,
        any_high=high,
        is_deterministic=design.kind == "chance" and _is_deterministic(rows),
    )


def arm_pairs(plan: Plan, rows: Sequence[Observation], design: ArmsDesign) -> Iterator[list[Observation]]:
    """Yield the rows of each draw, relabeled as if its arms were conditions."""
    stream = Stream(plan.seed, "calibration", design.kind)
    if design.kind == "wording":
        versions = stream.shuffled(sorted({row.wording for row in rows}))
        for pair in zip(versions[::2], versions[1::2], strict=False):
            arm_of = dict(zip(pair, ARMS, strict=True))
            yield _relabeled(
                {id(row): _Place(arm_of[row.wording], row.replicate) for row in rows if row.wording in arm_of},
                rows,
                wording=0,
            )
        return
    size = design.replicates * (2 if design.is_within else 1)
    last = max((row.replicate for row in rows), default=0)
    for number in range(last // size):
        own = [row for row in rows if number * size < row.replicate <= (number + 1) * size]
        arm_of = {} if design.is_within else _assigned(plan, design, stream)
        yield _relabeled({id(row): _place(row, number * size, design, arm_of) for row in own}, own)


def _place(row: Observation, before: int, design: ArmsDesign, arm_of: Mapping[str, str]) -> _Place:
    at = row.replicate - before - 1
    if design.is_within:
        return _Place(ARMS[at // design.replicates], at % design.replicates + 1)
    return _Place(arm_of.get(row.person, ARMS[0]), at + 1)


def _relabeled(
    places: Mapping[int, _Place], rows: Sequence[Observation], *, wording: int | None = None
) -> list[Observation]:
    found: list[Observation] = []
    for row in rows:
        if (place := places.get(id(row))) is None:
            continue
        changes = {"condition": place.arm, "levels": {ARM: place.arm}, "replicate": place.replicate}
        found.append(row.model_copy(update=changes if wording is None else {**changes, "wording": wording}))
    return found


def _assigned(plan: Plan, design: ArmsDesign, stream: Stream) -> dict[str, str]:
    """Return the arm of each person, half of the units of each block in each; drawn anew for every draw."""
    units = units_of(plan, "people")
    members = [list(block) for block in design.blocks.values()] if units.kind == "person" else []
    members = members or [list(dict.fromkeys(units.of.values()))]
    line = [unit for block in stream.shuffled([stream.shuffled(block) for block in members]) for unit in block]
    arms = stream.shuffled(ARMS)
    arm_of = {unit: arms[place % len(arms)] for place, unit in enumerate(line)}
    return {person: arm_of[unit] for person, unit in units.of.items() if unit in arm_of}


def _compared(plan: Plan, rows: Sequence[Observation], design: ArmsDesign, number: int) -> list[ComparisonResult]:
    layout: Literal["within", "between"] = "within" if design.is_within else "between"
    arms = tuple(Condition(name=arm, levels={ARM: arm}) for arm in ARMS)
    update = {
        "seed": Stream(plan.seed, "calibration", number).integer(),
        "design": layout,
        "replicates": design.replicates,
        "factors": {ARM: ARMS},
        "conditions": arms,
        "comparisons": None,
        "assignment": plan.assignment.model_copy(update={"blocks": dict(design.blocks)}),
        "wordings": None if design.kind == "wording" else plan.wordings,
    }
    drawn = plan.model_copy(update=update)
    measures = {(measure.query, measure.field, measure.estimand): measure for measure in design.measures}.values()
    own = [
        PlannedComparison(query=measure.query, field=measure.field, factor=ARM, estimand=measure.estimand)
        for measure in measures
    ]
    wanted = own or list(obvious_comparisons(drawn))
    return [comparison for comparison in compared(drawn, rows, wanted) if comparison.kind in COUNTED]


def _rates(found: Sequence[Sequence[ComparisonResult]]) -> Iterator[CalibratedMeasure]:
    by_measure: dict[tuple[str, str, str, str], list[ComparisonResult]] = {}
    for results in found:
        for result in results:
            by_measure.setdefault((result.measure, result.kind, repr(result.option), result.estimand), []).append(
                result
            )
    for own in by_measure.values():
        p_values = [comparison.p for comparison in own if comparison.p is not None]
        hits = sum(p < own[0].alpha for p in p_values)
        low, high = wilson(hits, len(p_values)) if p_values else (None, None)
        yield CalibratedMeasure(
            measure=own[0].measure,
            option=own[0].option,
            estimand=own[0].estimand,
            tested=len(p_values),
            found=hits,
            low=low,
            high=high,
            why_not="" if p_values else own[0].why_not or "no draw could be tested",
        )


def _is_deterministic(rows: Sequence[Observation]) -> bool:
    """Return whether every person answers the same in all replicates."""
    answers: dict[tuple[str, str, str, int, int], set[str]] = {}
    counts: set[int] = set()
    for row in rows:
        if row.outcome == "stated":
            value: JsonValue = row.value
            said = answers.setdefault((row.person, row.query, row.field, row.sample, row.wording), set())
            said.add(repr((value, row.words, row.pmf)))
            counts.add(row.replicate)
    return len(counts) > 1 and bool(answers) and all(len(said) == 1 for said in answers.values())
