"""A model's stock phrase is told from what a person says."""

import pytest

from tinytroupe_cli.models.declining import is_refusal_in_prose, is_stock_refusal


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I\u2019m sorry, but I can\u2019t assist you with that request.",
        " Sorry, I cannot assist with this! ",
        "I am sorry, but I can't assist.",
    ],
)
def test_the_phrase_alone_is_a_refusal(text):
    assert is_stock_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I'm sorry, but I can't help with that. Ask at the desk downstairs.",
        "I'm sorry, but I can't help with the move on Sunday.",
        "I can't help it.",
        "Oscar said: I'm sorry, but I can't help with that.",
    ],
)
def test_with_a_word_of_their_own_it_is_the_persons(text):
    assert not is_stock_refusal(text)


@pytest.mark.parametrize(
    "text", ["I won't be able to provide that information.", "Sorry, I will not be able to assist with this request."]
)
def test_prose_that_says_it_will_not_be_able_to_is_a_refusal(text):
    assert is_refusal_in_prose(text)
