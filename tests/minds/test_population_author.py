"""One short call for each person; what all share comes first."""

import asyncio

from snapshots import assert_snapshot

from tinytroupe_cli.minds.population_author import LETTERS, PopulationAuthor
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.models.structured import Structured

SAID = {"name": " Ana  Silva ", "personality": "Wry.", "beliefs": "Rain is honest."}


def an_author(model, size=3):
    chat = Structured(model, PriceTable())
    also = ("personality", "beliefs")
    return PopulationAuthor(chat, ModelConfig(name="openai/fake"), "town", "People of a town.", also, 7, size)


def ask(model, facts, number, **options):
    return asyncio.run(an_author(model).write(facts, number, person=f"town-{number:03}", **options))


def test_the_prompt_of_a_person_reads_well():
    model = ScriptedModel([SAID, SAID])
    ask(model, {"age": 71, "occupation": {"title": "baker"}}, 1)
    ask(model, {"age": 20}, 2, problems="somebody else is called Ana Silva")
    texts = [f"[{message.role}]\n{message.content}" for one in model.requests for message in one.messages]
    assert_snapshot("\n\n".join(texts) + "\n", "prompts/population.txt")
    first, second = (one.messages[0] for one in model.requests)
    assert first == second


def test_only_what_was_asked_comes_back_on_one_line_each():
    said = ask(ScriptedModel([{**SAID, "personality": "Wry.\nTidy.", "beliefs": "x " * 400}]), {"age": 71}, 1)
    assert said["name"] == "Ana Silva"
    assert said["personality"] == "Wry. Tidy."
    assert len(said["beliefs"]) <= 400
    assert "age" not in said


def test_a_field_that_only_repeats_what_was_asked_is_empty():
    said = ask(ScriptedModel([{**SAID, "beliefs": "An opinion they would defend."}]), {"age": 71}, 1)
    assert said["beliefs"] == ""
    assert said["personality"] == "Wry."


def test_letters_are_as_different_as_they_can_be_and_new_for_a_second_try():
    author = an_author(ScriptedModel([]), size=100)
    first = [author.initials(number, 0) for number in range(1, 101)]
    second = [author.initials(number, 1) for number in range(1, 101)]
    assert len(set(first)) == len(set(second)) == 100
    assert not set(first) & set(second)
    assert len({letters[0] for letters in first}) > len(LETTERS) // 2


def test_two_people_with_the_same_facts_are_two_requests():
    model = ScriptedModel([SAID, SAID])
    ask(model, {"age": 71}, 1)
    ask(model, {"age": 71}, 2)
    one, two = model.requests
    assert one.salt != two.salt
    assert one.messages != two.messages
