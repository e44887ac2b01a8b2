"""The answer to an experiment's title, in one sentence: counts and values, and no claim beyond them.

Made from what was extracted, by rule; no model has a say in it. One answer is told, several
are counted, and where some are missing it says how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.analysis.descriptive import Summary
from tinytroupe_cli.analysis.negative_controls import has_moved
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Condition
from tinytroupe_cli.reports.bar_chart import Chart, charts
from tinytroupe_cli.reports.figures import answer, enumeration, humanized
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.leading_comparison import clearest, leading_comparisons
from tinytroupe_cli.reports.leading_measure import LeadingMeasure, leading_measure, next_measure
from tinytroupe_cli.reports.measure_words import (
    among_words,
    capitalized,
    count_words,
    distribution_words,
    is_said,
    scale_ends,
    share_words,
    subject,
    value_words,
    why_missing,
)
from tinytroupe_cli.reports.option_order import first_two_options
from tinytroupe_cli.reports.predicates import Predicate, predicate_of
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.sentences import (
    changed_by_exclusions,
    comparison_sentence,
    fidelity_answer,
    left_out,
    moved_controls,
)

MAX_CONDITIONS: Final = 4
MAX_CHARACTERS: Final = 300
"""With more conditions or letters the sentence tells all together; the chart tells them apart."""
FEW: Final = "With so few answers, a difference between conditions can be chance."
_SENTENCE: Final = r".+?[.?!](?= [A-Z0-9]|$)"
_FIRST: Final = re.compile(rf"(?:Chosen most often{_SENTENCE} )?{_SENTENCE}")
SMALL_SAMPLE: Final = 30
"""Answers to a condition; below, a difference can easily be chance."""


class Headline(Frozen):
    """What stands above everything else."""

    title: str
    sentence: str
    charts: tuple[Chart, ...] = ()
    caution: str = ""
    """What the figures can't tell; mostly empty."""
    tells: tuple[tuple[str, str], ...]
    """Query and field of all that it tells."""

    @property
    def opening(self) -> str:
        """Return the first sentence, with the next if that says whether the order of options is shown."""
        return found.group() if (found := _FIRST.match(self.sentence)) else self.sentence

    @property
    def more(self) -> str:
        """Return what follows the opening."""
        return self.sentence[len(self.opening) :].strip()


def headline(results: Results) -> Headline | None:
    """Return the answer to the title; None where nothing was asked."""
    measure, gone = leading_measure(results), left_out(results)
    title = results.title or capitalized(humanized(results.name))
    if measure is None:
        return Headline(title=title, sentence=gone, tells=()) if gone and results.queries else None
    other = next_measure(results, measure)
    compared = _first_comparison(results) or _held_against_people(results)
    is_few = len(measure.parts) > 1 and min(part.stated for _, part in measure.parts) < SMALL_SAMPLE
    told = compared or f"{capitalized(_sentence(results, measure, other))}.{_exploratory_options(results, measure)}"
    return Headline(
        title=title,
        sentence=" ".join(part for part in (told, gone, changed_by_exclusions(results)) if part),
        charts=tuple(charts(measure, other)),
        caution=_caution(results, is_few=is_few and not compared),
        tells=tuple((part.asked.query, part.field.name) for part in (measure, _besides(measure, other)) if part),
    )


def _caution(results: Results, *, is_few: bool) -> str:
    """Return what makes the answer doubtful; a control that moved before small numbers."""
    if any(has_moved(control) for control in results.controls):
        return moved_controls(results)
    return FEW if is_few else ""


def _first_comparison(results: Results) -> str:
    """Return the sentence on the first comparison of conditions that is named; of a choice, on its clearest option."""
    if not (tested := leading_comparisons(results)):
        return ""
    if tested[0].kind == "options":
        return first_two_options(tested)
    return capitalized(comparison_sentence(clearest(tested)))


def _held_against_people(results: Results) -> str:
    """Return how close the first measure that is held against human answers comes to them; empty if none could be."""
    held = [fidelity for fidelity in results.fidelity if fidelity.figures]
    return capitalized(fidelity_answer(held)) if held else ""


