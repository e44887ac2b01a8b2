"""Describes a run in one sentence: who, how, for how many steps, and what they are asked."""

from __future__ import annotations

from typing import Final

from tinytroupe_cli.plan.types import Plan

MAX_NAMES: Final = 3
MAX_LABELS: Final = 4


def opening(plan: Plan) -> str:
    """Return what is going to happen."""
    names = list(dict.fromkeys(member.name for trial in plan.trials for member in trial.people))
    who = f"{len(names):,} people" if len(names) > MAX_NAMES else _listed(names)
    world = plan.trials[0].world
    steps = f"{world.steps:,} step{'s' * (world.steps != 1)}"
    return f"{who} {_meet(world.type, len(names))} for {steps}{_conditions(plan)}{_asked(plan)}."


def _meet(kind: str, people: int) -> str:
    match kind, people:
        case "interviews", 1:
            return "is interviewed alone"
        case "interviews", _:
            return "are interviewed, each alone,"
        case "room", 1:
            return "is alone in a room"
        case "room", _:
            return "meet in a room"
        case _, 1:
            return "is alone in a network"
        case _:
            return "are connected in a network"


def _conditions(plan: Plan) -> str:
    parts: list[str] = []
    if len(plan.conditions) > 1:
        labels = [" and ".join(_level(*pair) for pair in one.levels.items()) or one.name for one in plan.conditions]
        named = f" ({'; '.join(labels)})" if len(labels) <= MAX_LABELS else ""
        each = "under each of" if plan.design == "within" else "in groups under"
        parts.append(f", {each} {len(labels)} conditions{named}")
    if plan.replicates > 1:
        parts.append(f", {plan.replicates} times over")
    return "".join(parts)


def _level(factor: str, level: object) -> str:
    return f"{factor.replace('_', ' ')} {level}"


def _asked(plan: Plan) -> str:
    queries = list({query.name: query for trial in plan.trials for query in trial.queries}.values())
    own = sum(len(query.fields) for query in queries if query.how == "interview")
    read = sum(sum(not field.aside for field in query.fields) for query in queries if query.how != "interview")
    people = len({member.id for trial in plan.trials for member in trial.people})
    answers = "then answers" if people == 1 else "then each answers"
    parts = [f", {answers} {_count(own, 'question')}"] if own else []
    more = "more " if own else ""
    are = "is" if read == 1 else "are"
    parts += [f"; {_count(read, f'{more}question')} {are} answered from the transcript"] if read else []
    return "".join(parts)


def _listed(names: list[str]) -> str:
    return " and ".join([part for part in (", ".join(names[:-1]), names[-1] if names else "") if part]) or "Nobody"


def _count(quantity: int, one: str) -> str:
    return f"{quantity:,} {one}{'s' * (quantity != 1)}"
