"""Finds answers of one person that exclude each other: `would_order: no` beside the top of "against … for".

Told without a model, so only where both sides are plain: a yes or no about doing something, and an end of a scale
that runs from against to for, from unlikely to likely, or from would not to would. Liking something or finding it
good excludes nothing (it may be too dear), and likely to recommend is another matter than would buy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import not_
from typing import Final

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_type import ScaleEnd
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan, PlannedField, PlannedQuery

_DOING: Final[dict[str, str]] = {
    **dict.fromkeys(("buy", "order", "purchase", "subscribe", "pay", "get", "take", "spend"), "buy"),
    **dict.fromkeys(("try", "use", "adopt", "switch", "choose", "pick", "download", "install"), "use"),
    **dict.fromkeys(("recommend", "share", "tell"), "recommend"),
    **dict.fromkeys(("vote", "support", "back", "sign"), "support"),
    **dict.fromkeys(
        ("join", "attend", "go", "come", "visit", "watch", "read", "apply", "accept", "click"), "take part"
    ),
}
"""What somebody would do -> the kind of thing that is; two kinds exclude nothing."""
_AGAINST_DOING: Final = frozenset({"cancel", "refuse", "reject", "avoid", "leave", "quit", "return", "oppose", "stop"})
_INTENT = re.compile(r"^(?:would|will|wants?_to|intends?_to|plans?_to)_(?:definitely_|probably_)?([a-z]+)")
_NEGATED = re.compile(r"(?:^|_)(?:not|never|no|without|if|unless)(?:_|$)")
_AGAINST = re.compile(
    r"\b(?:against|unlikely|not (?:at all )?likely|not (?:at all )?willing|unwilling|oppose[ds]?|"
    r"(?:would|will) not|wouldn't|won't|never)\b",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:for|in favou?r|likely|willing|supports?|supportive|would|will)\b", re.IGNORECASE)


_EMPTY: Final = frozenset(
    {"a", "an", "the", "of", "to", "it", "its", "this", "that", "in", "at", "all", "not", "very", "clearly", "strongly"}
    | {"completely", "definitely", "probably", "against", "for", "favour", "favor", "likely", "unlikely", "willing"}
    | {"unwilling", "would", "will", "never", "opposed"}
)
"""Words of a scale's end that name nothing it is about."""


class Contradiction(Frozen):
    """Two answers that exclude each other."""

    trial: str
    """Id of the trial."""
    person: str
    """Id of the person; empty: about the whole world."""
    sample: int
    """Number of the sample."""
    period: int = Field(default=0, exclude_if=not_)
    """Number of the period, from 1; not written unless people experience conditions one after another."""
    answers: tuple[str, str]
    """The yes or no and the scale, each as `query.field`."""
    text: str
    """Both answers, in words."""


class Contradictions(Frozen):
    """Answers compared with each other."""

    compared: int = 0
    """People, per trial and sample, with answers that could exclude each other."""
    found: tuple[Contradiction, ...] = ()
    """The contradictions."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A stated answer."""

    query: PlannedQuery
    field: PlannedField
    value: JsonValue

    @property
    def name(self) -> str:
        return f"{self.query.name}.{self.field.name}"


_Key = tuple[str, int, str, int]
"""Trial, period, person, sample."""


def contradictions(plan: Plan, rows: Sequence[Observation]) -> Contradictions:
    """Compare what was answered about each person, in a trial and sample."""
    planned = {
        (trial.id, query.period, query.name, field.name): (query, field)
        for trial in plan.trials
        for query in trial.queries
        for field in query.fields
    }
    sheets: dict[_Key, list[_Answer]] = {}
    for row in rows:
        known = planned.get((row.trial, row.period, row.query, row.field))
        if row.outcome == "stated" and known is not None:
            sheets.setdefault((row.trial, row.period, row.person, row.sample), []).append(_Answer(*known, row.value))
    pairs = {key: list(_pairs(answers, key[2])) for key, answers in sheets.items()}
    return Contradictions(
        compared=sum(bool(found) for found in pairs.values()),
        found=tuple(
            Contradiction(
                trial=key[0],
                period=key[1],
                person=key[2],
                sample=key[3],
                answers=(intent.name, scale.name),
                text=_words(intent, scale),
            )
            for key, found in pairs.items()
            for intent, scale in found
            if _excludes(intent, scale)
        ),
    )


