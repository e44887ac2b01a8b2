from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from builders import a_cast, a_trial
from worlds import default_answer, in_world, moment, played, with_stimuli

from tinytroupe_cli.core.errors import Fatal, LimitReached, ProviderRefused
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.codec import encode
from tinytroupe_cli.events.types import Acted, Event, Failed, Misaddressed, Perceived, StepBegan
from tinytroupe_cli.events.types import Refused as RefusedEvent
from tinytroupe_cli.minds.background_task import BackgroundTask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.situation import AvailableAction, Situation, Turn
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.plan.types import Pace, PlannedStimulus, Trial
from tinytroupe_cli.simulation import person_loop
from tinytroupe_cli.simulation.engine import simulate
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.simulation.state import fold

ONE, TWO, THREE = (member.id for member in a_cast(3))


def quiet(trial: Trial) -> Trial:
    return trial.model_copy(update={"queries": ()})


def test_one_turn_is_one_call() -> None:
    trial = quiet(a_trial(people=3, steps=4))
    assert len(played(trial).requests) == 12


def test_at_once_people_hear_what_was_said_a_step_before() -> None:
    seen = played(quiet(a_trial(people=2, steps=2)))
    assert "person-1 says 0" not in seen.text(TWO, 0)
    assert "Person 1 says to you: person-1 says 0" in seen.now(TWO, 1)


def test_one_after_another_people_hear_those_before_them_in_the_same_step() -> None:
    seen = played(quiet(in_world(a_trial(people=3, steps=2), order="sequential")))
    assert "person-1 says 0" in seen.text(TWO, 0)
    assert "person-2 says 0" in seen.text(THREE, 0)
    assert "person-2 says 0" not in seen.text(ONE, 0)
    assert "person-3 says 0" in seen.now(ONE, 1)


def test_a_shuffled_order_comes_from_the_seed_and_changes_by_step() -> None:
    trial = quiet(in_world(a_trial(people=3, steps=6), order="shuffled"))
    acted = [event.person for event in played(trial).events if isinstance(event, Acted) and event.action == "TALK"]
    orders = [acted[first : first + 3] for first in range(0, 18, 3)]
    ids = [member.id for member in trial.people]
    assert orders == [Stream(trial.seed, "order", step).shuffled(ids) for step in range(1, 7)]
    assert len({tuple(order) for order in orders}) > 1


def test_each_hears_everyone_exactly_once_whatever_the_order() -> None:
    for order in ("simultaneous", "sequential", "shuffled"):
        trial = quiet(in_world(a_trial(people=3, steps=5), order=order))
        seen = played(trial, lambda request: {**default_answer(request), "to": "everyone"})  # pyright: ignore[reportGeneralTypeIssues]
        for person in (ONE, TWO, THREE):
            said = seen.text(person, 4)
            for other in {ONE, TWO, THREE} - {person}:
                for number in range(4):
                    assert said.count(f"{other} says {number}\n") + said.count(f'{other} says {number}"') <= 1
                    assert f"{other} says {number}" in said, (order, person, other, number)


def test_words_to_one_person_reach_that_person_alone() -> None:
    def answer(request: Request) -> object:
        return moment("a secret", to="Person 2") if request.purpose.person == ONE else moment()

    seen = played(quiet(a_trial(people=3, steps=2)), answer)  # pyright: ignore[reportArgumentType]
    assert "a secret" in seen.text(TWO, 1)
    assert "a secret" not in seen.text(THREE, 1)
    assert "Person 1 says to you: a secret" in seen.now(TWO, 1)


@pytest.mark.parametrize("name", ["person 2", "PERSON-2", " Person 2. "])
def test_a_name_is_understood_however_it_is_written(name: str) -> None:
    def answer(request: Request) -> object:
        return moment("psst", to=name) if request.purpose.person == ONE else moment()

    seen = played(quiet(a_trial(people=3, steps=2)), answer)  # pyright: ignore[reportArgumentType]
    assert "psst" in seen.perceived(TWO)
    assert not [event for event in seen.events if isinstance(event, Misaddressed)]


def test_a_name_that_is_nobodys_is_an_event_and_feedback_and_no_broadcast() -> None:
    def answer(request: Request) -> object:
        return moment("are you there?", to="Oskar") if request.purpose.person == ONE else moment()

    seen = played(quiet(a_trial(people=2, steps=2)), answer)  # pyright: ignore[reportArgumentType]
    wrong = [event for event in seen.events if isinstance(event, Misaddressed)]
    assert [(event.person, event.name) for event in wrong] == [(ONE, "Oskar"), (ONE, "Oskar")]
    assert "are you there?" not in seen.perceived(TWO)
    assert "nobody called 'Oskar' here" in seen.now(ONE, 1)
    assert len(seen.asked(ONE)) == 2


def test_an_answer_to_the_moderator_is_heard_in_the_room() -> None:
    seen = played(quiet(a_trial(people=3, steps=2)), lambda _: moment("I like it", to="the moderator"))
    assert "Person 1 says to the moderator: I like it" in seen.now(TWO, 1)


