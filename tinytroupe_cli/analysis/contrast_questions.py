"""Which contrasts a comparison asks for: named weights of levels, interactions, moderators, and slopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import Question, groups_of_people, matching
from tinytroupe_cli.analysis.measure_values import measured_options
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import CastMember, Plan

DIFFERENCE_OF_DIFFERENCES: Final = (1.0, -1.0, -1.0, 1.0)
"""Weights of the levels 00, 10, 01 and 11 of two factors."""
MIN_NUMBERS: Final = 3
"""Different numbers from which an attribute without `bands` has a slope, not groups."""


def is_contrast(plan: Plan, planned: PlannedComparison) -> bool:
    """Return whether a comparison asks for contrasts or a slope in place of pairs of levels."""
    named = planned.contrasts or planned.second_factor or planned.moderator
    return bool(named) or (
        planned.attribute != "" and not planned.pairs and has_slope(plan.cast, planned.attribute, planned.bands)
    )


def contrast_questions(plan: Plan, planned: PlannedComparison, field: PlannedField) -> Iterator[Question]:
    """Yield every contrast, for each option of a choice or ranking."""
    options: Sequence[JsonValue] = measured_options(field)
    for option in options:
        if planned.second_factor:
            yield from _interactions(plan, planned, field, option)
        elif planned.moderator:
            yield from _moderators(plan, planned, field, option)
        elif planned.contrasts:
            yield from _named(plan, planned, field, option)
        else:
            everywhere = tuple(condition.name for condition in plan.conditions)
            people = frozenset(numbers_of(plan.cast, planned.attribute))
            yield Question(planned, field, option, (), (everywhere,), (people,), kind="slope")


def has_slope(people: Iterable[CastMember], attribute: str, bands: Sequence[float]) -> bool:
    """Return whether an attribute is a number without `bands`."""
    return not bands and len(set(numbers_of(people, attribute).values())) >= MIN_NUMBERS


def numbers_of(people: Iterable[CastMember], attribute: str) -> dict[str, float]:
    """Return person -> a numeric attribute; empty where it is something else for anyone who has it."""
    found = {member.id: single_value(member.persona, attribute) for member in people}
    known = {person: value for person, value in found.items() if value is not None}
    numbers = {
        person: float(value)
        for person, value in known.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return numbers if len(numbers) == len(known) else {}


def _named(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[Question]:
    for name, weights in planned.contrasts.items():
        used = [place for place, weight in enumerate(weights) if weight]
        levels = tuple(plan.factors[planned.factor][place] for place in used)
        if sets := matching(plan.conditions, planned, levels):
            yield Question(
                planned,
                field,
                option,
                levels,
                tuple(zip(*sets, strict=True)),
                kind="contrast",
                contrast=name,
                weights=tuple(weights[place] for place in used),
                group_of=tuple(range(len(used))) if plan.is_between(planned.factor) else (0,) * len(used),
            )


def _interactions(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[Question]:
    one, other = planned.factor, planned.second_factor
    pairs = [tuple(combinations(plan.factors[factor], 2)) for factor in (one, other)]
    for firsts, seconds in product(*pairs):
        narrowed = [planned.model_copy(update={"at": {**planned.at, other: level}}) for level in seconds]
        sets = [matching(plan.conditions, at_level, firsts) for at_level in narrowed]
        if all(sets) and len(sets[0]) == len(sets[1]):
            conditions = [names for at_level in sets for names in zip(*at_level, strict=True)]
            yield Question(
                planned,
                field,
                option,
                (list(firsts), list(seconds)),
                tuple(conditions),
                kind="interaction",
                weights=DIFFERENCE_OF_DIFFERENCES,
                group_of=_groups(is_first_between=plan.is_between(one), is_second_between=plan.is_between(other)),
            )


def _moderators(plan: Plan, planned: PlannedComparison, field: PlannedField, option: JsonValue) -> Iterator[Question]:
    is_number = has_slope(plan.cast, planned.moderator, planned.moderator_bands)
    is_between = plan.is_between(planned.factor)
    groups = groups_of_people(plan.cast, planned.moderator, planned.moderator_bands)
    everyone = frozenset(numbers_of(plan.cast, planned.moderator))
    for levels in planned.pairs or tuple(combinations(plan.factors[planned.factor], 2)):
        sets = matching(plan.conditions, planned, levels)
        if not sets:
            continue
        sides = tuple(zip(*sets, strict=True))
        if is_number and not is_between:
            people = (everyone, everyone)
            yield Question(planned, field, option, levels, sides, people, "moderator", group_of=(0, 0))
            continue
        for names in combinations(groups, 2):
            people = tuple(groups[label(name)] for name in names for _ in levels)
            shown: tuple[JsonValue, ...] = ([*levels], [*names])
            group_of = _groups(is_first_between=is_between, is_second_between=True)
            weights = DIFFERENCE_OF_DIFFERENCES
            yield Question(
                planned, field, option, shown, sides * 2, people, "moderator", weights=weights, group_of=group_of
            )


def _groups(*, is_first_between: bool, is_second_between: bool) -> tuple[int, ...]:
    """Return the group of units of the levels 00, 10, 01 and 11."""
    if is_first_between and is_second_between:
        return 0, 1, 2, 3
    if is_first_between:
        return 0, 1, 0, 1
    return (0, 0, 1, 1) if is_second_between else (0, 0, 0, 0)


def is_comparable(field: PlannedField) -> bool:
    """Return whether the measure's options are known, if it has any."""
    return bool(field.options) or type_of(field).shape != "nominal"