def marked(rows: Sequence[Observation], found: Contradictions) -> list[Observation]:
    """Return the rows, each with the answer that excludes it; values stay what they are."""
    others = {
        (contradiction.trial, contradiction.period, contradiction.person, contradiction.sample, name): other
        for contradiction in found.found
        for name, other in (contradiction.answers, contradiction.answers[::-1])
    }
    return [
        row.model_copy(update={"contradicts": others.get(_place(row), "")}) if _place(row) in others else row
        for row in rows
    ]


def _place(row: Observation) -> tuple[str, int, str, int, str]:
    return row.trial, row.period, row.person, row.sample, f"{row.query}.{row.field}"


def _pairs(answers: Sequence[_Answer], person: str) -> Iterator[tuple[_Answer, _Answer]]:
    """Yield each yes or no with each scale that runs along the same line."""
    scales = [answer for answer in answers if _direction_of_scale(answer.field)]
    for intent in answers if scales else ():
        if type_of(intent.field).shape == "binary" and _direction_of_intent(intent.field.name):
            for scale in scales:
                is_same_thing = intent.query == scale.query or _names_same(intent, scale.field, person)
                if is_same_thing and _may_be_same(intent.field.name, scale.field):
                    yield intent, scale


def _names_same(intent: _Answer, scale: PlannedField, person: str) -> bool:
    """Return whether both ends of a scale of another query are about something the yes or no was asked about."""
    ends = [{word for word in _word_list(end) if word not in _EMPTY} for end in _ends(scale)]
    asked = set(_word_list(intent.query.questions.get(person, "")))
    return bool(ends[0] & ends[1] & asked)


def _direction_of_intent(name: str) -> int:
    """Return 1 where yes is for it, -1 where yes is against it, 0 where nobody can tell."""
    found = _INTENT.match(name)
    if found is None or _NEGATED.search(name):
        return 0
    return -1 if found[1] in _AGAINST_DOING else int(found[1] in _DOING)


def _direction_of_scale(field: PlannedField) -> int:
    """Return 1 where the high end is for it, -1 where the low end is, 0 where nobody can tell."""
    low, high = _ends(field)
    is_low_against, is_high_against = (_AGAINST.search(end) is not None for end in (low, high))
    if not is_low_against and is_high_against and _FOR.search(low):
        return -1
    return int(is_low_against and not is_high_against and _FOR.search(high) is not None)


def _ends(field: PlannedField) -> tuple[str, str]:
    low, high = type_of(field).ends(field) or (ScaleEnd(None, ""), ScaleEnd(None, ""))
    return low.label, high.label


def _may_be_same(intent: str, scale: PlannedField) -> bool:
    """Return whether the scale doesn't name another kind of doing than the yes or no."""
    words = _words_of_scale(scale)
    named = {_DOING[word] for word in words if word in _DOING} | {word for word in words if word in _AGAINST_DOING}
    found = _INTENT.match(intent)
    doing = found[1] if found else ""
    return not named or _DOING.get(doing, doing) in named


def _excludes(intent: _Answer, scale: _Answer) -> bool:
    field = scale.field
    kind = type_of(field)
    low, high = kind.range(field)
    point = kind.as_number(field, scale.value)
    end = 1 if point == high else -1 if point == low else 0
    stand = 1 if intent.value is True else -1
    is_against_doing = any(word in _AGAINST_DOING for word in _words_of_scale(field))
    leaning = end * _direction_of_scale(field) * (-1 if is_against_doing else 1)
    return leaning * stand * _direction_of_intent(intent.field.name) < 0


def _words_of_scale(field: PlannedField) -> list[str]:
    return _word_list(" ".join((field.name.replace("_", " "), *_ends(field))))


def _word_list(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _words(intent: _Answer, scale: _Answer) -> str:
    said = "yes" if intent.value is True else "no"
    ends = type_of(scale.field).ends(scale.field) or ()
    meaning = next((end.label for end in ends if end.value == scale.value), "")
    told = f"{label(scale.value)}, {meaning}" if meaning else label(scale.value)
    return f"{intent.field.name.replace('_', ' ')}: {said}, beside {scale.field.name.replace('_', ' ')}: {told}"
