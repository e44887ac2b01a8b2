"""An option is found in what was said, and none is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.language.said_options import said_options

MOOD = ("calm", "angry")
YES_NO = ("yes", "no")
INTENT = ("Would not buy", "Might buy", "Would buy")
AGREE = ("Strongly agree", "Agree", "Disagree", "Strongly disagree", "Neither agree nor disagree")
EVIDENCE = ("yes", "no", "no evidence")


def named(words, options):
    return [options[place] for place in said_options(words, options)]


@pytest.mark.parametrize(
    ("words", "options", "option"),
    [
        ("Angry.", MOOD, "angry"),
        ('"ANGRY"', MOOD, "angry"),
        ("**angry**", MOOD, "angry"),
        ("angry, because I can't stay calm", MOOD, "angry"),
        ("Angry - I think", MOOD, "angry"),
        ("Angry: it's too dear", MOOD, "angry"),
        ("Angry\n\nIt is too dear.", MOOD, "angry"),
        ("option: angry", MOOD, "angry"),
        ("My answer is angry.", MOOD, "angry"),
        ("b) angry", MOOD, "angry"),
        ("I'm angry at the price", MOOD, "angry"),
        ("the calm one", MOOD, "calm"),
        ("ang", MOOD, "angry"),
        ("😡 angry", MOOD, "angry"),
        ("Yes, definitely", YES_NO, "yes"),
        ("yes, no doubt", YES_NO, "yes"),
        ("I would say yes", YES_NO, "yes"),
        ("Nope", YES_NO, "no"),
        ("true", YES_NO, "yes"),
        ("might", INTENT, "Might buy"),
        ("I would not buy", INTENT, "Would not buy"),
        ("Would Not Buy, too dear", INTENT, "Would not buy"),
        ("Agree (4)", AGREE, "Agree"),
        ("I strongly agree!", AGREE, "Strongly agree"),
        ("neither", AGREE, "Neither agree nor disagree"),
        ("No evidence was found", EVIDENCE, "no evidence"),
        ("buy", ("buy", "buy later"), "buy"),
        ("Buy later, maybe", ("buy", "buy later"), "buy later"),
        ("C++", ("C", "C++"), "C++"),
        ("write document", ("none", "WRITE_DOCUMENT"), "WRITE_DOCUMENT"),
    ],
)
def test_an_option_is_found_by_what_was_said(words, options, option):
    assert named(words, options) == [option]


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("calm and angry", MOOD),
        ("Angry, calm", MOOD),
        ("angry/calm", MOOD),
        ("1. calm\n2. angry", MOOD),
        ("yes and no", YES_NO),
        ("Yes, and no", YES_NO),
        ("yes, but no", YES_NO),
        ("would", INTENT),
        ("agree strongly", AGREE),
        ("strongly", AGREE),
    ],
)
def test_words_that_fit_two_options_name_both(words, options):
    assert len(named(words, options)) == 2


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("neither calm nor angry", MOOD),
        ("not angry", MOOD),
        ("more angry than calm", MOOD),
        ("I am not calm", MOOD),
        ("angrily", MOOD),
        ("", MOOD),
        ("No idea", YES_NO),
        ("Not really", YES_NO),
        ("maybe", YES_NO),
        ("unhappy", ("happy", "sad")),
        ("I don't agree", AGREE),
    ],
)
def test_words_that_deny_or_name_none_are_no_option(words, options):
    assert named(words, options) == []


@given(st.lists(st.text(alphabet="abcdefgh xyz", min_size=1), min_size=1, max_size=5, unique=True), st.data())
def test_an_option_as_it_was_shown_is_always_that_one(options, data):
    wanted = data.draw(st.sampled_from(options))
    alike = [option for option in options if option.strip() == wanted.strip()]
    assert named(wanted, options) == ([wanted] if len(alike) == 1 else [])


@given(st.text(), st.lists(st.text(), max_size=4))
def test_no_words_raise(words, options):
    assert all(0 <= place < len(options) for place in said_options(words, options))
