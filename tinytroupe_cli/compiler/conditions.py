"""Turns factors and their levels into conditions.

A level has a label, which names it in results, and a value, which is used in texts. They are
the same if levels have no names. Independent of files: errors are returned as
`ConditionProblem`s with a path of keys.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS, slug
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.types import Condition

MAX_SLUG_CHARACTERS = 24
MAX_CONDITION_CHARACTERS = 180
MAX_CONDITIONS = 1_000
WORDS = frozenset({"vars", "condition", "person", "step", "replicate"})
"""Names that every text can use; no factor can have them."""

FactorLevels = Sequence[JsonValue] | Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Arm:
    """A condition and the values of its levels."""

    condition: Condition
    values: dict[str, JsonValue]
    """Factor -> its value."""


@dataclass(frozen=True, slots=True)
class ConditionProblem:
    """An error in the conditions as written; `path` leads to it from the root of the file."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


def with_levels(factors: Mapping[str, FactorLevels]) -> tuple[dict[str, FactorLevels], frozenset[str]]:
    """Return factors with their levels, and those marked as idle: {levels: [9, 12], idle: true}."""
    plain: dict[str, FactorLevels] = {}
    idle: set[str] = set()
    for factor, levels in factors.items():
        if isinstance(levels, Mapping) and set(levels) == {"levels", "idle"} and isinstance(levels["idle"], bool):
            inner = levels["levels"]
            plain[factor] = inner if isinstance(inner, list | dict) else []
            idle |= {factor} if levels["idle"] else set()
        else:
            plain[factor] = levels
    return plain, frozenset(idle)


def all_arms(
    factors: Mapping[str, FactorLevels], conditions: Sequence[tuple[str, Mapping[str, JsonValue]]] | None
) -> tuple[list[Arm], list[ConditionProblem]]:
    """Return the listed conditions or, without a list, every combination of levels."""
    problems = list(_bad_factors(factors, conditions or ()))
    if conditions is None:
        all_of = factorial(factors) if _combinations(factors) <= MAX_CONDITIONS else []
        return all_of, [*problems, *_too_long(all_of)]
    arms, further = listed(conditions, factors)
    return arms, [*problems, *further]


def _too_long(arms: Sequence[Arm]) -> Iterator[ConditionProblem]:
    """Find combinations of levels whose name is too long for a folder."""
    longest = max((slug(arm.condition.name) for arm in arms), key=len, default="")
    if len(longest) > MAX_CONDITION_CHARACTERS:
        message = f"a condition's name would have {len(longest)} characters; the maximum is {MAX_CONDITION_CHARACTERS}"
        yield ConditionProblem(("factors",), message, "shorten the names of levels, or list named `conditions`")


def factorial(factors: Mapping[str, FactorLevels]) -> list[Arm]:
    """Combine every level with every other, the first factor changing slowest; one arm `all` without factors."""
    named = {factor: _named(factor, levels) for factor, levels in factors.items()}
    combinations = [dict(zip(named, levels, strict=True)) for levels in itertools.product(*named.values())]
    names = _distinct(["-".join(level.slug for level in chosen.values()) for chosen in combinations])
    return [
        Arm(
            Condition(name=name or "all", levels={factor: level.label for factor, level in chosen.items()}),
            {factor: level.value for factor, level in chosen.items()},
        )
        for name, chosen in zip(names, combinations, strict=True)
    ]


def listed(
    conditions: Sequence[tuple[str, Mapping[str, JsonValue]]], factors: Mapping[str, FactorLevels]
) -> tuple[list[Arm], list[ConditionProblem]]:
    """Return the listed conditions; names of levels are replaced by their values."""
    problems = [*_repeated(conditions), *_uneven(conditions, factors)]
    arms: list[Arm] = []
    for index, (name, levels) in enumerate(conditions):
        values = dict(levels)
        for factor, label in levels.items():
            known = {str(level.label): level for level in _named(factor, factors.get(factor, ()))}
            if not known:
                continue
            if str(label) in known:
                values[factor] = known[str(label)].value
                continue
            hint = NearNames(str(label), known, label=f"levels of {factor}").hint()
            problems.append(ConditionProblem(("conditions", index, factor), f"unknown level '{label}'", hint))
        arms.append(Arm(Condition(name=name, levels=dict(levels)), values))
    return arms, problems