def test_in_interviews_nobody_hears_anybody() -> None:
    trial = quiet(in_world(a_trial(people=3, steps=2), type="interviews"))
    seen = played(trial, lambda _: moment("to whom it may concern", to="the moderator"))
    assert "to whom it may concern" not in seen.text(TWO, 1).split('"words"', maxsplit=1)[0]
    assert seen.perceived(TWO) == ["What do you think of this TV?"]
    assert "You are alone" not in seen.now(TWO, 0)
    assert "Within hearing: the moderator." in seen.now(TWO, 0)


@pytest.mark.parametrize(
    ("verb", "text", "reads"),
    [
        ("say", "Good morning", "The moderator says: Good morning"),
        ("think", "I left the stove on", "You find yourself thinking: I left the stove on"),
        ("goal", "sell the car", "You have a new goal: sell the car"),
        ("show", "a poster with a red car", "You see: a poster with a red car"),
        ("read", "# Plan\nBuild it.", "You read:\n# Plan\nBuild it."),
        ("move", "the cafeteria", "You are now here: the cafeteria"),
        ("social", "Oscar is your boss", "You learn how things stand between people: Oscar is your boss"),
    ],
)
def test_every_verb_reaches_people_in_words_of_its_own(verb: str, text: str, reads: str) -> None:
    stimulus = PlannedStimulus(step=1, verb=verb, text=text, to=(ONE, TWO))  # pyright: ignore[reportArgumentType]
    seen = played(with_stimuli(quiet(a_trial(people=2, steps=1)), stimulus))
    assert reads in seen.now(ONE, 0)


def test_a_goal_and_a_place_stay_in_the_present_of_later_turns() -> None:
    trial = with_stimuli(
        quiet(a_trial(people=2, steps=2)),
        PlannedStimulus(step=1, verb="goal", text="sell the car", to=(ONE,), to_everyone=False),
        PlannedStimulus(step=1, verb="move", text="the cafeteria", to=(ONE, TWO)),
    )
    seen = played(trial, lambda _: moment("hello", goal=""))
    assert "You want: sell the car." in seen.now(ONE, 1)
    assert "the cafeteria" in seen.now(ONE, 1).split("(Monday")[1]
    assert "sell the car" not in seen.text(TWO, 1)


def test_who_has_moved_away_is_out_of_reach() -> None:
    stimulus = PlannedStimulus(step=2, verb="move", text="the garden", to=(ONE,), to_everyone=False)
    seen = played(with_stimuli(quiet(a_trial(people=3, steps=3)), stimulus))
    heard = [text for text in seen.perceived(TWO) if text.startswith(ONE)]
    assert heard == ["person-1 says 0"]
    assert "Within hearing: Person 3." in seen.now(TWO, 2)
    assert "nobody can hear you" in seen.now(ONE, 2)


def test_the_state_of_mind_is_in_the_next_prompt() -> None:
    seen = played(
        quiet(a_trial(people=2, steps=2)), lambda _: moment("x", feeling="green with envy.", goal="to go home.")
    )
    assert "You feel: green with envy. You want: to go home." in seen.now(ONE, 1)


def test_time_place_and_company_are_in_every_prompt() -> None:
    seen = played(quiet(in_world(a_trial(people=2, steps=2), step_length=Pace(amount=3, unit="month"))))
    assert "Monday 5 January 2026; Room; A kitchen. Within hearing: Person 2, the moderator.)" in seen.now(ONE, 0)
    assert "(Sunday 5 April 2026; Room;" in seen.now(ONE, 1)


def test_nobody_is_asked_to_act_on_nothing() -> None:
    trial = quiet(in_world(a_trial(people=2, steps=4), activation="when_stimulated"))
    seen = played(trial, lambda _: moment(""))
    assert len(seen.requests) == 2
    talking = played(trial, lambda _: moment("go on"))
    assert len(talking.requests) == 8


def test_silence_is_a_turn() -> None:
    assert played(quiet(a_trial(people=2, steps=1)), lambda _: moment("")).kinds(ONE) == ["THINK", "DONE"]


def test_a_refused_or_broken_turn_is_an_event_and_the_person_stays() -> None:
    def answer(request: Request) -> object:
        if request.purpose.person == ONE and request.purpose.step == 1:
            return ProviderRefused("I won't")
        return "no json at all" if request.purpose.person == TWO and request.purpose.step == 1 else moment("fine")

    seen = played(quiet(a_trial(people=2, steps=2)), answer)  # pyright: ignore[reportArgumentType]
    assert [event.text for event in seen.events if isinstance(event, RefusedEvent)] == ["I won't"]
    assert [event.reason for event in seen.events if isinstance(event, Failed)] == ["bad_output"]
    assert seen.kinds(ONE) == ["THINK", "TALK"]
    assert seen.kinds(TWO) == ["THINK", "TALK"]


@pytest.mark.parametrize("error", [Fatal("no key"), LimitReached("$1")])
def test_what_ends_a_run_comes_out_as_itself(error: Exception) -> None:
    with pytest.raises(type(error)):
        played(quiet(a_trial(people=3, steps=2)), lambda _: error)  # pyright: ignore[reportArgumentType]