def _exploratory_options(results: Results, measure: LeadingMeasure) -> str:
    """Return the sentence on the first two options of the measure that answers the title, where nobody named one."""
    name = f"{measure.asked.query}.{measure.field.name}"
    own = [
        comparison
        for comparison in results.comparisons
        if comparison.kind == "options" and comparison.family == "exploratory"
    ]
    tested = [comparison for comparison in own if comparison.measure == name and comparison.p is not None]
    return f" {first_two_options(tested)}" if tested else ""


def _sentence(results: Results, measure: LeadingMeasure, other: LeadingMeasure | None) -> str:
    if len(measure.parts) > 1:
        apart = _under_conditions(results, measure) if len(measure.parts) <= MAX_CONDITIONS else ""
        together = f"{len(measure.parts)} conditions together: {_several(measure, measure.whole)}"
        return apart if 0 < len(apart) <= MAX_CHARACTERS else together
    main = _only(results, measure) if measure.whole.planned == 1 else _several(measure, measure.whole)
    return f"{main}{_added(_besides(measure, other))}"


def _only(results: Results, measure: LeadingMeasure) -> str:
    """Return the sentence for a single planned answer."""
    row = measure.rows[0]
    who, predicate = _name(results, row.person), predicate_of(measure.field)
    if row.outcome != "stated":
        return f"{_lead(measure)}: {why_missing(row.outcome, who)}"
    if predicate is None or not who:
        value = value_words(measure.field, row.value)
        return f"{_lead(measure)}: {_attributed(measure, who, value)}{scale_ends(measure.field)}"
    is_yes = row.value is True
    is_asked = results.title.endswith("?") and results.title.casefold().startswith(f"{predicate.modal} ")
    word = f"{'Yes' if is_yes else 'No'}: " if is_asked else ""
    return f"{word}{who} {predicate.says(is_yes=is_yes)}{_judged(measure)}"


def _several(measure: LeadingMeasure, summary: Summary) -> str:
    """Return the sentence for several answers to one question."""
    predicate = predicate_of(measure.field)
    if predicate is None or not summary.stated:
        return f"{_lead(measure)}: {_counts(measure, summary)}{scale_ends(measure.field)}"
    if is_said(measure) and summary.stated < summary.planned:
        return _predicated_of_planned(measure, summary, predicate)
    return f"{_of_planned(measure, summary, _predicated(measure, summary, predicate))}{_judged(measure)}"


def _under_conditions(results: Results, measure: LeadingMeasure) -> str:
    if all(part.planned == 1 for _, part in measure.parts):
        return _one_each(results, measure)
    each = [f"with {condition_label(condition)}, {_counts(measure, part)}" for condition, part in measure.parts]
    return f"{_lead(measure)}: {'; '.join(each)}{scale_ends(measure.field)}"


def _one_each(results: Results, measure: LeadingMeasure) -> str:
    """Return the sentence for one answer per condition; a person who gave all of them is named once."""
    people = {row.person for row in measure.rows}
    predicate, who = predicate_of(measure.field), _name(results, measure.rows[0].person)
    if predicate is not None and who and len(people) == 1 and all(part.stated for _, part in measure.parts):
        return f"{who} {_yes_and_no(measure.parts, predicate)}{_judged(measure)}"
    rows = {row.condition: row for row in measure.rows}
    each: list[str] = []
    for condition, _ in measure.parts:
        row = rows[condition.name]
        own = _name(results, row.person) if len(people) > 1 or not each else ""
        value = value_words(measure.field, row.value)
        words = _attributed(measure, own, value) if row.outcome == "stated" else why_missing(row.outcome, own or who)
        each.append(f"with {condition_label(condition)}, {words}")
    return f"{_lead(measure)}: {'; '.join(each)}{scale_ends(measure.field)}"


def _yes_and_no(parts: Sequence[tuple[Condition, Summary]], predicate: Predicate) -> str:
    labels = [(f"with {condition_label(condition)}", part.shares[0].count > 0) for condition, part in parts]
    yes = [label for label, is_yes in labels if is_yes]
    no = [label for label, is_yes in labels if not is_yes]
    if not no:
        return f"{predicate.says(is_yes=True)} {enumeration(yes)}"
    if not yes:
        return f"{predicate.says(is_yes=False)} {' or '.join(no)}"
    return f"{predicate.says(is_yes=True)} {enumeration(yes)}, and {predicate.denied} {' or '.join(no)}"


