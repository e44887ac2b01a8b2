"""Resolves `until`: in which order people are added, and when the intervals are looked at (E531, E532, E533)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tinytroupe_cli.compiler.cast.assignment import take_turns
from tinytroupe_cli.compiler.design import PreparedDesign
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.comparisons import comparable_measure
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.wordings import PreparedWordings
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.planned_stopping import PlannedStopping
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.measures import FieldSpec, Likert, Scale
from tinytroupe_cli.spec.rating import TemperatureFit
from tinytroupe_cli.spec.stopping import Until

UNTIL: Final[Path] = ("until",)
LOOKS: Final = 5
"""Looks of `alpha_spending`, unless it says how many."""


@dataclass(frozen=True, slots=True)
class PreparedBlocks:
    """The blocks in which people are added; none: everyone takes part from the start."""

    blocks: tuple[tuple[str, ...], ...] = ()

    def divided(self, people: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
        """Return the trials of these people: the number of the block (0: there are none), and who is in it."""
        if not self.blocks:
            return [(0, tuple(people))]
        own = [frozenset(block) for block in self.blocks]
        parts = [
            (number, tuple(person for person in people if person in block)) for number, block in enumerate(own, start=1)
        ]
        return [(number, part) for number, part in parts if part]


def prepare_blocks(
    experiment: Experiment, roster: Roster, design: PreparedDesign, wordings: PreparedWordings, findings: Findings
) -> PreparedBlocks:
    """Put people in the order in which they are added; errors and warnings are added to the findings."""
    until = experiment.until
    if until is None:
        return PreparedBlocks()
    for key, what, hint in _misfits(experiment, wordings):
        findings.add("E531", f"`until` can't be combined with {what}", key, key=True, hint=hint)
    if not _check_sizes(until, len(roster.members), findings) or not roster.is_complete:
        return PreparedBlocks()
    order = _order(experiment.seed, roster, design, wordings)
    sizes = _sizes(until, min(until.max_people, len(order)))
    ends = [0, *sizes]
    places = {person: place for place, person in enumerate(roster.ids)}
    blocks = (sorted(order[start:end], key=places.__getitem__) for start, end in pairwise(ends))
    return PreparedBlocks(tuple(tuple(block) for block in blocks))


def plan_stopping(
    experiment: Experiment,
    fields: Mapping[str, Mapping[str, PlannedField]],
    factors: Sequence[str],
    blocks: PreparedBlocks,
    findings: Findings,
) -> PlannedStopping | None:
    """Return the rule, or None: there is none. `fields`: of what people are asked and what is judged in each trial."""
    until = experiment.until
    if until is None:
        return None
    measure = comparable_measure(until.measure, fields, (*UNTIL, "measure"), findings)
    factor = _factor(until, factors, findings)
    if measure is None or factor is None:
        return None
    query, field = measure
    asked = next((candidate for candidate in experiment.extract if candidate.name == query), None)
    if asked is None or asked.of != "each person":
        message = f"'{query}' is not about each person: people can't be added to it"
        findings.add("E531", message, (*UNTIL, "measure"), hint="use a query with `of: each person`")
    elif any(_has_fit(field) for field in asked.fields.values()):
        message = f"`until` can't be combined with a fitted temperature: '{until.measure}' changes after the run"
        findings.add("E531", message, (*UNTIL, "measure"), hint="write the temperature as a number")
    return PlannedStopping(
        query=query,
        field=field.name,
        factor=factor,
        half_width=_half_width(until, field, findings),
        method=until.method,
        blocks=blocks.blocks,
    )


def _has_fit(field: FieldSpec) -> bool:
    """Return whether a rating's temperature is fitted to human answers."""
    settings = field.ssr if isinstance(field, Likert | Scale) else None
    return settings is not None and isinstance(settings.temperature, TemperatureFit)


def _misfits(experiment: Experiment, wordings: PreparedWordings) -> Iterator[tuple[Path, str, str]]:
    """Yield what `until` can't be combined with: its path, what it is, what to do."""
    planned = wordings.planned
    if planned is not None and planned.drawn == "random":
        hint = "more people do not reduce the error between wordings: use wordings: {as: fixed}, or add wordings"
        yield UNTIL, "random wordings", hint
    if experiment.world.type != "interviews":
        yield UNTIL, "people who meet each other: units are groups", "use world: {type: interviews}"
    if experiment.inference is not None and experiment.inference.about == "cast":
        yield UNTIL, "`about: cast`: units are replicates of the same people", "add replicates instead"
    if experiment.exclude:
        yield UNTIL, "`exclude`: people are left out only after the run", "leave one of the two out"
    if experiment.multiverse is not None:
        yield UNTIL, "`multiverse`: the rule would apply to only one of its branches", "leave one of the two out"
    if experiment.weights is not None:
        yield UNTIL, "`weights`: its intervals are not weighted", "leave one of the two out"