def levels_in(arms: Sequence[Arm]) -> dict[str, tuple[JsonValue, ...]]:
    """Return factor -> its levels' labels, in the order they first appear."""
    found: dict[str, list[JsonValue]] = {}
    for arm in arms:
        for factor, label in arm.condition.levels.items():
            labels = found.setdefault(factor, [])
            if label not in labels:
                labels.append(label)
    return {factor: tuple(labels) for factor, labels in found.items()}


def _bad_factors(
    factors: Mapping[str, FactorLevels], conditions: Sequence[tuple[str, Mapping[str, JsonValue]]]
) -> Iterator[ConditionProblem]:
    for factor, levels in factors.items():
        values = [json.dumps(value, sort_keys=True) for value in levels]
        if factor in WORDS:
            yield _taken(factor, ("factors", factor))
        if not values:
            yield ConditionProblem(("factors", factor), f"'{factor}' has no levels")
        for name in levels if isinstance(levels, Mapping) else ():
            if len(str(name)) > MAX_NAME_CHARACTERS:
                message = f"the name of a level may have at most {MAX_NAME_CHARACTERS} characters; it has {len(name)}"
                yield ConditionProblem(("factors", factor, name), message)
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value in seen:
                yield ConditionProblem(("factors", factor, index), f"level {value} appears twice")
            seen.add(value)
    if _combinations(factors) > MAX_CONDITIONS and not conditions:
        message = f"these factors make {_combinations(factors):,} conditions; the maximum is {MAX_CONDITIONS:,}"
        yield ConditionProblem(("factors",), message, "write the conditions you want under `conditions`")
    for index, (_, written) in enumerate(conditions):
        yield from (_taken(factor, ("conditions", index, factor)) for factor in written if factor in WORDS)


def _combinations(factors: Mapping[str, FactorLevels]) -> int:
    return math.prod(len(levels) for levels in factors.values())


def _taken(factor: str, path: tuple[str | int, ...]) -> ConditionProblem:
    return ConditionProblem(
        path, f"a factor can't be called '{factor}': texts use that name for something else", "choose another name"
    )


@dataclass(frozen=True, slots=True)
class _Level:
    label: JsonValue
    value: JsonValue
    slug: str


def _named(factor: str, levels: FactorLevels) -> list[_Level]:
    if isinstance(levels, Mapping):
        return [_Level(name, value, slug(name)) for name, value in levels.items()]
    return [_Level(value, value, _slug(factor, value, index)) for index, value in enumerate(levels, start=1)]


def _slug(factor: str, value: JsonValue, number: int) -> str:
    """Return a name for an unnamed level; a number if its value is unreadable."""
    match value:
        case bool() | None:
            return f"{slug(factor)}-{'no' if not value else 'yes'}"
        case int() | float():
            return slug(str(value))
        case str() if len(slug(value)) <= MAX_SLUG_CHARACTERS:
            return slug(value)
        case _:
            return f"{slug(factor)}-{number}"


def _distinct(names: Sequence[str]) -> list[str]:
    """Number names that would otherwise repeat."""
    taken: set[str] = set()
    result: list[str] = []
    for name in names:
        candidates = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        free = next(candidate for candidate in candidates if candidate not in taken)
        taken.add(free)
        result.append(free)
    return result


def _repeated(conditions: Sequence[tuple[str, Mapping[str, JsonValue]]]) -> list[ConditionProblem]:
    seen: dict[str, str] = {}
    problems: list[ConditionProblem] = []
    for index, (name, _) in enumerate(conditions):
        if slug(name) in seen:
            message = f"a second condition called '{seen[slug(name)]}'"
            problems.append(
                ConditionProblem(("conditions", index, "name"), message, "every condition needs its own name")
            )
        seen.setdefault(slug(name), name)
    return problems


def _uneven(
    conditions: Sequence[tuple[str, Mapping[str, JsonValue]]], factors: Mapping[str, FactorLevels]
) -> list[ConditionProblem]:
    """Find conditions that lack a factor that another one has."""
    every = list(dict.fromkeys([*factors, *(factor for _, levels in conditions for factor in levels)]))
    return [
        ConditionProblem(
            ("conditions", index),
            f"condition '{name}' has no value for '{factor}'",
            "every condition needs a value for every factor",
        )
        for index, (name, levels) in enumerate(conditions)
        for factor in every
        if factor not in levels
    ]
