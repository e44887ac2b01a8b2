"""The counts and names that reports put into words; the words stand in templates/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.problems import ProblemKind
from tinytroupe_cli.reports.results import Results

MAX_PEOPLE = 8
"""People who are quoted."""


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Counts over a whole run."""

    people: tuple[str, ...]
    """Their names."""
    names: Mapping[str, str]
    """Id of a person -> name."""
    labels: Mapping[str, str]
    """Name of a condition -> its levels in words."""
    conditions: tuple[str, ...]
    """The conditions' levels in words."""
    left_out: frozenset[str]
    """Ids of the people whom `exclude` leaves out of the figures."""
    kept: int
    """Planned answers of the others."""
    kept_stated: int
    """Stated answers of the others."""
    shown: frozenset[str]
    """Ids of the people who are quoted."""
    unshown: int
    """Other people who have quotes."""
    finished: int
    """Trials."""
    turns: int
    good_turns: int
    """Turns that were neither refused, failed nor faulty."""
    planned: int
    """Planned answers. Explanations of verdicts are no answers."""
    asked: int
    """Answers asked for."""
    stated: int
    """Answers stated."""
    unstated: int
    """Answers "not stated"."""
    lost: int
    """Answers that the model declined, or that failed."""
    lost_stances: int
    """Answers of polls, before the end and as if alone, that the model declined, or that failed."""
    tool_uses: int
    tool_failures: int
    problems: tuple[tuple[ProblemKind, int], ...]
    """Kinds of problems, each with how often."""
    contradicting: int
    """People, per trial and sample, with answers that exclude each other."""
    held: int
    """Expectations."""
    inconclusive: int
    """Expectations whose threshold is inside an interval."""


def measured_rows(results: Results) -> list[Observation]:
    """Return the rows of measures: without those that explain a verdict, such as its justification."""
    auxiliary = {(query.query, field.name) for query in results.queries for field in query.fields if field.is_auxiliary}
    return [row for row in results.rows if (row.query, row.field) not in auxiliary]


def report_figures(results: Results) -> ReportFigures:
    """Count what happened in a run."""
    turns = sum(trial.turns for trial in results.trials)
    bad = sum(trial.refused_turns + trial.failed_turns + trial.faulty_turns for trial in results.trials)
    rows = measured_rows(results)
    outcomes = Counter(row.outcome for row in rows)
    kept = [row for row in rows if not row.excluded]
    labels = {condition.name: condition_label(condition) for condition in results.conditions}
    shown = frozenset(person.id for person in results.participants[:MAX_PEOPLE])
    contradicting = {
        (contradiction.trial, contradiction.person, contradiction.sample)
        for contradiction in results.contradictions.found
    }
    return ReportFigures(
        people=tuple(person.name for person in results.participants),
        names={person.id: person.name for person in results.participants},
        labels=labels,
        conditions=tuple(labels.values()),
        left_out=frozenset(one.person for one in results.exclusions.people) if results.exclusions else frozenset(),
        kept=len(kept),
        kept_stated=sum(row.outcome == "stated" for row in kept),
        shown=shown,
        unshown=len({quote.person for quote in results.quotes} - shown),
        finished=sum(trial.status == "finished" for trial in results.trials),
        turns=turns,
        good_turns=turns - bad,
        planned=len(rows),
        asked=len(rows) - outcomes["unasked"],
        stated=outcomes["stated"],
        unstated=outcomes["not_stated"],
        lost=outcomes["refused"] + outcomes["failed"],
        lost_stances=sum(
            stance.outcome in ("refused", "failed") and stance.moment != "end"
            for poll in results.polls
            for stance in poll.stances
        ),
        tool_uses=sum(tool.uses for tool in results.tools),
        tool_failures=sum(tool.failed for tool in results.tools),
        problems=tuple(Counter[ProblemKind](problem.kind for problem in results.problems).items()),
        contradicting=len(contradicting),
        held=sum(expected.outcome == "held" for expected in results.expectations),
        inconclusive=sum(expected.outcome == "inconclusive" for expected in results.expectations),
    )
