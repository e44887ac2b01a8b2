"""Vectors by the whole stack: real HTTP, the real LiteLLM, the same layers as any other call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from provider import FILTERED_BY_CODE, WRONG_KEY, FakeProvider, rate_limited
from stacks import DictStore, Stack

from tinytroupe_cli.core.errors import Fatal, LimitReached
from tinytroupe_cli.minds.embedding import ModelEmbedder
from tinytroupe_cli.minds.similarity import cosine_similarity
from tinytroupe_cli.models.ledger import SpendLimits
from tinytroupe_cli.models.port import ModelConfig, Usage
from tinytroupe_cli.models.prices import PriceTable

MODEL = "openai/text-embedding-3-small"
TEXTS = ["We walk to the sea", "Walking by the sea", "A mortgage has a rate"]


def play(fake: FakeProvider, work: Callable[[Stack, ModelEmbedder], Coroutine[Any, Any, Any]], **options: Any) -> Any:
    async def all_of_it() -> Any:
        async with Stack(fake.url, model=MODEL, **options) as stack:
            return await work(stack, ModelEmbedder(stack.chat, stack.use))

    return asyncio.run(all_of_it())


def embed(_: Stack, embedder: ModelEmbedder) -> Coroutine[Any, Any, Any]:
    return embedder.embed(TEXTS)


def test_texts_that_mean_the_same_are_nearer() -> None:
    with FakeProvider() as fake:
        sea, also_sea, mortgage = play(fake, embed)
    assert cosine_similarity(sea, sea) == pytest.approx(1.0)  # pyright: ignore[reportUnknownMemberType] - pytest's own
    assert cosine_similarity(sea, also_sea) > cosine_similarity(sea, mortgage)


def test_a_vector_is_paid_for_once() -> None:
    async def twice(stack: Stack, embedder: ModelEmbedder) -> Any:
        first = await embedder.embed([*TEXTS, TEXTS[0]])
        second = await embedder.embed(TEXTS)
        assert first[:3] == second
        assert first[3] == first[0]
        return stack.ledger.snapshot()

    with FakeProvider() as fake:
        spent = play(fake, twice)
        assert len(fake.embedded) == 3
    assert (spent.calls, spent.found) == (3, 3)
    assert spent.usd > 0
    assert spent.unpriced == 0


def test_another_run_takes_vectors_from_the_users_cache() -> None:
    cache = DictStore()
    with FakeProvider() as fake:
        first = play(fake, embed, cache=cache)
        again = play(fake, embed, cache=cache)
        assert len(fake.embedded) == 3
    assert first == again


def test_a_429_is_waited_out_and_a_limit_holds() -> None:
    with FakeProvider(faults=[rate_limited(1)]) as fake:
        play(fake, embed)
        assert len(fake.embedded) == 4
        with pytest.raises(LimitReached):
            play(fake, embed, bounds=SpendLimits(calls=2))


def test_a_text_the_provider_refuses_has_no_vector_and_the_others_have() -> None:
    with FakeProvider(faults=[FILTERED_BY_CODE]) as fake:
        vectors = play(fake, embed)
    assert sorted(bool(vector) for vector in vectors) == [False, True, True]
    assert cosine_similarity([], [1.0]) == 0


def test_a_wrong_key_ends_the_run() -> None:
    with FakeProvider(faults=[WRONG_KEY] * 3) as fake, pytest.raises(Fatal):
        play(fake, embed)


def test_an_embedding_models_price_is_known() -> None:
    price = PriceTable().cost(Usage(prompt=1_000_000), ModelConfig(name=MODEL))
    assert price == pytest.approx(0.02)  # pyright: ignore[reportUnknownMemberType] - pytest's own
