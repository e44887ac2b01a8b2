"""Things to test with, with good defaults: `a_persona(age=30)`, `a_trial(steps=2)`."""

from __future__ import annotations

from typing import Any

from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.types import (
    CastMember,
    Condition,
    Models,
    Plan,
    PlannedField,
    PlannedQuery,
    PlannedStimulus,
    Trial,
    WorldPlan,
)


def a_persona(name: str = "Lisa Carter", **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "age": 28,
        "nationality": "Canadian",
        "occupation": {"title": "Data scientist", "organization": "Microsoft"},
        "personality": {"traits": ["curious", "blunt when bored"]},
        **fields,
    }


def a_member(person: str = "lisa", name: str = "Lisa Carter", **fields: Any) -> CastMember:
    return CastMember(id=person, name=name, persona=a_persona(name, **fields))


def a_cast(count: int = 2) -> tuple[CastMember, ...]:
    return tuple(a_member(f"person-{n}", f"Person {n}") for n in range(1, count + 1))


def a_question(people: tuple[str, ...], **changes: Any) -> PlannedQuery:
    query = PlannedQuery(
        name="choice",
        procedure="interview",
        people=people,
        questions=dict.fromkeys(people or ("",), "Would you buy it?"),
        fields=(PlannedField(name="buys", kind="yes_no"), PlannedField(name="why", kind="text")),
    )
    return query.model_copy(update=changes)


def a_trial(people: int | tuple[CastMember, ...] = 2, steps: int = 2, **changes: Any) -> Trial:
    cast = a_cast(people) if isinstance(people, int) else people
    ids = tuple(member.id for member in cast)
    trial = Trial(
        id="r1",
        condition="all",
        replicate=1,
        seed=7,
        world=WorldPlan(type="room", name="Room", place="A kitchen", start="2026-01-05T09:00", steps=steps),
        people=cast,
        stimuli=(PlannedStimulus(step=1, verb="say", text="What do you think of this TV?", to=ids),),
        queries=(a_question(ids),),
    )
    return trial.model_copy(update=changes)


def a_plan(*trials: Trial, **changes: Any) -> Plan:
    use = ModelConfig(name="openai/fake")
    plan = Plan(
        name="tv",
        seed=7,
        replicates=1,
        conditions=(Condition(name="all", levels={}),),
        models=Models(people=use, judge=use, author=use),
        trials=trials or (a_trial(),),
    )
    return plan.model_copy(update=changes)
