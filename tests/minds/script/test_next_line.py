"""How a line is asked for again depends on what was wrong with it."""

import asyncio

import pytest

from tinytroupe_cli.minds.script.next_line import AVOIDED, Heard, next_line
from tinytroupe_cli.models.port import Completion, Message, ModelConfig, Purpose, Request

OWN = "I had noodles yesterday, and I don't like to cook in the evening."


@pytest.mark.parametrize(
    ("first", "unlike_before", "avoid"),
    [
        (OWN, 1, ()),
        ("I'm sorry, but as an AI language model I can't eat.", 0, AVOIDED),
    ],
)
def test_a_repeat_is_kept_from_what_was_said_and_an_assistant_from_its_words(first, unlike_before, avoid):
    asked: list[Request] = []

    class Chat:
        async def complete(self, request: Request) -> Completion:
            asked.append(request)
            return Completion(text=[first, "Pizza, cold."][len(asked) - 1])

    request = Request(
        model=ModelConfig(name="local/small"),
        messages=(Message(role="user", content="…"),),
        purpose=Purpose(role="people"),
    )
    heard = Heard(name="Lisa", own=(OWN,), others=(), speakers=("The host",), asked=("What did you eat?",))

    line = asyncio.run(next_line(Chat(), request, heard, is_guarded=True))

    assert line.text == "Pizza, cold."
    assert [(one.unlike_before, one.avoid) for one in asked] == [(0, ()), (unlike_before, avoid)]


def test_a_request_that_is_not_kept_from_anything_keeps_its_identity():
    request = Request(model=ModelConfig(name="m"), messages=(), purpose=Purpose(role="people"))
    assert "unlike_before" not in request.model_dump()


def test_what_a_turn_that_is_taken_again_is_kept_from_stays():
    asked: list[Request] = []

    class Chat:
        async def complete(self, request: Request) -> Completion:
            asked.append(request)
            return Completion(text="Pizza, cold.")

    request = Request(
        model=ModelConfig(name="m"), messages=(), purpose=Purpose(role="people"), avoid=AVOIDED, unlike_before=1
    )
    heard = Heard(name="Lisa", own=(), others=(), speakers=(), asked=())

    asyncio.run(next_line(Chat(), request, heard, is_guarded=False))

    assert [(one.unlike_before, one.avoid) for one in asked] == [(1, AVOIDED)]
