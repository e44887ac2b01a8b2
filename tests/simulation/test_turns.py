"""What a turn can be beside words: acts that are answered, forms, moves, systems, and a director's word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builders import a_cast, a_trial
from worlds import default_answer, in_world, moment, played

from tinytroupe_cli.events.types import (
    Acted,
    Event,
    Failed,
    Intervened,
    MemoryConsolidated,
    Moved,
    Perceived,
    StateSet,
    TrialStoppedEarly,
)
from tinytroupe_cli.minds.background_task import BackgroundTask
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.models.port import AnswerSchema, Request
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.actions import LogTime, perceived
from tinytroupe_cli.simulation.state import WorldState, fold

ONE, TWO = (member.id for member in a_cast(2))
FORM = AnswerSchema(
    name="entry",
    body={
        "type": "object",
        "properties": {"title": {"type": "string"}, "day": {"type": "string"}},
        "required": ["title", "day"],
        "additionalProperties": False,
    },
)


def quiet(trial: Trial) -> Trial:
    return trial.model_copy(update={"queries": ()})


class Almanac:
    """Answers LOOK_UP within the turn; writes NOTE down with a form; MOVE goes elsewhere."""

    def __init__(self, *abilities: AvailableAction, tells_more: bool = False) -> None:
        self.abilities = abilities
        self.tells_more = tells_more
        self.acts: list[ActionCall] = []

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        del moment
        return self.abilities

    async def perform(self, act: ActionCall, moment: TurnContext) -> ActionResult:
        self.acts.append(act)
        stamp, person = moment.stamp, moment.person
        if act.name == "MOVE":
            went = Moved(trial=stamp.trial, step=stamp.step, time=stamp.time, person=person, place=act.argument)
            return ActionResult((went,))
        text = "It rained." if not self.tells_more else f"It rained on day {len(self.acts)}."
        answer = perceived(stamp, people=(person,), sense="document", source="almanac", to=person, text=text)
        return ActionResult((answer,), continues_turn=True)


LOOK_UP = AvailableAction("LOOK_UP", "look at the almanac; argument: what for", has_feedback=True)


def acting(act: str, argument: str = "", **reply: Any) -> dict[str, Any]:
    answer: dict[str, Any] = moment(**reply)  # type: ignore[assignment]
    return {**answer, "act": act, "argument": argument}


def shaped(reply: dict[str, Any], request: Request) -> dict[str, Any]:
    """Leave out what the request doesn't ask for."""
    body: Any = request.answer and request.answer.body
    return {name: value for name, value in reply.items() if name in body["properties"]}


def test_an_act_that_must_be_answered_is_answered_in_the_same_turn() -> None:
    def answer(request: Request) -> Any:
        knows = "It rained." in request.messages[-1].content
        return acting("none", words="It rained, I read.") if knows else acting("LOOK_UP", "the weather")

    seen = played(quiet(a_trial(people=2, steps=1)), answer, abilities=(Almanac(LOOK_UP),))
    first, second = seen.asked(ONE)
    assert "LOOK_UP (look at the almanac" in first.messages[-1].content
    assert second.messages[: len(first.messages) - 1] == first.messages[:-1]
    assert '"act": "LOOK_UP", "argument": "the weather"' in second.messages[-2].content
    assert "You read in almanac:\nIt rained." in second.messages[-1].content
    assert seen.kinds(ONE) == ["THINK", "LOOK_UP", "THINK", "TALK"]
    assert "It rained, I read." in seen.perceived(TWO)


def test_a_turn_is_answered_three_times_at_the_most() -> None:
    def answer(request: Request) -> Any:
        return shaped(acting("LOOK_UP", "again"), request)

    seen = played(quiet(a_trial(people=2, steps=1)), answer, abilities=(Almanac(LOOK_UP, tells_more=True),))
    assert len(seen.asked(ONE)) == 4
    last: Any = seen.asked(ONE)[-1].answer
    assert "act" not in last.body["properties"]


def test_a_turn_ends_when_an_act_is_answered_as_before() -> None:
    def answer(request: Request) -> Any:
        return shaped(acting("LOOK_UP", "again"), request)

    seen = played(quiet(a_trial(people=2, steps=1)), answer, abilities=(Almanac(LOOK_UP),))
    assert len(seen.asked(ONE)) == 2


def test_words_said_in_a_turn_are_not_said_again_when_an_act_has_been_answered() -> None:
    def answer(request: Request) -> Any:
        knows = "It rained." in request.messages[-1].content
        return acting("none", words="let me see.") if knows else acting("LOOK_UP", "the weather", words="Let me see.")

    seen = played(quiet(a_trial(people=2, steps=1)), answer, abilities=(Almanac(LOOK_UP),))
    first, second = seen.asked(ONE)
    assert "A moment ago you said" not in first.messages[-1].content
    assert 'A moment ago you said: "Let me see."' in second.messages[-1].content
    assert seen.kinds(ONE) == ["THINK", "TALK", "LOOK_UP", "THINK", "DONE"]
    assert [text for text in seen.perceived(TWO) if "et me see." in text] == ["Let me see."]


