"""People left out of the figures by rules of the experiment (`exclude`), and the figures with everybody.

Each rule depends on a person's answers, never on which condition an answer belongs to: exchanging conditions between
or within people excludes the same people, so that permutation tests remain valid.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from tinytroupe_cli.analysis.answer_quality import runs_of_items, sheets_of
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.descriptive import Summary, summaries
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import people_together
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.core.text_similarity import folded
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_exclusions import MIN_ITEMS, MIN_WORDS
from tinytroupe_cli.plan.types import Plan, Tie, Trial
from tinytroupe_cli.spec.exclusion_rules import ExclusionRule

TOO_MANY: Final = 0.5
"""Share of a person's texts or sheets above which the person is excluded."""


class ExcludedPerson(Frozen):
    """A person left out of the figures."""

    person: str
    """Id of the person."""
    rules: tuple[ExclusionRule, ...]
    """The rules that exclude them: repeats, straight_lining."""
    why: str
    """What was found."""


class Exclusions(Frozen):
    """Who was left out of the figures and why, and the figures with everybody."""

    rules: tuple[ExclusionRule, ...]
    """The rules, as declared."""
    people: tuple[ExcludedPerson, ...] = ()
    """The people left out, in cast order."""
    comparisons: tuple[ComparisonResult, ...] = ()
    """The comparisons with everybody; empty: nobody was left out."""
    summaries: tuple[Summary, ...] = ()
    """The summaries with everybody; empty: nobody was left out."""


def excluded_people(plan: Plan, rows: Sequence[Observation], rules: Iterable[ExclusionRule]) -> list[ExcludedPerson]:
    """Return the people whom any of the rules excludes, in cast order."""
    found: dict[ExclusionRule, dict[str, str]] = {rule: RULES[rule](plan, rows) for rule in rules}
    excluded: list[ExcludedPerson] = []
    for member in plan.cast:
        own: list[ExclusionRule] = [rule for rule, reasons in found.items() if member.id in reasons]
        if own:
            why = "; ".join(found[rule][member.id] for rule in own)
            excluded.append(ExcludedPerson(person=member.id, rules=tuple(own), why=why))
    return excluded


def exclusions(plan: Plan, rows: Sequence[Observation], excluded: Sequence[ExcludedPerson]) -> Exclusions:
    """Return who was left out by the rules of a plan, with the figures of everybody; `plan` has everybody."""
    people = tuple(excluded)
    if not people:  # the figures are those of everybody
        return Exclusions(rules=plan.exclude)
    return Exclusions(
        rules=plan.exclude,
        people=people,
        comparisons=tuple(comparisons(plan, rows)),
        summaries=tuple(summaries(plan, rows)),
    )


def with_marks(rows: Sequence[Observation], excluded: Iterable[ExcludedPerson]) -> list[Observation]:
    """Return the rows, those of excluded people with the rules that exclude them."""
    rules = {person.person: ", ".join(person.rules) for person in excluded}
    return [row.model_copy(update={"excluded": rules[row.person]}) if row.person in rules else row for row in rows]


def without_people(plan: Plan, left_out: Iterable[str]) -> Plan:
    """Return a plan as if some people had not taken part, for figures.

    People who could reach each other through them still belong to one unit.
    """
    gone = frozenset(left_out)
    return plan.model_copy(update={"trials": tuple(_without(trial, gone) for trial in plan.trials)}) if gone else plan


def as_figures_have_it(plan: Plan, rows: Sequence[Observation]) -> tuple[Plan, list[Observation]]:
    """Return plan and rows without the people whose rows are marked as excluded."""
    return without_people(plan, {row.person for row in rows if row.excluded}), [row for row in rows if not row.excluded]


def _without(trial: Trial, gone: frozenset[str]) -> Trial:
    people = tuple(member for member in trial.people if member.id not in gone)
    ties = [tie for tie in trial.world.ties if tie.a not in gone and tie.b not in gone]
    if trial.world.ties:
        for group in people_together(trial):
            ties += [Tie(a=one, b=other) for one, other in pairwise(sorted(group - gone))]
    queries = tuple(
        query.model_copy(update={"people": tuple(person for person in query.people if person not in gone)})
        for query in trial.queries
        if not query.people or set(query.people) - gone
    )
    world = trial.world.model_copy(update={"ties": tuple(ties)})
    return trial.model_copy(update={"people": people, "queries": queries, "world": world})


def _repeats(plan: Plan, rows: Sequence[Observation]) -> dict[str, str]:
    """Return person -> why, of people most of whose texts are word for word those of others, or of another question.

    Case and spaces are ignored. Texts of fewer than four words are not counted: they can agree by chance.
    """
    texts = _texts(plan, rows)
    by_text: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row, text in texts:
        by_text[text].add((row.person, f"{row.query}.{row.field}"))
    total, repeated = Counter[str](), Counter[str]()
    for row, text in texts:
        measure = f"{row.query}.{row.field}"
        others = any(person != row.person and asked == measure for person, asked in by_text[text])
        own = any(person == row.person and asked != measure for person, asked in by_text[text])
        total[row.person] += 1
        repeated[row.person] += others or own
    return {
        person: (
            f"{_of(repeated[person], total[person], 'text')} with {MIN_WORDS} or more words "
            f"{'repeats' if repeated[person] == 1 else 'repeat'} word for word"
        )
        for person in total
        if repeated[person] > TOO_MANY * total[person]
    }


def _texts(plan: Plan, rows: Sequence[Observation]) -> list[tuple[Observation, str]]:
    fields = plan.fields
    texts: list[tuple[Observation, str]] = []
    for row in rows:
        field = fields.get((row.query, row.field))
        if row.person and row.outcome == "stated" and field is not None and type_of(field).shape == "words":
            text = folded(str(row.value))
            if len(text.split()) >= MIN_WORDS:
                texts.append((row, text))
    return texts


def _straight_lining(plan: Plan, rows: Sequence[Observation]) -> dict[str, str]:
    """Return person -> why, of people who mostly gave all items of a query the same point.

    A sheet is a person's answers to the three or more items of a query with the same points, in one trial and sample.
    """
    by_field: dict[tuple[str, str], dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.person:
            by_field[row.query, row.field][row.trial].append(row)
    total, straight = Counter[str](), Counter[str]()
    for query, items in runs_of_items(plan.fields):
        for trial in plan.trials if len(items) >= MIN_ITEMS else ():
            sheets = sheets_of([(field, by_field[query, field.name].get(trial.id, [])) for field in items])
            for (person, _, _), sheet in sheets.items():
                total[person] += 1
                straight[person] += len(set(sheet)) == 1
    return {
        person: (
            f"the same point for every item in {_of(straight[person], total[person], 'set')} of items "
            "that they answered in full"
        )
        for person in total
        if straight[person] > TOO_MANY * total[person]
    }


def _of(found: int, total: int, noun: str) -> str:
    """Return how many of a person's texts or sets of items: `the only text`, `both texts`, `2 of the 3 texts`."""
    if total == 1:
        return f"the only {noun}"
    every = "both" if total == 2 else f"all {total}"  # noqa: PLR2004 - how two are counted in English
    return f"{every} {noun}s" if found == total else f"{found} of the {count(total, noun)}"


RULES: Final[Mapping[ExclusionRule, Callable[[Plan, Sequence[Observation]], dict[str, str]]]] = {
    "repeats": _repeats,
    "straight_lining": _straight_lining,
}
"""Rule -> what finds the people it excludes, with the reason of each."""
