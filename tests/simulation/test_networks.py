"""A network: who is tied to whom decides who hears whom, and ties can form."""

import asyncio
from typing import Any

import pytest
from builders import a_cast, a_trial
from worlds import default_answer, in_world, moment, played

from tinytroupe_cli.events.types import Perceived, TieFormed
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.plan.types import Tie, Trial
from tinytroupe_cli.simulation.actions_offered import own_abilities

ONE, TWO, THREE, FOUR = (f"person-{n}" for n in range(1, 5))
LINE = (Tie(a=ONE, b=TWO, name="colleagues"), Tie(a=TWO, b=THREE), Tie(a=THREE, b=FOUR))


def a_line(steps: int = 3, **world: Any) -> Trial:
    """Four people in a line: each is tied to the next."""
    return in_world(a_trial(a_cast(4), steps=steps, queries=()), type="network", ties=LINE, **world)


def reaching(who: str, whom: str, step: int = 1):
    """Everyone says who they are and when; one of them reaches out to somebody at a step."""

    def answer(request: Request):
        person, now = request.purpose.person, request.purpose.step
        said: Any = moment(f"{person} at {now}")
        reaches = person == who and now == step
        said |= {"act": "REACH_OUT", "argument": whom} if reaches else {"act": "none", "argument": ""}
        properties: Any = request.answer.body["properties"] if request.answer else {}
        return {key: value for key, value in said.items() if key in properties}

    return answer


def play(trial: Trial, answer: Any = default_answer):
    return played(trial, answer, abilities=own_abilities(trial))


def test_only_the_tied_hear_each_other():
    log = play(a_line(), reaching("nobody", ""))
    assert "person-1 at 1" in log.text(TWO, 1)
    for far in (THREE, FOUR):
        assert "person-1 at" not in log.text(far, 2)
    assert "person-4 at" not in log.text(TWO, 2)


def test_people_know_who_they_are_tied_to_and_how():
    log = play(a_line(), reaching("nobody", ""))
    assert "Within hearing: everyone, Person 1 (colleagues), Person 3, the moderator." in log.now(TWO, 0)
    assert "Within hearing: Person 2 (colleagues), the moderator." in log.now(ONE, 0)
    request = log.asked(TWO)[0]
    assert request.answer is not None
    properties: Any = request.answer.body["properties"]
    assert properties["to"]["enum"] == ["everyone", "Person 1", "Person 3", "the moderator"]


def test_in_a_network_with_places_people_are_parted_by_both():
    cast = a_cast(4)
    cast = (*cast[:1], cast[1].model_copy(update={"place": "roof"}), *cast[2:])
    trial = a_line(place="office", places={"office": "", "roof": ""})
    log = play(trial.model_copy(update={"people": cast}), reaching("nobody", ""))
    assert "person-1 at" not in log.text(TWO, 2)
    assert "person-3 at 1" in log.text(FOUR, 1)


def test_nobody_waits_for_somebody_they_are_not_tied_to():
    """One is slow; Four, three ties away, is through two steps before that."""
    gate = asyncio.Event()
    order: list[tuple[str, int]] = []

    async def answer(request: Request):
        person, step = request.purpose.person, request.purpose.step
        if person == ONE and step == 1:
            await gate.wait()
        order.append((person, step))
        if (person, step) == (FOUR, 2):
            gate.set()
        return default_answer(request)

    play(a_line(), answer)
    assert order.index((FOUR, 2)) < order.index((ONE, 1))


def test_reaching_out_ties_two_people_who_can_then_talk():
    log = play(a_line(reach_out="anyone"), reaching(ONE, "Person 4"))
    assert [(event.people, event.step) for event in log.events if isinstance(event, TieFormed)] == [((ONE, FOUR), 1)]
    assert "You have made contact with Person 4; you can speak to each other from now on." in log.now(ONE, 1)
    assert "Person 1 makes contact with you; you can speak to each other from now on." in log.now(FOUR, 1)
    assert "Person 4" in log.now(ONE, 1).partition("Within hearing:")[2]
    assert "person-1 at 1" not in log.text(FOUR, 2)
    assert "person-1 at 2" in log.text(FOUR, 2)
    [contact] = [event for event in log.events if isinstance(event, Perceived) and event.sense == "reach_out"]
    assert contact.people == (ONE, FOUR)


def test_friends_of_friends_are_offered_and_nobody_else():
    log = play(a_line(reach_out="friends_of_friends"), reaching("nobody", ""))
    offer = "- REACH_OUT (make contact with somebody you can't speak to yet; argument: their name: "
    assert f"{offer}Person 3)" in log.now(ONE, 0)
    assert f"{offer}Person 4)" in log.now(TWO, 0)


def test_a_new_tie_makes_new_friends_of_friends():
    log = play(a_line(reach_out="friends_of_friends"), reaching(ONE, "Person 3"))
    assert "their name: Person 4)" in log.now(ONE, 1)


@pytest.mark.parametrize(
    ("whom", "told"),
    [
        ("Person 4", "You can't reach Person 4: nobody you know knows them."),
        ("Person 2", "You can speak to Person 2 already."),
        ("Person 1", "You can't reach out to yourself."),
        ("Napoleon", "You know of nobody called 'Napoleon'."),
    ],
)
def test_who_can_not_be_reached_is_told_back(whom: str, told: str):
    log = play(a_line(reach_out="friends_of_friends"), reaching(ONE, whom))
    assert not [event for event in log.events if isinstance(event, TieFormed)]
    assert told in log.now(ONE, 1)


def test_without_permission_nobody_is_offered_to_reach_out():
    log = play(a_line(), reaching("nobody", ""))
    assert "REACH_OUT" not in log.now(ONE, 0)


def test_a_crowd_of_strangers_is_counted_not_listed():
    trial = a_trial(a_cast(40), steps=1, queries=())
    log = play(in_world(trial, type="network", ties=LINE, reach_out="anyone"), reaching("nobody", ""))
    assert "one of the 38 people you have no tie to; argument: their full name" in log.now(ONE, 0)
    assert "Person 30" not in log.now(ONE, 0)


@pytest.mark.parametrize("order", ["sequential", "shuffled"])
def test_one_after_another_a_new_tie_holds_from_the_next_turn(order: Any):
    log = play(a_line(reach_out="anyone", order=order), reaching(ONE, "Person 4"))
    assert any(
        isinstance(event, Perceived) and event.text == "person-1 at 2" and FOUR in event.people for event in log.events
    )
    assert log.events == play(a_line(reach_out="anyone", order=order), reaching(ONE, "Person 4")).events
