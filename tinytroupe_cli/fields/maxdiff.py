"""maxdiff: the best and the worst option of several sets (best-worst scaling)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.fields.answer_parts import first_invalid, numbered
from tinytroupe_cli.fields.field_type import (
    AddFinding,
    AnswerProcedure,
    FieldType,
    listed,
    one_of,
    quoted,
    unique_options,
)
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, read_option, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.spec.measures import MaxDiff

USUAL_TIMES: Final = 3
"""Sets that each option is in by default."""
FEW_OPTIONS: Final = 6
"""Options up to which sets have three of them by default, else four."""


class MaxDiffType(FieldType[MaxDiff]):
    """The best and the worst option of several sets; what is shown are the sets."""

    kind = "maxdiff"
    shape = "amounts"
    scale = "score"
    noun = "a best-worst task"
    spec = MaxDiff
    has_numbers = True
    is_one_value = False
    is_interviewed = True

    def plan(self, name: str, written: MaxDiff, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        options = unique_options(written.maxdiff, (*path, "maxdiff"), report)
        count = len(options)
        size = written.set_size or (3 if count <= FEW_OPTIONS else 4)
        if size >= count:
            hint = f"at most {count - 1}"
            report("E517", f"sets of {size} need more than {count} options", (*path, "set_size"), hint=hint)
            return PlannedField(name=name, kind="maxdiff", options=options)
        step = count // math.gcd(count, size)
        sets = written.sets or step * math.ceil(USUAL_TIMES * count / size / step)
        if sets % step:
            near = [number for number in (sets // step * step, (sets // step + 1) * step) if number]
            hint = f"use {' or '.join(map(str, near))} sets"
            message = f"with {sets} sets of {size}, {count} options can't all be shown equally often"
            report("E517", message, (*path, "sets"), hint=hint)
        return PlannedField(name=name, kind="maxdiff", options=options, low=-1, high=1, set_size=size, sets=sets)

    def listing(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return sets in which each option is equally often, for estimates; people are shown those of the plan."""
        names, size = [label(option) for option in field.options], field.set_size
        return [[names[(start + at) % len(names)] for at in range(size)] for start in range(0, field.sets * size, size)]

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """List the sets."""
        del field, procedure
        return f"the best and the worst option of each set: {numbered(_quoted(options))}"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return a best and a worst option for each set."""
        del field
        return {
            f"{key}_set_{number}_{end}": one_of(shown)
            for number, shown in enumerate(_sets(options), start=1)
            for end in ("best", "worst")
        }

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read two different options of every set."""
        del field
        found: list[JsonValue] = []
        answers = _by_set(answers, key)
        for number, shown in enumerate(_sets(options), start=1):
            ends = [
                read_option(stated_answer(answers, f"{key}_set_{number}_{end}"), shown) for end in ("best", "worst")
            ]
            if (invalid := first_invalid(ends)) is not None:
                return InvalidAnswer(f"set {number}: {invalid.why}")
            best, worst = (end.value for end in ends if isinstance(end, Value))
            if best is not None and is_same(best, worst):
                return InvalidAnswer(f"set {number}: '{label(best)}' is both the best and the worst")
            found.append({"set": [*shown], "best": best, "worst": worst})
        stated = [end for one in found if isinstance(one, dict) for end in (one["best"], one["worst"])]
        if all(end is None for end in stated):
            return Value(None)
        return InvalidAnswer("some sets were left open") if None in stated else Value(found)

    def as_keyed(self, field: PlannedField, value: JsonValue, options: Sequence[JsonValue]) -> JsonValue:
        """Return the best and worst options in the order of the sets."""
        del field, options
        return [end for best, worst, _ in choices(value) for end in (best, worst)]

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """List the sets."""
        del field, is_named
        return f"the best and the worst of each set: {numbered(_quoted(options))}"

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Return whether the option is more often best than worst."""
        score = self.as_number(field, value, wanted)
        return score is not None and score > 0

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return an option's score: times best minus times worst, per set that it was in."""
        del field
        marks = [
            is_same(best, option) - is_same(worst, option)
            for best, worst, shown in choices(value)
            if any(is_same(entry, option) for entry in shown)
        ]
        return sum(marks) / len(marks) if marks else None

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Refuse what is not one of the options."""
        is_option = any(is_same(value, option) for option in field.options)
        return "" if is_option else f"'{field.name}' has the options {listed(field.options)}"

    def told(self, field: PlannedField, value: JsonValue) -> str:
        """Write how often each option was best minus how often it was worst, highest first."""
        scores = Counter[str](dict.fromkeys(map(label, field.options), 0))
        for best, worst, _ in choices(value):
            scores[best] += 1
            scores[worst] -= 1
        ordered = sorted(scores.items(), key=lambda part: -part[1])
        return ", ".join(f"{name} {score:+d}" if score else f"{name} 0" for name, score in ordered)

    def phrase(self, field: PlannedField) -> str:
        """Return how many sets there are, and list the options."""
        return f"the best and the worst in {field.sets} sets of {field.set_size} from {listed(field.options)}"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of two options of each set."""
        longest = max((len(label(option)) for option in field.options), default=0)
        return 2 * field.sets, 2 * field.sets * (longest + 2)


def choices(value: JsonValue) -> list[tuple[str, str, list[str]]]:
    """Return the best option, the worst option and all options of each set of an answer."""
    sets: list[Any] = value if isinstance(value, list) else []
    return [(str(one["best"]), str(one["worst"]), [str(entry) for entry in one["set"]]) for one in sets]


def _sets(options: Sequence[JsonValue]) -> list[Sequence[JsonValue]]:
    return [shown for shown in options if isinstance(shown, list)]


def _quoted(options: Sequence[JsonValue]) -> list[str]:
    return [quoted(shown) for shown in _sets(options)]


def _by_set(answers: Answers, key: str) -> Answers:
    """Put `[{"best": "a", "worst": "b"}, …]` under the one key for all sets under the keys of each."""
    whole = answers.get(key)
    if not isinstance(whole, list):
        return answers
    return {
        f"{key}_set_{number}_{end}": one[end]
        for number, one in enumerate(whole, start=1)
        if isinstance(one, dict)
        for end in ("best", "worst")
        if end in one
    }
