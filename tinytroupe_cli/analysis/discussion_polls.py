"""Private polls of discussions: how stances move from round to round, and whether a discussion makes people alike.

A group counts once: its figures are averaged over its trials first. One discussion has no interval.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from tinytroupe_cli.analysis.analysis_settings import settings_of
from tinytroupe_cli.analysis.measure_values import number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.poll_result import FirstSpeaker, GroupFigure, PollResult, PollRound, Stance
from tinytroupe_cli.analysis.units import MIN_UNITS, units_of
from tinytroupe_cli.events.actions import Acted
from tinytroupe_cli.events.postprocessing import PollTaken, PostEvent
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.planned_polls import ALONE, START, PlannedPoll
from tinytroupe_cli.plan.types import Plan

TALK = "TALK"
ScaleBounds = tuple[float, float]
UNBOUNDED: Final[ScaleBounds] = (-math.inf, math.inf)
Cell = tuple[str, str]
"""Trial and group."""


@dataclass(frozen=True, slots=True)
class _Poll:
    """One poll with all its answers."""

    plan: Plan
    field: PlannedField
    group_of: Mapping[str, str]
    stances: Sequence[Stance]
    seed: int

    @property
    def is_number(self) -> bool:
        """Return whether stances are points of a scale or numbers."""
        return type_of(self.field).shape in ("ordinal", "numeric")

    def stated(self, moment: str) -> dict[Cell, dict[str, Stance]]:
        """Return trial and group -> person -> answer."""
        found: dict[Cell, dict[str, Stance]] = defaultdict(dict)
        for stance in self.stances:
            if stance.moment == moment and stance.outcome == "stated":
                found[stance.trial, self.group_of[stance.person]][stance.person] = stance
        return found

    def dispersion(self, answers: Mapping[str, Stance]) -> float | None:
        """Return how far a group's people differ at one moment."""
        from tinytroupe_cli.analysis.discussion_tests import (  # noqa: PLC0415 - a run without polls loads no numpy
            share_of_unlike_pairs,
            standard_deviation,
        )

        if self.is_number:
            return standard_deviation([stance.score for stance in answers.values() if stance.score is not None])
        return share_of_unlike_pairs([label(stance.value) for stance in answers.values()])

    def over_groups(
        self, values: Mapping[Cell, float | None], *, is_tested: bool = False, bounds: ScaleBounds = UNBOUNDED
    ) -> GroupFigure | None:
        """Return the mean over groups, each of which has the mean over its trials; `bounds`: least and largest."""
        by_group: dict[str, list[float]] = defaultdict(list)
        for (_, group), value in values.items():
            if value is not None:
                by_group[group].append(value)
        means = [fmean(own) for own in by_group.values()]
        if not means:
            return None
        if len(means) < MIN_UNITS:
            return GroupFigure(value=fmean(means))
        return self._figure(means, bounds, is_tested=is_tested)

    def _figure(self, means: Sequence[float], bounds: ScaleBounds, *, is_tested: bool) -> GroupFigure:
        import numpy as np  # noqa: PLC0415

        from tinytroupe_cli.analysis.mean_intervals import mean_interval  # noqa: PLC0415
        from tinytroupe_cli.analysis.permutation import sign_flip_test  # noqa: PLC0415

        inference = self.plan.inference
        found = mean_interval(
            means, resamples=inference.resamples, seed=self.seed, alpha=inference.alpha, bounds=bounds
        )
        test = sign_flip_test(np.array(means), draws=inference.permutations, seed=self.seed) if is_tested else None
        return GroupFigure(
            value=fmean(means),
            low=found.low if found else None,
            high=found.high if found else None,
            p=test.p if test else None,
        )


def poll_results(
    plan: Plan, rows: Sequence[Observation], events: Mapping[str, Sequence[Event]], after: Sequence[PostEvent]
) -> Iterator[PollResult]:
    """Yield the result of each poll, in the order written."""
    units = units_of(plan, "people")
    for planned in plan.outputs.polls:
        field = plan.fields[planned.query, planned.field]
        stances = list(_stances(planned, field, rows, after))
        seed = settings_of(plan.inference, plan.seed).seed  # that of other intervals: one mean has one interval
        yield _result(_Poll(plan, field, units.of, stances, seed), planned, events)


