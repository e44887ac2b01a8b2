"""Which turns are taken again, which try is kept, and whose hearing counts."""

import asyncio
from datetime import datetime

import pytest

from tinytroupe_cli.core.errors import NotStored
from tinytroupe_cli.events.types import Acted, Perceived
from tinytroupe_cli.minds.earlier_words import EarlierWords
from tinytroupe_cli.minds.guarding import Guarding, Whose, guarded
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.situation import EVERYONE, Situation, Turn

NEWS = "The old cinema on Mill Street is going to be torn down in the spring."
OTHER = "I'd rather we kept it, my parents met in the back row."
SORRY = "As an AI, I have no parents."


def situation(*people: str, said: tuple[str, ...] = ()) -> Situation:
    return Situation(
        step=3,
        time=datetime.fromisoformat("2026-01-05"),
        place="",
        people=tuple((one, one.title()) for one in people),
        outside_speakers=("the host",),
        own_words=said,
    )


def told(source: str, *people: str, text: str = NEWS, sense="talk") -> Perceived:
    return Perceived(trial="r1", step=1, people=people, sense=sense, source=source, text=text)


def spoke(to: str, text: str = NEWS, action: str = "TALK") -> Acted:
    return Acted(trial="r1", step=1, person="lisa", action=action, to=to, text=text)


def take(*outcomes, past=(), here=None, **guarding):
    """Take a turn whose attempts come to these; return what is kept, and the sample numbers that were asked for."""
    asked: list[int] = []

    async def attempt(sample: int):
        asked.append(sample)
        outcome = outcomes[len(asked) - 1]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    whose = Whose("r1", Guarding(**guarding), EarlierWords("lisa"))
    kept = asyncio.run(guarded(attempt, past, here or situation("oscar", "amara"), whose))
    return kept, asked


def saying(words: str, to: str = EVERYONE, thought: str = "") -> Turn:
    return Turn(thought=thought, to=to, words=words)


def fault_in(words: str, past, *, to: str = EVERYONE, here=None):
    kept, _ = take(*[saying(words, to)] * 3, past=past, here=here)
    return kept.fault


def test_a_good_turn_is_taken_at_once_and_nothing_is_noted():
    kept, asked = take(saying(OTHER), past=[spoke(EVERYONE)])
    assert (kept, asked) == (saying(OTHER), [0])


def test_the_first_good_try_is_kept_and_all_are_noted():
    kept, asked = take(saying(NEWS), saying(OTHER), past=[spoke(EVERYONE)])
    assert (kept.words, kept.fault, asked) == (OTHER, None, [0, 1])
    assert [(one.attempt, one.fault, one.is_kept) for one in kept.side_events] == [
        (1, "repeats_self", False),
        (2, None, True),
    ]


def test_of_three_bad_tries_the_least_bad_is_kept_and_of_equals_the_first():
    refused = NoAnswer("refused", "I can't.")
    kept, asked = take(refused, saying(SORRY), saying(NEWS), past=[spoke(EVERYONE)])
    assert (kept.fault, asked) == ("repeats_self", [0, 1, 2])
    first, _ = take(*[saying(NEWS, thought=str(at)) for at in range(3)], past=[spoke(EVERYONE)])
    assert first.thought == "0"
    assert take(refused, refused, refused)[0].reason == "refused"


def test_a_try_again_that_fails_is_noted_and_the_first_is_kept():
    failed = NoAnswer("rejected", "the provider rejected the request: dry_penalty_last_n")
    kept, asked = take(saying(NEWS), failed, past=[spoke(EVERYONE)])
    assert (kept.words, kept.fault, asked) == (NEWS, "repeats_self", [0, 1])
    first, second = kept.side_events
    assert (first.is_kept, second.is_kept, second.is_good) == (True, False, False)
    assert "dry_penalty_last_n" in second.reason


def test_a_failure_that_is_no_refusal_is_not_asked_again():
    gone = NoAnswer("unreachable", "down")
    assert take(gone) == (gone, [0])
    kept, asked = take(saying(NEWS), gone, past=[spoke(EVERYONE)])
    assert (kept.fault, asked) == ("repeats_self", [0, 1])


def test_a_run_from_before_there_were_guards_is_replayed_with_what_is_stored():
    kept, asked = take(saying(NEWS), NotStored("not stored"), past=[spoke(EVERYONE)])
    assert (kept.fault, asked) == ("repeats_self", [0, 1])
    with pytest.raises(NotStored):
        take(NotStored("not stored"))


def test_guards_that_are_off_look_at_nothing():
    kept, asked = take(saying(NEWS), past=[spoke(EVERYONE)], is_on=False)
    assert (kept, asked) == (saying(NEWS), [0])


def test_news_may_be_passed_on_to_those_who_have_not_heard_it():
    past = [told("oscar", "lisa")]
    assert fault_in(NEWS, past, to="amara") is None
    assert fault_in(NEWS, past, to=EVERYONE) is None
    assert fault_in(NEWS, past, to="oscar") == "repeats_other"
    assert fault_in(NEWS, [told("oscar", "lisa", "amara")], to="amara") == "repeats_other"
    assert fault_in(NEWS, [told("oscar", "lisa", "amara")], to=EVERYONE) == "repeats_other"


def test_the_same_may_be_told_to_somebody_else_and_not_to_the_same_again():
    assert fault_in(NEWS, [spoke("oscar")], to="amara") is None
    assert fault_in(NEWS, [spoke("oscar")], to="oscar") == "repeats_self"
    assert fault_in(NEWS, [spoke("the host")], to="the host", here=situation()) == "repeats_self"


def test_what_an_outside_voice_has_just_said_is_asked_and_later_something_others_said():
    question = told("the host", "lisa", text="What would you keep of the old cinema on Mill Street?", sense="say")
    assert fault_in(question.text, [question], to="the host") == "question_back"
    later = [question, spoke("the host", OTHER), told("the host", "lisa", text="Go on.", sense="say")]
    assert fault_in(question.text, later, to="the host") == "repeats_other"


def test_who_is_asked_to_repeat_it_may():
    again = told("the host", "lisa", text="Could you say that again, please?", sense="say")
    assert fault_in(NEWS, [spoke("the host"), again], to="the host") is None


@pytest.mark.parametrize("words", ["", NEWS])
def test_without_new_words_the_thought_is_looked_at(words):
    """What was said before in the same turn is dropped by the world, so it is no repeat."""
    past = [spoke("", OTHER, action="THINK"), spoke(EVERYONE, NEWS)]
    kept, _ = take(*[saying(words, thought=OTHER)] * 3, past=past, here=situation("oscar", said=(NEWS,)))
    assert kept.fault == "repeats_self"
    fresh, asked = take(saying(words, thought="Tea."), past=past, here=situation("oscar", said=(NEWS,)))
    assert (fresh.fault, asked) == (None, [0])
