"""What a reply means: what is left out stays what it was, and form costs nothing."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.replies import read_reply, reply_schema
from tinytroupe_cli.minds.situation import AvailableAction, Situation, Turn
from tinytroupe_cli.models.answer_reading import read_answer
from tinytroupe_cli.models.port import Completion

LISA, OSCAR = ("lisa", "Lisa Carter"), ("oscar", "Oscar Brandt")
ABILITIES = (AvailableAction("LOOK_UP", "look something up"), AvailableAction("MOVE", "go elsewhere"))


def situation(*people, voices=(), abilities=ABILITIES):
    return Situation(
        step=1,
        time=datetime.fromisoformat("2026-01-05"),
        place="A kitchen",
        people=people,
        outside_speakers=voices,
        abilities=abilities,
    )


def test_a_turn_without_goal_feeling_thought_or_act_keeps_its_words():
    turn = read_reply({"to": "Oscar", "words": "Tea."}, situation(OSCAR))
    assert turn == Turn(to="oscar", words="Tea.")
    assert read_reply({"thought": "Hm.", "words": None, "goal": None}, situation(OSCAR)) == Turn(thought="Hm.")


@pytest.mark.parametrize(
    ("near", "to"),
    [
        (situation(OSCAR), "oscar"),
        (situation(OSCAR, LISA), "everyone"),
        (situation(voices=("the moderator",)), "the moderator"),
        (situation(OSCAR, voices=("the moderator",)), "everyone"),
    ],
)
def test_words_to_nobody_in_particular_reach_whoever_is_there(near, to):
    assert read_reply({"words": "Tea."}, near).to == to


@pytest.mark.parametrize("written", ["LOOK_UP", "look_up", "Look up", "LOOK_UP.", "action: look up", ["LOOK_UP"]])
def test_an_act_in_other_writing_is_that_act(written):
    turn = read_reply({"act": written, "argument": ["tea", "milk"]}, situation(OSCAR))
    assert (turn.action, turn.argument) == ("LOOK_UP", "tea, milk")


@pytest.mark.parametrize("written", ["none", "None.", "dance", "", None, "LOOK_UP and MOVE"])
def test_an_act_that_nobody_has_is_none(written):
    assert read_reply({"act": written, "argument": "x", "words": "Tea."}, situation(OSCAR)).action == ""


def test_a_stock_refusal_is_a_refused_turn_wherever_it_stands():
    declined = "I'm sorry, but I can't help with that request."
    assert read_reply({"words": declined}, situation(OSCAR)) == NoAnswer("refused", declined)
    assert read_reply({"thought": declined, "words": ""}, situation(OSCAR)) == NoAnswer("refused", declined)
    assert isinstance(read_reply({"words": "I'm sorry, I can't afford that."}, situation(OSCAR)), Turn)


def test_other_names_for_the_parts_of_a_turn_are_understood():
    schema = reply_schema(situation(OSCAR))
    text = '{"thoughts": "Hm.", "speech": "Tea.", "emotion": "glad", "action": "move", "say to": "x"}'
    values = read_answer(Completion(text=text), schema).values
    assert values == {"thought": "Hm.", "words": "Tea.", "feeling": "glad", "act": "move"}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
KEYS = ("thought", "to", "words", "act", "argument", "feeling", "goal")


@given(st.dictionaries(st.sampled_from(KEYS), ANY))
def test_no_reply_raises(values):
    turn = read_reply(values, situation(OSCAR, voices=("the moderator",)))
    assert isinstance(turn, Turn | NoAnswer)