def _stances(
    planned: PlannedPoll, field: PlannedField, rows: Sequence[Observation], after: Sequence[PostEvent]
) -> Iterator[Stance]:
    taken = [event for event in after if isinstance(event, PollTaken) and event.name == planned.measure]
    for event in taken:
        for answer in event.answers:
            yield Stance(
                trial=event.trial,
                person=answer.person,
                moment=poll_moment(answer.moment),
                outcome=answer.outcome,
                value=answer.value,
                score=answer.score,
                why=answer.why,
            )
    for row in rows:
        if (row.query, row.field, row.sample) == (planned.query, planned.field, 0):
            yield Stance(
                trial=row.trial,
                person=row.person,
                moment="end",
                outcome=row.outcome,
                value=row.value,
                score=stance_number(field, row),
                why=row.why,
            )


def stance_number(field: PlannedField, row: Observation) -> float | None:
    """Return an answer as a number; yes is 1, or its probability. None: it is none, or there is no answer."""
    if row.outcome != "stated" or type_of(field).shape == "nominal":
        return None
    return number_of(field)(row)


def poll_moment(moment: int) -> str:
    """Return what a moment is called in results.json."""
    return {START: "start", ALONE: "alone"}.get(moment, f"after step {moment}")


def _result(poll: _Poll, planned: PlannedPoll, events: Mapping[str, Sequence[Event]]) -> PollResult:
    people = {stance.person for stance in poll.stances}
    groups = {poll.group_of[person] for person in people}
    blank = PollResult(measure=planned.measure, groups=len(groups), people=len(people), stances=tuple(poll.stances))
    if not any(stance.outcome == "stated" for stance in poll.stances):
        return blank.model_copy(update={"why_not": "nobody answered"})
    moments = dict.fromkeys(stance.moment for stance in poll.stances)
    steps = sorted(
        (moment for moment in moments if moment.startswith("after")), key=lambda moment: int(moment.split()[-1])
    )
    order = [moment for moment in ("start", *steps, "end", "alone") if moment in moments]
    why = "" if len(groups) >= MIN_UNITS else f"{len(groups)} discussions: no intervals below {MIN_UNITS}"
    words = _words(poll, events)
    shares = {cell: max(own.values()) for cell, own in words.items()}
    largest, equal = poll.over_groups(shares), poll.over_groups({cell: 1 / len(own) for cell, own in words.items()})
    return blank.model_copy(
        update={
            "rounds": tuple(_round(poll, moment) for moment in order),
            **_changes(poll, "alone" if planned.alone else "start"),
            "first_speaker": _first_speaker(poll, events),
            "words": {
                person: fmean(own[person] for own in words.values() if person in own)
                for person in dict.fromkeys(person for own in words.values() for person in own)
            },
            "largest_share": largest.value if largest else None,
            "equal_share": equal.value if equal else None,
            "why_not": "one discussion: no interval" if len(groups) == 1 else why,
        }
    )


def _round(poll: _Poll, moment: str) -> PollRound:
    cells = poll.stated(moment)
    asked = sum(stance.moment == moment for stance in poll.stances)
    stated = [stance for own in cells.values() for stance in own.values()]
    kind = type_of(poll.field)
    is_choice, bounds = kind.shape == "nominal", kind.range(poll.field) if poll.is_number else (0.0, 1.0)
    means = {cell: _mean(own) for cell, own in cells.items()}
    values = [label(stance.value) for stance in stated]
    options = [label(option) for option in poll.field.options]
    return PollRound(
        moment=moment,
        stated=len(stated),
        missing=asked - len(stated),
        mean=None if is_choice else poll.over_groups(means, bounds=bounds),
        shares={option: values.count(option) / len(values) for option in options} if is_choice and values else {},
        dispersion=poll.over_groups({cell: poll.dispersion(own) for cell, own in cells.items()}),
    )


def _mean(answers: Mapping[str, Stance]) -> float | None:
    numbers = [stance.score for stance in answers.values() if stance.score is not None]
    return fmean(numbers) if numbers else None


