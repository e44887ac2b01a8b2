"""Signs that answers are poor data: repeated texts, straight-lining, middle answers, too little spread.

Each is a figure with the value from which it is an alarm. No model is asked, and nothing is removed.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from operator import not_
from typing import Final, Literal

from pydantic import Field

from tinytroupe_cli.analysis.measure_values import number_of
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.units import MIN_UNITS
from tinytroupe_cli.core.text_similarity import folded, word_cosine, words_in
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_exclusions import MIN_ITEMS, is_item
from tinytroupe_cli.plan.types import Plan

MAX_TEXTS: Final = 300
"""Texts of one measure and condition compared with each other; the first ones."""
NEAR_COPY: Final = 0.92
"""Cosine of the sets of words from which two texts are near copies."""

Check = Literal[
    "repeated_between_people",
    "repeated_within_person",
    "near_copies",
    "straight_lining",
    "middle_answers",
    "little_spread",
    "refusals",
]


class AnswerCheck(Frozen):
    """One figure on the quality of the answers to a measure in a condition."""

    check: Check
    """`repeated_between_people`, `repeated_within_person`: share of texts equal to another text, ignoring case and
    spaces. `near_copies`: share of texts nearly equal to another person's (cosine of the sets of words above 0.92).
    `straight_lining`: share of people who gave the same point to three or more items. `middle_answers`: share of
    answers in the middle of a scale. `little_spread`: standard deviation, or entropy, divided by that of uniform
    answers. `refusals`: share of answers that the model declined."""
    measure: str
    """The measure, as `query.field`; straight-lining: the query."""
    condition: str = ""
    """Name of the condition; empty: all conditions together."""
    value: float
    """The figure."""
    expected: float | None = None
    """What independent or uniform answers would give; null: nothing is expected."""
    limit: float
    """The value from which it is an alarm (for `little_spread`: up to which)."""
    is_alarm: bool
    """Whether the value is beyond the limit."""
    n: int
    """Number of texts, answers or people."""
    example: str = ""
    """repeated texts: the one with the most copies, among those that several people gave; as first written."""
    as_often: tuple[str, ...] = Field(default=(), exclude_if=not_)
    """The other texts with as many copies as the example, as first written; not written where there is none."""


def answer_quality(plan: Plan, rows: Sequence[Observation]) -> list[AnswerCheck]:
    """Return the checks of every measure, condition by condition, where at least six people answered."""
    fields = plan.fields
    groups: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for row in rows:
        if row.person and row.outcome != "unasked":
            groups[row.query, row.field, row.condition].append(row)
    found: list[AnswerCheck] = []
    for (query, name), field in fields.items():
        for condition in plan.conditions:
            own = groups[query, name, condition.name]
            if len({row.person for row in own}) >= MIN_UNITS and not field.is_auxiliary:
                about = (f"{query}.{name}", condition.name if len(plan.conditions) > 1 else "")
                found += _of_measure(field, own, about)
    return [*found, *_straight_lining(plan, fields, groups)]


def _of_measure(field: PlannedField, rows: Sequence[Observation], about: tuple[str, str]) -> Iterator[AnswerCheck]:
    stated = [row for row in rows if row.outcome == "stated"]
    refused = sum(row.outcome == "refused" for row in rows) / len(rows)
    if refused:
        yield _check("refusals", about, refused, 0.05, len(rows))
    match type_of(field).shape:
        case "words":
            yield from _repetitions(stated, about)
        case "numeric" | "ordinal" if not field.is_asked_alone:
            yield from _on_scale(field, stated, about)
        case "nominal" if field.options and len(stated) >= MIN_UNITS:
            counts = Counter(str(row.value) for row in stated)
            entropy = -sum(count / len(stated) * math.log(count / len(stated)) for count in counts.values())
            yield _spread(about, entropy / math.log(max(2, len(field.options))), len(stated))
        case _:
            return


def _repetitions(rows: Sequence[Observation], about: tuple[str, str]) -> Iterator[AnswerCheck]:
    texts = [(row.person, folded(str(row.value))) for row in rows if str(row.value).strip()]
    if len(texts) < MIN_UNITS:
        return
    by_text: dict[str, list[str]] = defaultdict(list)
    for person, text in texts:
        by_text[text].append(person)
    between = sum(len(set(by_text[text])) > 1 for _, text in texts) / len(texts)
    shared = [text for text, people in by_text.items() if len(set(people)) > 1]
    most = max((len(by_text[text]) for text in shared), default=0)
    written = {folded(str(row.value)): " ".join(str(row.value).split()) for row in reversed(rows)}
    frequent = [written[text] for text in shared if len(by_text[text]) == most]
    yield _check("repeated_between_people", about, between, 0.05, len(texts), examples=frequent)
    within = sum(by_text[text].count(person) > 1 for person, text in texts) / len(texts)
    if len({person for person, _ in texts}) < len(texts):
        yield _check("repeated_within_person", about, within, 0.05, len(texts))
    counted = [(person, words_in(text)) for person, text in texts[:MAX_TEXTS]]
    near: set[int] = set()
    for (first, (left, words)), (second, (other, others)) in combinations(enumerate(counted), 2):
        if left != other and word_cosine(words, others) > NEAR_COPY:
            near |= {first, second}
    yield _check("near_copies", about, len(near) / len(counted), 0.05, len(counted))


def _on_scale(field: PlannedField, rows: Sequence[Observation], about: tuple[str, str]) -> Iterator[AnswerCheck]:
    number, points = number_of(field), len(type_of(field).answers(field))
    values = [value for row in rows if (value := number(row)) is not None]
    low, high = type_of(field).range(field)
    if len(values) < MIN_UNITS or not points:
        return
    uniform = math.sqrt((points**2 - 1) / 12) * (high - low) / (points - 1)
    yield _spread(about, statistics.stdev(values) / uniform, len(values))
    if points % 2:
        middle = sum(value == (low + high) / 2 for value in values) / len(values)
        yield _check("middle_answers", about, middle, min(0.9, 2 / points), len(values), expected=1 / points)


def _straight_lining(
    plan: Plan,
    fields: dict[tuple[str, str], PlannedField],
    groups: dict[tuple[str, str, str], list[Observation]],
) -> Iterator[AnswerCheck]:
    """Yield the share of people who gave every item of a query the same point, against independent answers."""
    for query, own in runs_of_items(fields):
        for condition in plan.conditions if len(own) >= MIN_ITEMS else ():
            sheets = sheets_of([(field, groups[query, field.name, condition.name]) for field in own])
            if len({person for person, _, _ in sheets}) >= MIN_UNITS:
                equal = sum(len(set(sheet)) == 1 for sheet in sheets.values()) / len(sheets)
                expected = _by_chance(list(sheets.values()))
                about = (query, condition.name if len(plan.conditions) > 1 else "")
                yield _check("straight_lining", about, equal, max(0.1, 2 * expected), len(sheets), expected=expected)


def runs_of_items(fields: Mapping[tuple[str, str], PlannedField]) -> list[tuple[str, list[PlannedField]]]:
    """Return each query's items that have the same points."""
    items: dict[tuple[str, tuple[float, float]], list[PlannedField]] = defaultdict(list)
    for (query, _), field in fields.items():
        if is_item(field):
            items[query, type_of(field).range(field)].append(field)
    return [(query, own) for (query, _), own in items.items()]


