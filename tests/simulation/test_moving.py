"""Places: people move between them, and only those in the same one hear each other."""

from typing import Any

import pytest
from builders import a_cast, a_trial
from worlds import in_world, moment, played

from tinytroupe_cli.events.types import Moved, Perceived
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.plan.types import PlannedStimulus, Trial
from tinytroupe_cli.simulation.actions_offered import own_abilities

ONE, TWO, THREE = "person-1", "person-2", "person-3"
PLACES = {"office": "Twelve desks and a fern.", "cafeteria": "Long tables, a coffee machine."}


def a_house(steps: int = 3, **world: Any) -> Trial:
    """One and Two are in the office, Three is in the cafeteria."""
    one, two, three = a_cast(3)
    cast = (one, two, three.model_copy(update={"place": "cafeteria"}))
    hello = PlannedStimulus(step=1, verb="say", text="Good morning.", to=(ONE, TWO, THREE))
    trial = a_trial(cast, steps=steps, stimuli=(hello,), queries=())
    return in_world(trial, place="office", places=PLACES, **world)


def going(who: str, where: str, step: int = 1):
    """Everyone says who they are and when to everyone; one of them moves at a step."""

    def answer(request: Request):
        person, now = request.purpose.person, request.purpose.step
        said: Any = moment(f"{person} at {now}")
        properties: Any = request.answer.body["properties"] if request.answer else {}
        moves = person == who and now == step
        said |= {"act": "MOVE", "argument": where} if moves else {"act": "none", "argument": ""}
        return {key: value for key, value in said.items() if key in properties}

    return answer


def play(trial: Trial, answer: Any):
    return played(trial, answer, abilities=own_abilities(trial))


def test_only_those_in_the_same_place_hear():
    log = play(a_house(), going("nobody", ""))
    assert "person-2 at 1" in log.text(ONE, 1)
    assert "person-3" not in log.text(ONE, 2)
    assert "person-1" not in log.text(THREE, 2)
    assert "person-2" not in log.text(THREE, 2)


def test_after_moving_people_are_heard_where_they_came_to_and_no_longer_where_they_left():
    log = play(a_house(steps=4), going(ONE, "cafeteria"))
    assert [(event.person, event.place, event.step) for event in log.events if isinstance(event, Moved)] == [
        (ONE, "cafeteria", 1)
    ]
    assert "person-1 at 2" in log.text(THREE, 2)
    assert "person-1 at 1" not in log.text(THREE, 3)
    assert "person-1 at 1" in log.text(TWO, 1)
    assert "person-1 at 2" not in log.text(TWO, 3)
    assert "person-3 at 2" in log.text(ONE, 2)
    assert "person-2 at 2" not in log.text(ONE, 3)


def test_who_arrives_is_told_where_they_are_what_it_is_like_and_who_is_there():
    log = play(a_house(), going(ONE, "cafeteria"))
    assert "You are now here: cafeteria\n(Long tables, a coffee machine. With you: Person 3.)" in log.now(ONE, 1)
    assert "; Room; cafeteria. You feel: calm. Within hearing: Person 3, the moderator." in log.now(ONE, 1)


def test_everyone_sees_the_place_they_begin_in():
    log = play(a_house(), going("nobody", ""))
    assert "(Twelve desks and a fern.)" in log.now(TWO, 0)
    assert "(Long tables, a coffee machine.)" in log.now(THREE, 0)


def test_a_stimulus_brings_people_to_a_place_and_lets_them_look_around():
    trial = a_house()
    move = PlannedStimulus(step=2, verb="move", text="cafeteria", to=(TWO,), to_everyone=False)
    trial = trial.model_copy(update={"stimuli": (*trial.stimuli, move)})
    log = play(trial, going("nobody", ""))
    assert "You are now here: cafeteria\n(Long tables, a coffee machine.)" in log.now(TWO, 1)
    assert "person-3 at 2" in log.text(TWO, 2)


@pytest.mark.parametrize("where", ["Cafeteria", " 'cafeteria'. ", "to the cafeteria, for coffee"])
def test_a_place_may_be_named_as_people_write(where: str):
    log = play(a_house(), going(ONE, where))
    assert any(isinstance(event, Moved) for event in log.events)


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("the moon", "There is no such place. You can go to: cafeteria."),
        ("", "There is no such place. You can go to: cafeteria."),
        ("office", "You are there already. You can go to: cafeteria."),
    ],
)
def test_who_goes_nowhere_is_told(where: str, told: str):
    log = play(a_house(), going(ONE, where))
    assert not [event for event in log.events if isinstance(event, Moved)]
    assert told in log.now(ONE, 1)


def test_people_are_offered_the_other_places_only():
    log = play(a_house(), going("nobody", ""))
    assert "- MOVE (go to another place; argument: its name: cafeteria)" in log.now(ONE, 0)
    assert "- MOVE (go to another place; argument: its name: office)" in log.now(THREE, 0)


def test_nobody_can_move_where_there_is_one_place():
    trial = in_world(a_house(), places={"office": ""})
    assert own_abilities(trial) == ()


@pytest.mark.parametrize("order", ["sequential", "shuffled"])
def test_one_after_another_who_comes_later_in_the_step_finds_them_gone(order: Any):
    log = play(a_house(order=order), going(ONE, "cafeteria"))
    order_of_step = [event.person for event in log.events if event.step == 1 and event.kind == "acted"]
    two_is_later = order_of_step.index(TWO) > order_of_step.index(ONE)
    heard = [event for event in log.events if isinstance(event, Perceived) and event.text == "person-2 at 1"]
    assert bool(heard) is not two_is_later
    assert "person-1 at 2" not in log.text(TWO, 2)
    assert any(isinstance(e, Perceived) and e.text == "person-1 at 2" and THREE in e.people for e in log.events)


def test_a_look_around_makes_nobody_act_but_arriving_does():
    trial = a_house(activation="when_stimulated")
    trial = trial.model_copy(update={"stimuli": (trial.stimuli[0].model_copy(update={"to": (ONE,)}),)})

    def silent(request: Request):
        said: Any = going(ONE, "cafeteria")(request)
        return said | {"words": ""} if "words" in said else said

    log = play(trial, silent)
    assert [(r.purpose.person, r.purpose.step) for r in log.requests] == [(ONE, 1), (ONE, 2)]


def test_two_plays_of_one_trial_have_one_log():
    first, second = (play(a_house(), going(ONE, "cafeteria")).events for _ in range(2))
    assert first == second
