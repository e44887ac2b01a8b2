"""What every type of field says about itself; a new type is a class of these answers, and a row of `field_types.py`."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Generic, Literal, NamedTuple, Protocol, TypeVar

from pydantic import JsonValue

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import NOT_STATED, Answers, Reading, is_not_stated
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.spec.measures import FieldKind

Shape = Literal["binary", "nominal", "ordinal", "numeric", "ranking", "amounts", "entries", "words"]
"""How answers are summarized: shares (binary, nominal, ordinal), figures (numeric, ordinal), mean ranks (ranking), the
mean of each option's number (amounts), how often each entry was named (entries), or not at all (words)."""
BY_OPTION: Final[tuple[Shape, ...]] = ("nominal", "ranking", "amounts")
"""Shapes whose options are compared one by one."""
MeasureScale = Literal["share", "points", "number", "date", "place", "amount", "score"]
"""What is compared: shares, points of a scale, numbers, dates (in days), places in a ranking, amounts of a budget,
best-worst scores."""
AnswerProcedure = Literal["observe", "interview", "code"]
"""Who answers: a judge from the transcript, the person, or a coder from the person's words."""
WrittenT = TypeVar("WrittenT")
"""What the field is in the experiment's file: its class in `spec/measures.py`, or a word."""
MAX_LISTED = 20
"""Options listed where a field is described."""


class AddFinding(Protocol):
    """Takes what is wrong with a field: the code, a message, and where."""

    def __call__(self, code: str, message: str, path: Path, *, hint: str = "") -> None:
        """Take it."""
        ...


class ScaleEnd(NamedTuple):
    """An end of a scale."""

    value: JsonValue
    label: str
    """What it stands for; may be empty."""


class FieldType(ABC, Generic[WrittenT]):
    """How one type of field is asked, read, counted and described."""

    kind: ClassVar[FieldKind]
    shape: ClassVar[Shape]
    noun: ClassVar[str]
    """What it is, in an error: `a number`."""
    spec: ClassVar[type[Any] | None] = None
    """The class of its form with settings in an experiment's file; None: it is only a word."""

    scale: ClassVar[MeasureScale | None] = None
    """What is compared between conditions; None: answers can't be compared."""
    ordering: ClassVar[Literal["", "options", "scales"]] = ""
    """Which key of `order` says in which order its options, or the points of its scale, are shown; empty: none."""
    is_rated: ClassVar[bool] = False
    """Whether a small model's answer in words is rated by semantic similarity."""
    has_numbers: ClassVar[bool] = False
    """Whether `expect` can ask for its mean, median, sd, min and max."""
    has_zero: ClassVar[bool] = True
    """Whether a chart of its numbers may begin at 0."""
    is_one_value: ClassVar[bool] = True
    """Whether an answer is one value; else it has parts, such as every price that is accepted."""
    counted_as: ClassVar[str] = ""
    """What the number of an answer is, where the answer is not itself a number; empty: the answer."""
    is_interviewed: ClassVar[bool] = False
    """Whether only people can be asked for it, in interviews."""
    separator: ClassVar[str] = ":"
    """What stands between its name and how to answer."""

    # in the experiment's file

    def plan(self, name: str, written: WrittenT, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned, and report what is wrong with it; one without settings has only its name."""
        del written, path, report
        return PlannedField(name=name, kind=self.kind)

    def listing(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return what is shown in an order, as written: the options, or the lowest and highest value."""
        return field.options

    # asked and read

    @abstractmethod
    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """Return how to answer: `one of "tea", "coffee"`."""

    @abstractmethod
    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return key of the answer -> its JSON Schema: a flat subset that every provider takes."""

    @abstractmethod
    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read the answer."""

    def as_keyed(self, field: PlannedField, value: JsonValue, options: Sequence[JsonValue]) -> JsonValue:
        """Return a value as its keys would hold it if it were written in its exact form."""
        del field, options
        return value

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """Return what is said of it where its question is asked aloud; empty: nothing but its name, if that is new."""
        del field, options, is_named
        return ""

    # counted

    def answers(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return every possible answer, in the order they are counted in; empty: there is no end of them."""
        del field
        return ()

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Return whether a stated value counts as the answer `wanted`."""
        del field
        return is_same(value, wanted)

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return a stated value as a number; None: it is not one."""
        del field, value, option
        return None

    def range(self, field: PlannedField) -> tuple[float, float]:
        """Return the lowest and highest number an answer can be."""
        return -math.inf if field.low is None else field.low, math.inf if field.high is None else field.high

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Return why no answer can be this value, whatever the field's options; empty: one may be."""
        del field, value
        return ""

    # described

    @abstractmethod
    def phrase(self, field: PlannedField) -> str:
        """Return what an answer can be: `one of tea, coffee`."""

    def ends(self, field: PlannedField) -> tuple[ScaleEnd, ScaleEnd] | None:
        """Return the ends of its scale, lowest first; None: it is not a scale."""
        del field
        return None

    def told(self, field: PlannedField, value: JsonValue) -> str:
        """Write an answer that has parts; empty: it is one value, or a list."""
        del field, value
        return ""

    def figure(self, value: float) -> str:
        """Write a mean, median, lowest or highest value."""
        return number(value)

    def spread(self, value: float) -> str:
        """Write a standard deviation."""
        return number(value)

    # estimated

    @abstractmethod
    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return the least and most characters of an answer."""


def listed(options: Sequence[JsonValue]) -> str:
    """List options where a field is described; beyond twenty, how many more."""
    words = [label(option) for option in options]
    more = len(words) - MAX_LISTED
    return ", ".join(words if more <= 0 else [*words[:MAX_LISTED], f"{more} more"])


def quoted(words: Sequence[JsonValue]) -> str:
    """List options in quotes."""
    return ", ".join(f'"{label(word)}"' for word in words)


def one_of(options: Sequence[JsonValue]) -> dict[str, JsonValue]:
    """Return the JSON Schema of one option, or "not stated"."""
    words = [label(option) for option in options]
    extra = [] if any(is_not_stated(word) for word in words) else [NOT_STATED]
    return {"type": "string", "enum": [*words, *extra]}


def unique_options(options: Sequence[str | bool | float], path: Path, report: AddFinding) -> tuple[JsonValue, ...]:
    """Return options as planned; report one that is written twice."""
    seen: set[str] = set()
    for index, option in enumerate(options):
        if str(option).casefold() in seen:
            report("E332", f"'{option}' appears twice", (*path, index))
        seen.add(str(option).casefold())
    return tuple(options)


def check_order(low: object, high: object, path: Path, report: AddFinding, *, is_below: bool) -> None:
    """Report bounds that are not in order."""
    if not is_below:
        report(
            "E334", f"the lowest value, {low}, is not below the highest, {high}", path, hint="write the lowest first"
        )


def as_plain_number(value: JsonValue) -> float | None:
    """Return a number as it is; true is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def place_of(options: Sequence[JsonValue], wanted: JsonValue) -> int | None:
    """Return an option's place, counted from 1."""
    return next((place for place, option in enumerate(options, start=1) if is_same(option, wanted)), None)