def _check_sizes(until: Until, people: int, findings: Findings) -> bool:
    """Report numbers that can't be; return whether people can be added."""
    errors = findings.errors
    written = until.model_fields_set
    if until.max_people < until.start and "max_people" in written:
        findings.add("E532", f"max_people, {until.max_people}, is below start, {until.start}", (*UNTIL, "max_people"))
    if people < until.start:
        message = f"the first look is at {until.start} people, but the cast has {people}"
        findings.add("E532", message, UNTIL, key=True, hint=f"write start: {max(6, people)}, or add people")
    elif people < until.max_people and "max_people" in written:
        message = f"the cast has {people} people: the run stops there, not at {until.max_people}"
        findings.add("E533", message, (*UNTIL, "max_people"), is_error=False, hint="add people, or lower `max_people`")
    if until.method == "alpha_spending" and "block" in written:
        hint = "looks are spread evenly between `start` and `max_people`; leave `block` out"
        findings.add(
            "E532", "`alpha_spending` has a fixed number of `looks` and no `block`", (*UNTIL, "block"), hint=hint
        )
    if until.method == "confidence_sequence" and until.looks is not None:
        hint = "leave `looks` out, or use method: alpha_spending"
        findings.add("E532", "a confidence sequence can be looked at any number of times", (*UNTIL, "looks"), hint=hint)
    return findings.errors == errors


def _sizes(until: Until, most: int) -> list[int]:
    """Return the number of people at each look."""
    if until.method == "confidence_sequence":
        return [*range(until.start, most, until.block), most]
    looks = until.looks or LOOKS
    if looks == 1:
        return [most]
    step = (most - until.start) / (looks - 1)
    return sorted({round(until.start + step * look) for look in range(looks)})


def _order(seed: int, roster: Roster, design: PreparedDesign, wordings: PreparedWordings) -> list[str]:
    """Return people in a seeded order.

    Any first part of it has the cells of a between design, and the wordings that people meet one of, in proportion.
    """
    stream = Stream(seed, "until")
    cells = [cell.people for cell in design.assignment.cells] or [roster.ids]
    versions = (wordings.planned.people if wordings.planned else ()) or [roster.ids]
    met = ([person for person in cell if person in frozenset(version)] for cell in cells for version in versions)
    waiting = [list(stream.shuffled(people)) for people in met if people]
    return [waiting[turn].pop() for turn in take_turns([len(own) for own in waiting], sum(map(len, waiting)))]


def _factor(until: Until, factors: Sequence[str], findings: Findings) -> str | None:
    if until.by in factors:
        return until.by
    if until.by is None and len(factors) == 1:
        return factors[0]
    if until.by is None:
        findings.add("E523", "`by` is missing: there is more than one factor, or none", UNTIL, key=True)
    else:
        hint = NearNames(until.by, factors, label="factors", otherwise="the experiment has no factors")
        findings.add("E523", f"no factor '{until.by}'", (*UNTIL, "by"), hint=hint)
    return None


def _half_width(until: Until, field: PlannedField, findings: Findings) -> float:
    """Return the wanted half-width in the measure's unit: of a share, from 0 to 1."""
    path, is_share = (*UNTIL, "half_width"), type_of(field).scale == "share"
    text = str(until.half_width)
    amount = float(re.sub(r"[^\d.]", "", text))
    if is_share and "point" not in text and amount >= 1:
        findings.add(
            "E532",
            f"`half_width` must be below 1 for a share; it is {text}",
            path,
            hint=f"for {text} percentage points, write {text}points",
        )
    elif not is_share and "point" in text:
        hint = f"write a number in the unit of '{until.measure}'"
        findings.add(
            "E532", f"percentage points are for shares, but '{until.measure}' is {type_of(field).noun}", path, hint=hint
        )
    if amount <= 0 or not math.isfinite(amount):
        findings.add("E532", f"`half_width` must be above 0; it is {text}", path)
    return amount / 100 if "point" in text else amount
