"""Conditions are pure functions of the log and the world; what nobody could tell makes nothing happen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from builders import a_trial

from tinytroupe_cli.core.errors import LimitReached
from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Event, Intervened, MentalStateReported, Perceived, StateSet, TrialStoppedEarly
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.verdicts import JudgedClaim, Verdict
from tinytroupe_cli.plan.planned_interventions import (
    AllOf,
    AnyOf,
    ClaimHolds,
    ExpressionTrue,
    PlannedCondition,
    StepReached,
)
from tinytroupe_cli.plan.types import (
    DeliverStimuli,
    PlannedChange,
    PlannedEndTrial,
    PlannedIntervention,
    PlannedStateChange,
    PlannedStimulus,
    Trial,
)
from tinytroupe_cli.simulation.environment import trial_began
from tinytroupe_cli.simulation.interventions import Interventions
from tinytroupe_cli.simulation.preconditions import ConditionInputs, ConditionResult, evaluate_condition
from tinytroupe_cli.simulation.state import WorldState, apply_to_world

NO, UNKNOWN, YES = "no", "unknown", "yes"
CAST = ("person-1", "person-2")


class FakeJudge:
    """Knows what each claim is worth, and keeps what it was asked."""

    def __init__(self, worth: dict[str, Any] | None = None) -> None:
        self.worth = worth or {}
        self.asked: list[str] = []
        self.most_at_once = 0
        self._now = 0

    async def verdict(
        self, claim: JudgedClaim, evidence: str, *, sample: int = 0, person: str = "", step: int = 0
    ) -> Verdict | NoAnswer:
        del evidence, sample, person, step
        self.asked.append(claim.text)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(0)
        self._now -= 1
        found = self.worth.get(claim.text, claim.text)
        if isinstance(found, Exception):
            raise found
        return {
            YES: Verdict(holds=True, justification=f"{claim.text} indeed"),
            NO: Verdict(holds=False),
            UNKNOWN: NoAnswer("bad_output", "mumble"),
        }[found]


def says(word: str) -> ClaimHolds:
    return ClaimHolds(texts=(word,))


def judged(condition: PlannedCondition, *, step: int = 1, judge: FakeJudge | None = None) -> ConditionResult:
    prospect = ConditionInputs(WorldState(step=step), {"world": {"step": step}}, "")
    return asyncio.run(evaluate_condition(condition, prospect, judge or FakeJudge()))


@pytest.mark.parametrize(
    ("parts", "of_all", "of_any"),
    [
        ((YES, YES), YES, YES),
        ((YES, NO), NO, YES),
        ((NO, NO), NO, NO),
        ((YES, UNKNOWN), UNKNOWN, YES),
        ((NO, UNKNOWN), NO, UNKNOWN),
        ((UNKNOWN, UNKNOWN), UNKNOWN, UNKNOWN),
    ],
)
def test_what_is_unknown_decides_only_where_all_hangs_on_it(parts: Any, of_all: str, of_any: str) -> None:
    for made, wanted in ((AllOf, of_all), (AnyOf, of_any)):
        for order in (parts, parts[::-1]):
            found = judged(made(conditions=tuple(map(says, order))))
            assert (YES if found.is_true else UNKNOWN if found.unanswered else NO) == wanted


def test_a_nested_claim_waits_for_what_costs_nothing() -> None:
    inner = AnyOf(conditions=(says(YES), StepReached(step=2)))
    judge = FakeJudge()
    assert not judged(AllOf(conditions=(inner, StepReached(step=3))), step=2, judge=judge).is_true
    assert judged(AllOf(conditions=(inner, StepReached(step=2))), step=2, judge=judge).is_true
    assert judge.asked == []


def test_an_expression_that_cannot_be_worked_out_is_unknown() -> None:
    found = judged(ExpressionTrue(text="1 / (world.step - 1) > 0"))
    assert not found.is_true
    assert found.unanswered is not None
    assert "1 / (world.step - 1) > 0" in found.unanswered.text


def intervention(name: str, when: PlannedCondition, *effects: Any, limit: int = 1) -> PlannedIntervention:
    return PlannedIntervention(name=name, when=when, then=effects, limit=limit)


def directed(trial: Trial, log: list[Event], *, step: int = 1, judge: FakeJudge | None = None) -> list[Event]:
    world = WorldState()
    log = [trial_began(trial), *log]
    for event in log:
        world = apply_to_world(world, event)
    director = Interventions(trial, judge or FakeJudge())
    stamp = LogTime(trial.id, step, "2026-01-05T09:00")
    return list(asyncio.run(director.direct(stamp, log, WorldState(people=world.people, step=step))))


def test_all_interventions_of_a_step_are_judged_at_once_and_told_in_the_order_written() -> None:
    three = tuple(intervention(f"number {n}", says(YES), PlannedEndTrial()) for n in range(3))
    judge = FakeJudge()
    events = directed(a_trial(interventions=three), [], judge=judge)
    assert judge.most_at_once == 3
    assert [event.name for event in events if isinstance(event, Intervened)] == ["number 0", "number 1", "number 2"]


def test_effects_are_told_behind_their_intervention_with_the_texts_of_the_step() -> None:
    stimuli = (
        PlannedStimulus(step=0, verb="say", text="Always.", to=CAST),
        PlannedStimulus(step=1, verb="say", text="Of step 1.", to=CAST),
        PlannedStimulus(step=2, verb="say", text="Of step 2.", to=CAST),
    )
    changes = (
        PlannedChange(people=CAST, field="emotions", value="hot"),
        PlannedChange(people=CAST, field="goal", value="water"),
        PlannedChange(people=CAST[:1], field="age", value=9, step=2),
        PlannedChange(people=CAST[:1], field="age", value=8, step=1),
    )
    one = intervention(
        "one",
        StepReached(step=2),
        DeliverStimuli(stimuli=stimuli),
        PlannedStateChange(changes=changes),
        PlannedEndTrial(),
    )
    fired, *effects = directed(a_trial(interventions=(one,)), [], step=2)
    assert isinstance(fired, Intervened)
    assert [event.text for event in effects if isinstance(event, Perceived)] == ["Always.", "Of step 2."]
    changed = [(event.people, event.values) for event in effects if isinstance(event, StateSet)]
    assert changed == [(CAST, {"emotions": "hot", "goal": "water"}), (CAST[:1], {"age": 9})]
    assert isinstance(effects[-1], TrialStoppedEarly)
    assert {event.step for event in effects} == {2}


def test_an_expression_sees_what_people_feel_and_who_they_are_by_now() -> None:
    text = "person_1.emotions == 'cross' and person_1.age == 9 and person_2.emotions == null"
    trial = a_trial(interventions=(intervention("one", ExpressionTrue(text=text)),))
    log: list[Event] = [
        MentalStateReported(trial="r1", person="person-1", emotion="cross"),
        StateSet(trial="r1", people=("person-1",), values={"age": 9}),
    ]
    assert directed(trial, log)
    assert not directed(trial, log[:1])


def test_a_limit_that_is_reached_while_judging_is_raised_as_it_is() -> None:
    judge = FakeJudge({"broke": LimitReached("$2.00")})
    nested = AllOf(conditions=(AnyOf(conditions=(says("broke"), says(NO))), says(YES)))
    with pytest.raises(LimitReached):
        directed(a_trial(interventions=(intervention("one", nested),)), [], judge=judge)