def _besides(measure: LeadingMeasure, other: LeadingMeasure | None) -> LeadingMeasure | None:
    """Return the next field of the same query if it adds a number; answers that are counted have their own line."""
    if other is None or not other.whole.stated or len(measure.parts) > 1 or not measure.whole.stated:
        return None
    return other if type_of(other.field).shape == "numeric" else None


def _added(other: LeadingMeasure | None) -> str:
    if other is None:
        return ""
    if other.whole.planned == 1:
        return f"; {other.name}: {value_words(other.field, other.stated()[0].value)}{scale_ends(other.field)}"
    values = _of_planned(other, other.whole, distribution_words(other, other.whole))
    return f"; {other.name}: {values}{scale_ends(other.field)}"


def _counts(measure: LeadingMeasure, summary: Summary) -> str:
    """Return answers with their counts."""
    if not summary.stated:
        return _of_planned(measure, summary, "") if summary.planned > 1 else "no answer"
    return _of_planned(measure, summary, _body(measure, summary))


def _body(measure: LeadingMeasure, summary: Summary) -> str:
    who = subject(measure, summary, summary.stated)
    if summary.is_distribution and summary.numbers is not None:
        how = "rated from words" if measure.field.rating is not None else "by stated probabilities"
        return f"{distribution_words(measure, summary, of=who)}, {how}"
    match type_of(measure.field).shape:
        case "words":
            return f"{who} answered in words"
        case "numeric":
            if summary.stated < summary.planned:  # how many there are has been said
                return distribution_words(measure, summary)
            return (
                f"{who} said {distribution_words(measure, summary)}"
                if is_said(measure)
                else distribution_words(measure, summary, of=who)
            )
        case "ranking":
            ordered = sorted(summary.places, key=lambda place: place.mean)
            return f"in order of mean place, {enumeration([_place(place.option, place.mean) for place in ordered])}"
        case "amounts":
            ordered = sorted(summary.amounts, key=lambda one: -one.mean)
            parts = [f"{answer(one.option)} {type_of(measure.field).figure(one.mean)}" for one in ordered]
            what = "amounts" if type_of(measure.field).scale == "amount" else "best-worst scores"
            return f"mean {what} of {who}: {enumeration(parts)}"
        case "binary" | "nominal" | "ordinal" | "entries":
            return count_words(measure, summary)


def _place(option: object, mean: float) -> str:
    return f"{answer(option)} ({number(mean)})"  # pyright: ignore[reportArgumentType] - an option is JSON


def _predicated(measure: LeadingMeasure, summary: Summary, predicate: Predicate) -> str:
    yes = summary.shares[0].count
    if summary.stated == 1:
        return f"{among_words(measure, summary, 1)} {predicate.says(is_yes=yes == 1)}"
    share = share_words(measure, summary, summary.shares[0])
    return f"{among_words(measure, summary, yes)} {predicate.says(is_yes=True)}{share}"


def _predicated_of_planned(measure: LeadingMeasure, summary: Summary, predicate: Predicate) -> str:
    """Return how many of all said yes (no, where nobody said yes), and what is missing of the others."""
    yes = summary.shares[0].count
    missing = {
        "did not say": summary.not_stated,
        "gave no usable answer": summary.failed,
        "declined by the model": summary.refused,
        "not asked": summary.unasked,
    }
    rest = [f"{number} {words}" for words, number in missing.items() if number]
    who = subject(measure, summary, summary.planned)
    return "; ".join([f"{yes or summary.stated} of {who} {predicate.says(is_yes=yes > 0)}", *rest])


def _of_planned(measure: LeadingMeasure, summary: Summary, body: str) -> str:
    if summary.stated == summary.planned:
        return body
    some = f"{summary.stated or 'none'} of {subject(measure, summary, summary.planned)}"
    return (f"{some} answered" if is_said(measure) else f"found for {some}") + (f": {body}" if body else "")


def _attributed(measure: LeadingMeasure, who: str, value: str) -> str:
    if not who:
        return value
    return f"{who} said {value}" if is_said(measure) else f"{value} for {who}"


def _lead(measure: LeadingMeasure) -> str:
    return f"{capitalized(measure.name)}{_judged(measure)}"


def _judged(measure: LeadingMeasure) -> str:
    return "" if is_said(measure) else ", judged from the transcript"


def _name(results: Results, person: str) -> str:
    return next((participant.name for participant in results.participants if participant.id == person), person)