def sheets_of(
    answered: Iterable[tuple[PlannedField, Sequence[Observation]]],
) -> dict[tuple[str, int, int], list[float]]:
    """Return (person, replicate, sample) -> a point for each item, of those who stated all of them."""
    found: dict[tuple[str, int, int], list[float]] = defaultdict(list)
    count = 0
    for field, rows in answered:
        count += 1
        number = number_of(field)
        for row in rows:
            if row.outcome == "stated" and (value := number(row)) is not None:
                found[row.person, row.replicate, row.sample].append(value)
    return {key: sheet for key, sheet in found.items() if len(sheet) == count}


def _by_chance(sheets: Sequence[Sequence[float]]) -> float:
    """Return how often all items would be equal if they were independent: the product of shares, over points."""
    columns = [Counter(column) for column in zip(*sheets, strict=True)]
    points = {point for column in columns for point in column}
    return sum(math.prod(column[point] / len(sheets) for column in columns) for point in points)


def _spread(about: tuple[str, str], value: float, count: int) -> AnswerCheck:
    return AnswerCheck(
        check="little_spread",
        measure=about[0],
        condition=about[1],
        value=value,
        expected=1.0,
        limit=1 / 3,
        is_alarm=value < 1 / 3,
        n=count,
    )


def _check(
    check: Check,
    about: tuple[str, str],
    value: float,
    limit: float,
    count: int,
    *,
    expected: float | None = None,
    examples: Sequence[str] = (),
) -> AnswerCheck:
    return AnswerCheck(
        check=check,
        measure=about[0],
        condition=about[1],
        value=value,
        expected=expected,
        limit=limit,
        is_alarm=value > limit,
        n=count,
        example=examples[0] if examples else "",
        as_often=tuple(examples[1:]),
    )
