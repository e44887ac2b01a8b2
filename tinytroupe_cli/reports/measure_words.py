"""Answers to one field in a few words: one value, a few values, or how many gave which."""

from __future__ import annotations

from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.descriptive import Share, Summary
from tinytroupe_cli.analysis.observations import Outcome, answer_number
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.answer_tables import weighted_in_brackets
from tinytroupe_cli.reports.figures import answer, enumeration, percent
from tinytroupe_cli.reports.labels import with_end_label
from tinytroupe_cli.reports.leading_measure import LeadingMeasure

MAX_CHARACTERS: Final = 160
"""Of one answer."""
MIN_FOR_INTERVAL: Final = 6
"""Answers below which an interval says nothing."""
MAX_VALUES: Final = 3
"""Numbers up to so many are told one by one; of more the mean."""
MAX_OPTIONS: Final = 3
"""Answers told with their counts."""


def capitalized(words: str) -> str:
    """Begin with a capital letter, and leave the rest."""
    return words[:1].upper() + words[1:]


def subject(measure: LeadingMeasure, summary: Summary, quantity: int) -> str:
    """Return who or what was counted: people if each was to answer once, else answers; trials where it is of them."""
    if not measure.asked.is_of_people:
        return count(quantity, "trial")
    people = [row.person for row in measure.rows if summary.condition in {"", row.condition}]
    return count(quantity, "person", "people") if len(set(people)) == len(people) else count(quantity, "answer")


def value_words(field: PlannedField, value: JsonValue) -> str:
    """Write one answer."""
    if told := type_of(field).told(field, value):
        return told
    match value:
        case list() if type_of(field).shape == "ranking":
            first, *rest = [answer(option) for option in value] or ["nothing"]
            return f"{first} first, then {enumeration(rest)}" if rest else f"{first} first"
        case list():
            return enumeration([short(answer(entry)) for entry in value]) or "nothing"
        case str() if type_of(field).shape == "words":
            return f"“{short(value)}”"
        case _:
            return f"{short(answer(value))}{unit(field)}"


def count_words(measure: LeadingMeasure, summary: Summary) -> str:
    """Return how many gave which answer, the most frequent first: `2 of 3 people said tea, 1 coffee`."""
    ordered = sorted((share for share in summary.shares if share.count), key=lambda share: -share.count)
    if not ordered:
        return f"{among_words(measure, summary, summary.stated)} named nothing"
    first, rest = ordered[0], ordered[1:MAX_OPTIONS]
    value, who = short(answer(first.value)), among_words(measure, summary, first.count)
    verb = {"entries": "named", "ranking": "put first"}.get(type_of(measure.field).shape, "said")
    lead = f"{who} {verb} {value}" if is_said(measure) else f"{value} for {who}"
    lead += share_words(measure, summary, first)
    more = [f"{share.count} {short(answer(share.value))}" for share in rest]
    left = len(ordered) - MAX_OPTIONS
    others = [f"{left} more {'answer was' if left == 1 else 'answers were'} given"] if left > 0 else []
    return ", ".join([lead, *more, *others])


def among_words(measure: LeadingMeasure, summary: Summary, some: int) -> str:
    """Write how many of those who answered: `2 of 3 people`; `2` where it has been said how many answered."""
    who = subject(measure, summary, summary.stated)
    if summary.stated < summary.planned:
        return str(some or "none")
    if some < summary.stated:
        return f"{some or 'none'} of {who}"
    quantity, _, noun = who.partition(" ")
    return {"1": who, "2": f"both {noun}"}.get(quantity, f"all {who}")


def share_words(measure: LeadingMeasure, summary: Summary, share: Share) -> str:
    """Return a share and its interval, if answers are independent and not too few: `(70%, 95% interval 48% to 85%)`.

    With weights, the weighted share and its interval.
    """
    if summary.weighted is not None:
        found = next((own for own in summary.weighted.shares if own.value == share.value), None)
        if found is None or found.low is None or found.high is None or summary.stated < MIN_FOR_INTERVAL:
            return weighted_in_brackets(summary, share.value)
        ends = f"{measure.level} interval {percent(found.low)} to {percent(found.high)}"
        return f" (weighted {percent(found.share)}, {ends})"
    if share.share is None or share.low is None or share.high is None or summary.stated < MIN_FOR_INTERVAL:
        return ""
    return f" ({percent(share.share)}, {measure.level} interval {percent(share.low)} to {percent(share.high)})"


def distribution_words(measure: LeadingMeasure, summary: Summary, *, of: str = "") -> str:
    """Tell numbers: each of a few, else their mean and range; `of` whom, where that is not said before."""
    kind = type_of(measure.field)
    figure = kind.figure
    values = (answer_number(row, measure.field) for row in measure.stated(summary.condition))
    found = [value for value in values if value is not None]
    if len(found) > MAX_VALUES and summary.numbers is not None:
        spread = f"from {figure(summary.numbers.min)} to {figure(summary.numbers.max)}"
        average = f"on average of {of}" if of else "on average"
        if summary.weighted is not None and summary.weighted.numbers is not None:
            average += f" (weighted {figure(summary.weighted.numbers.mean)})"
        counted = f" ({kind.counted_as})" if kind.counted_as else ""
        return f"{figure(summary.numbers.mean)}{unit(measure.field)} {average}, {spread}{counted}"
    each = f"{figure(found[0])}{unit(measure.field)} each" if len(set(found)) == 1 < len(found) else ""
    listed = each or enumeration([figure(value) for value in sorted(found)]) + unit(measure.field)
    return f"{listed} for {of}" if of else listed


def scale_ends(field: PlannedField) -> str:
    """Return what the ends of a scale mean; empty for other fields."""
    ends = type_of(field).ends(field) if type_of(field).shape == "numeric" or field.rating is not None else None
    return f", on a scale from {' to '.join(with_end_label(field, end.value) for end in ends)}" if ends else ""


def why_missing(outcome: Outcome, who: str) -> str:
    """Return a sentence saying that there is no answer, and why."""
    of = f" from {who}" if who else ""
    match outcome:
        case "not_stated":
            return f"{who or 'the transcript'} did not say"
        case "refused":
            return f"no answer{of}: the model declined"
        case "failed":
            return f"no usable answer{of}"
        case "unasked" | "stated":
            return f"{who or 'this'} was not asked"


def is_said(measure: LeadingMeasure) -> bool:
    """Return whether people were asked themselves."""
    return measure.asked.procedure == "interview"


def unit(field: PlannedField) -> str:
    """Return a field's unit with a space before it."""
    return f" {field.unit}" if field.unit else ""


def short(words: str) -> str:
    """Cut what is too long to be read in a sentence."""
    flat = " ".join(words.split())
    return flat if len(flat) <= MAX_CHARACTERS else f"{flat[:MAX_CHARACTERS].rsplit(' ', 1)[0]} …"