def test_the_log_is_in_the_order_of_steps_and_cast_and_numbered() -> None:
    events = played(a_trial(people=3, steps=3)).events
    assert [event.seq for event in events] == list(range(len(events)))
    assert [event.step for event in events] == sorted(event.step for event in events)
    assert [event.step for event in events if isinstance(event, StepBegan)] == [1, 2, 3]


class _Plain:
    """A mind that has no forms to fill in and nothing to do between turns."""

    async def fill_in(
        self, past: Sequence[Event], situation: Situation, ability: AvailableAction, about: str
    ) -> Answer | NoAnswer:
        raise AssertionError((past, situation, ability, about))

    def start_background_work(self, past: Sequence[Event], step: int) -> BackgroundTask | None:
        del past, step


class SlowMind(_Plain):
    """Takes as long as it is told, and then thinks."""

    def __init__(self, delays: dict[int, float]) -> None:
        self.delays = delays
        self.begun: list[int] = []

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        del past
        self.begun.append(situation.step)
        await asyncio.sleep(self.delays.get(situation.step, 0))
        return Turn(thought="x", words="y", to="everyone")


def test_a_slow_interviewee_holds_up_nobody() -> None:
    trial = quiet(in_world(a_trial(people=2, steps=3), type="interviews"))
    slow, fast = SlowMind({1: 0.2}), SlowMind({})

    async def watch() -> list[int]:
        stream = simulate(trial, Ports({ONE: slow, TWO: fast}))
        reading = asyncio.ensure_future(_all(stream))
        await asyncio.sleep(0.1)
        begun = list(fast.begun)
        await reading
        return begun

    assert asyncio.run(watch()) == [1, 2, 3]


def test_not_everybody_in_a_crowd_holds_a_prompt_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_loop, "MOST_TURNS", 3)
    acting, most = 0, 0

    class Counted(SlowMind):
        async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
            nonlocal acting, most
            acting += 1
            most = max(most, acting)
            turn = await super().act(past, situation)
            acting -= 1
            return turn

    trial = quiet(a_trial(people=8, steps=3))
    minds = {member.id: Counted(dict.fromkeys((1, 2, 3), 0.01)) for member in trial.people}
    asyncio.run(_all(simulate(trial, Ports(minds))))

    assert most == 3
    assert all(mind.begun == [1, 2, 3] for mind in minds.values())


def test_in_a_room_a_step_waits_for_those_who_can_be_heard() -> None:
    slow, fast = SlowMind({1: 0.1}), SlowMind({})

    async def watch() -> list[int]:
        reading = asyncio.ensure_future(
            _all(simulate(quiet(a_trial(people=2, steps=3)), Ports({ONE: slow, TWO: fast})))
        )
        await asyncio.sleep(0.05)
        begun = list(fast.begun)
        await reading
        return begun

    assert asyncio.run(watch()) == [1]


def test_closing_the_stream_stops_every_turn() -> None:
    stopped: list[int] = []

    class Endless(_Plain):
        async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
            del past
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                stopped.append(situation.step)
                raise
            return Turn()

    async def leave() -> None:
        stream = simulate(quiet(a_trial(people=3, steps=1)), Ports(dict.fromkeys((ONE, TWO, THREE), Endless())))
        await anext(stream)
        await asyncio.sleep(0.01)
        await stream.aclose()

    asyncio.run(leave())
    assert stopped == [1, 1, 1]


async def _all(stream: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in stream]


@pytest.mark.parametrize("order", ["simultaneous", "shuffled"])
def test_the_same_answers_give_the_same_bytes_however_long_each_took(order: str) -> None:
    trial = in_world(a_trial(people=6, steps=4), order=order)

    def log(seed: int) -> str:
        stream = Stream(seed, "delays")

        async def late(request: Request) -> object:
            await asyncio.sleep(stream.fraction() / 200)
            return default_answer(request)

        return "\n".join(encode(event) for event in played(trial, late).events)  # pyright: ignore[reportArgumentType]

    assert len({log(1), log(2), log(3)}) == 1


def test_the_state_live_is_the_fold_of_the_log() -> None:
    trial = quiet(in_world(a_trial(people=3, steps=4), order="shuffled"))
    seen = played(trial, lambda r: {**default_answer(r), "feeling": f"mood {r.purpose.step}"})  # pyright: ignore[reportGeneralTypeIssues]
    before_last = [event for event in seen.events if event.step < 4]
    for person in (ONE, TWO, THREE):
        state = fold(before_last, person, (ONE, TWO, THREE))
        assert f"You feel: {state.feeling}." in seen.now(person, 3)
        assert state.place in seen.now(person, 3)
        assert state.outside_speakers == ("the moderator",)


def test_perceptions_are_told_to_each_person_once() -> None:
    events = played(quiet(a_trial(people=3, steps=1))).events
    stimuli = [event for event in events if isinstance(event, Perceived) and event.sense == "say"]
    assert [event.people for event in stimuli] == [(ONE, TWO, THREE)]