def _changes(poll: _Poll, baseline: str) -> dict[str, GroupFigure | None]:
    start, end, other = poll.stated("start"), poll.stated("end"), poll.stated(baseline)
    changed: dict[Cell, float | None] = {}
    moved: dict[Cell, float | None] = {}
    for cell, own in start.items():
        both = [(one, end[cell][person]) for person, one in own.items() if person in end.get(cell, {})]
        gaps = [b.score - a.score for a, b in both if a.score is not None and b.score is not None]
        changed[cell] = fmean(float(label(a.value) != label(b.value)) for a, b in both) if both else None
        moved[cell] = fmean(gaps) if gaps else None
    drift = {cell: _drift(poll, own, other.get(cell, {})) for cell, own in end.items()}
    return {
        "changed": _of_people(poll.over_groups(changed), changed, start, end),
        "change": _of_people(poll.over_groups(moved, is_tested=True), moved, start, end),
        "drift": _of_people(poll.over_groups(drift, is_tested=True), drift, other, end),
    }


def _of_people(
    figure: GroupFigure | None, values: Mapping[Cell, float | None], *moments: Mapping[Cell, Mapping[str, Stance]]
) -> GroupFigure | None:
    """Return a figure with how many people, of how many groups, answered at both moments."""
    if figure is None:
        return None
    cells = [cell for cell, value in values.items() if value is not None]
    people = {person for cell in cells for person in moments[0][cell] if person in moments[1][cell]}
    return figure.model_copy(update={"people": len(people), "groups": len({group for _, group in cells})})


def _drift(poll: _Poll, end: Mapping[str, Stance], other: Mapping[str, Stance]) -> float | None:
    """Return how much more a group's people differ at the end; of those who answered both times."""
    both = [person for person in end if person in other]
    last, first = (poll.dispersion({person: own[person] for person in both}) for own in (end, other))
    return None if last is None or first is None else last - first


def _words(poll: _Poll, events: Mapping[str, Sequence[Event]]) -> dict[Cell, dict[str, float]]:
    """Return trial and group -> person -> share of the words; groups that said nothing are left out."""
    found: dict[Cell, dict[str, float]] = {}
    for trial in poll.plan.trials:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for member in trial.people:
            counts[poll.group_of[member.id]][member.id] = 0
        for event in events.get(trial.id, ()):
            if isinstance(event, Acted) and event.action == TALK:
                counts[poll.group_of[event.person]][event.person] += len(event.text.split())
        for group, own in counts.items():
            if total := sum(own.values()):
                found[trial.id, group] = {person: count / total for person, count in own.items()}
    return found


def _first_speaker(poll: _Poll, events: Mapping[str, Sequence[Event]]) -> FirstSpeaker:
    """Compare where groups end with where the first speaker of their first trial began."""
    start, end = poll.stated("start"), poll.stated("end")
    first: dict[str, Stance] = {}
    others: dict[str, list[Stance]] = {}
    for trial in poll.plan.trials:
        spoken: set[str] = set()
        for event in events.get(trial.id, ()):
            if not isinstance(event, Acted) or event.action != TALK:
                continue
            group = poll.group_of[event.person]
            if group in spoken or group in first:
                continue
            spoken.add(group)
            own = start.get((trial.id, group), {}).get(event.person)
            rest = [one for person, one in end.get((trial.id, group), {}).items() if person != event.person]
            if own is not None and rest:
                first[group], others[group] = own, rest
    if len(first) < MIN_UNITS:
        return FirstSpeaker(groups=len(first), why_not=f"fewer than {MIN_UNITS} groups with a known first speaker")
    from tinytroupe_cli.analysis.discussion_tests import followed_numbers, followed_options  # noqa: PLC0415

    settings = {"draws": poll.plan.inference.permutations, "seed": poll.seed}
    if poll.is_number:
        final = {group: fmean(stance.score or 0.0 for stance in rest) for group, rest in others.items()}
        test = followed_numbers({group: stance.score or 0.0 for group, stance in first.items()}, final, **settings)
    else:
        answers = {group: [label(stance.value) for stance in rest] for group, rest in others.items()}
        test = followed_options({group: label(stance.value) for group, stance in first.items()}, answers, **settings)
    return FirstSpeaker(groups=len(first), effect=test.statistic, p=test.p)