def test_an_act_with_several_arguments_is_asked_for_in_its_shape() -> None:
    almanac = Almanac(AvailableAction("NOTE", "write something down; argument: what", form=FORM, has_feedback=True))

    def answer(request: Request) -> Any:
        if request.purpose.kind == "form":
            return {"title": "Rain", "day": "2026-01-05"}
        return acting("none") if "It rained" in request.messages[-1].content else acting("NOTE", "the rain")

    seen = played(quiet(a_trial(people=2, steps=1)), answer, abilities=(almanac,))
    assert [act.arguments for act in almanac.acts] == [{"title": "Rain", "day": "2026-01-05"}] * 2
    form = seen.asked(ONE, what="form")[0].messages[-1].content
    assert "NOTE" in form
    assert "the rain" in form


def test_a_form_that_is_not_filled_in_is_told_and_recorded() -> None:
    almanac = Almanac(AvailableAction("NOTE", "write something down", form=FORM))
    seen = played(
        quiet(a_trial(people=2, steps=2)),
        lambda request: "no" if request.purpose.kind == "form" else acting("NOTE", "x", words="Hello."),
        abilities=(almanac,),
    )
    assert not almanac.acts
    assert [event.action for event in seen.events if isinstance(event, Failed)] == ["NOTE"] * 4
    assert "Nothing came of NOTE." in seen.now(ONE, 1)


def test_people_elsewhere_hear_nothing_and_people_who_come_do() -> None:
    trial = quiet(in_world(a_trial(people=2, steps=3), places={"A kitchen": "", "A garden": ""}))

    def answer(request: Request) -> Any:
        person, step = request.purpose.person, request.purpose.step
        goes = person == ONE and step in (1, 2)
        where = {1: "A garden", 2: "A kitchen"}[step] if goes else ""
        return shaped(acting("MOVE" if goes else "none", where, words=f"{person} {step}"), request)

    seen = played(trial, answer, abilities=(Almanac(AvailableAction("MOVE", "go to another place")),))
    assert f"{TWO} 1" in seen.perceived(ONE)  # said while both were there
    assert f"{TWO} 2" not in seen.perceived(ONE)
    assert f"{ONE} 2" not in seen.perceived(TWO)
    assert f"{TWO} 3" in seen.perceived(ONE)
    assert "A garden" in seen.now(ONE, 1)


class Director:
    """Sets a mood at step 2 and ends the trial at step 3."""

    def __init__(self) -> None:
        self.logs: list[list[Event]] = []
        self.worlds: list[WorldState] = []

    async def direct(self, stamp: LogTime, log: Sequence[Event], world: WorldState) -> Sequence[Event]:
        self.logs.append(list(log))
        self.worlds.append(world)
        at: Any = {"trial": stamp.trial, "step": stamp.step, "time": stamp.time}
        if stamp.step == 2:
            mood = {"emotions": "furious", "attention": "the door", "occupation.title": "Spy"}
            return [Intervened(**at, name="mood"), StateSet(**at, people=(ONE,), values={**mood})]
        return [TrialStoppedEarly(**at, reason="enough")] if stamp.step == 3 else []


def test_a_director_reads_all_that_happened_and_changes_minds() -> None:
    director = Director()
    seen = played(quiet(a_trial(people=2, steps=5)), director=director)
    assert len(director.logs) == 3
    assert [world.messages_this_step for world in director.worlds] == [0, 2, 2]
    assert sum(isinstance(event, Acted) and event.action == "TALK" for event in director.logs[1]) == 2
    assert "You feel: furious. Your attention is on: the door." in seen.now(ONE, 1)
    assert "furious" not in seen.now(TWO, 1)
    assert "Spy" not in seen.text(ONE, 0)
    assert "Spy" in seen.text(ONE, 1)
    assert len(seen.asked(ONE)) == 3
    assert max(event.step for event in seen.events) == 3
    assert fold(seen.events, ONE, (ONE, TWO)).attention == "the door"


def test_what_is_done_in_the_background_enters_the_log_at_its_step() -> None:
    class Dreamer(PersonMind):
        def start_background_work(self, past: Sequence[Event], step: int) -> BackgroundTask | None:
            del past

            async def dream() -> tuple[Event, ...]:
                return (
                    MemoryConsolidated(trial=self.trial, person=self.person, facts=(f"dream {step}",), through=step),
                )

            return BackgroundTask(dream, due=step + 2)

    seen = played(quiet(a_trial(people=2, steps=4)), default_answer, mind=Dreamer)
    found = [(event.step, event.facts) for event in seen.events if isinstance(event, MemoryConsolidated)]
    assert found == [(3, ("dream 1",))] * 2 + [(4, ("dream 2",))] * 2
    at_step_4 = [event for event in seen.events if event.step == 4 and not isinstance(event, Perceived)]
    assert isinstance(at_step_4[1], MemoryConsolidated)
