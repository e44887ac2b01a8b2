from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.minds.memory.recall import Recall, recall_for_turn, search
from tinytroupe_cli.minds.memory.semantic import MemoryItem, SemanticMemory

DOG = MemoryItem("Oscar says to you: My dog is called Rufus.", "5 January 2026, 09:20")
TALK = [
    MemoryItem(f"Oscar says to you: The price in shop {n} is {n} dollars.", f"5 January 2026, 10:{n:02}")
    for n in range(40)
]


class ByFirstLetters:
    """Texts are near when they share initials: no model, but no shared words needed either."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += texts
        return [[float(word[0] in text.lower()) for word in ("hound", "price")] for text in texts]


def filled(*memories: MemoryItem, embedder: ByFirstLetters | None = None) -> SemanticMemory:
    memory = SemanticMemory(embedder)
    for one in memories:
        memory.add(one)
    return memory


def found(memory: SemanticMemory, news: str, *, how: Recall = "semantic", tokens: int = 200) -> tuple[str, ...]:
    return asyncio.run(recall_for_turn(memory, how, news=[news], goal="", tokens=tokens))


def test_what_has_to_do_with_the_moment_comes_to_mind() -> None:
    assert found(filled(DOG, *TALK), "Do you still know the name of the dog?") == (
        "(5 January 2026, 09:20) Oscar says to you: My dog is called Rufus.",
    )


def test_what_has_nothing_to_do_with_it_does_not() -> None:
    assert found(filled(DOG, *TALK), "Shall we sing?") == ()


def test_what_comes_to_mind_stays_within_its_tokens_and_in_the_order_lived() -> None:
    lines = found(filled(DOG, *TALK), "the price in which shop?", tokens=80)
    assert lines == tuple(sorted(lines))
    assert 0 < sum(map(estimate_tokens, lines)) <= 80


def test_full_recall_brings_everything_there_is_room_for_facts_first() -> None:
    memory = filled(DOG, *TALK, MemoryItem("I promised Oscar a call.", is_fact=True))
    assert len(found(memory, "Shall we sing?", how="full", tokens=5_000)) == 42
    little = found(memory, "Shall we sing?", how="full", tokens=60)
    assert little[-1] == "I promised Oscar a call."
    assert "shop 39" in little[0]


def test_recall_that_is_off_brings_nothing() -> None:
    assert found(filled(DOG), "the dog", how="off") == ()


def test_a_long_memory_comes_back_by_the_part_that_fits() -> None:
    contract = "\n\n".join(f"Paragraph {n}: nothing but dull words about {n} things." for n in range(200))
    memory = filled(MemoryItem(f"You read:\n{contract}\n\nThe penalty for leaving early is a goat."))
    [line] = found(memory, "What is the penalty?")
    assert "a goat" in line


def test_a_fact_is_kept_once() -> None:
    fact = MemoryItem("Oscar has a dog, Rufus.", is_fact=True)
    assert len(filled(fact, fact).memories) == 1


def test_thinking_back_finds_by_its_own_words() -> None:
    assert "Rufus" in asyncio.run(search(filled(DOG, *TALK), "dogs", tokens=200))[0]


def test_with_embeddings_no_word_must_be_shared_and_each_text_is_embedded_once() -> None:
    embedder = ByFirstLetters()
    memory = filled(MemoryItem("He has a hairy one."), MemoryItem("Bread is dear."), embedder=embedder)
    assert found(memory, "hound") == ("He has a hairy one.",)
    assert found(memory, "hound") == ("He has a hairy one.",)
    assert embedder.asked.count("He has a hairy one.") == 1


def test_the_same_past_gives_back_the_same() -> None:
    assert found(filled(DOG, *TALK), "shop prices") == found(filled(DOG, *TALK), "shop prices")


def test_a_question_is_not_drowned_by_the_talk_beside_it() -> None:
    memory = filled(DOG, *TALK)
    news = [
        "The price in shop 3, I tell you, the price in shop 4, and the price in shop 5!",
        "What is your dog called?",
    ]
    lines = asyncio.run(recall_for_turn(memory, "semantic", news=[*news, *news[:1]], goal="the price", tokens=150))
    assert any("Rufus" in line for line in lines)
