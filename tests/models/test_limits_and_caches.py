from __future__ import annotations

import asyncio
from typing import Any

import pytest
from provider import FILTERED_SILENTLY, FakeProvider, rate_limited
from stacks import DictStore, Stack, a_request

from tinytroupe_cli.core.clock import JumpingClock
from tinytroupe_cli.core.errors import LimitReached, ProviderRefused, Transient
from tinytroupe_cli.models.budget import Budget
from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.ledger import Ledger, Spend, SpendLimits
from tinytroupe_cli.models.limiter import COOLDOWN, ProviderSlots
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import ModelConfig, Purpose, Request, Usage
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel, ScriptedReply
from tinytroupe_cli.models.single_flight import SingleFlight


@pytest.mark.parametrize(
    "bounds",
    [SpendLimits(calls=10), SpendLimits(tokens=1_200), SpendLimits(usd=0.0005)],
    ids=["calls", "tokens", "dollars"],
)
def test_a_limit_is_never_passed_however_many_calls_are_in_flight(bounds: SpendLimits) -> None:
    async def sixty_four(url: str) -> tuple[list[object], Stack]:
        async with Stack(url, bounds=bounds, fixed=64) as stack:
            asked = [stack.chat.complete(a_request(stack.use, text=f"question {n}")) for n in range(64)]
            return await asyncio.gather(*asked, return_exceptions=True), stack

    with FakeProvider(latency=0.02) as fake:
        outcomes, stack = asyncio.run(sixty_four(fake.url))
    spent = stack.ledger.spent
    assert any(isinstance(outcome, LimitReached) for outcome in outcomes)
    assert 0 < len(fake.requests) < 64
    assert bounds.calls is None or spent.calls <= bounds.calls
    assert bounds.tokens is None or spent.tokens <= bounds.tokens
    assert bounds.usd is None or spent.usd <= bounds.usd


def bundled_tokenizer() -> Any:
    """The table comes with LiteLLM: nothing is fetched."""
    asyncio.run(LiteLLMProvider().warm_up("none/none"))
    from litellm.litellm_core_utils.default_encoding import encoding

    return encoding


@pytest.mark.parametrize("text", ["你觉得这个价格怎么样" * 40, "Was kostet's, Frau Müller? " * 20, "🙂" * 90])
def test_what_is_reserved_is_never_less_than_a_tokenizer_would_count(text: str) -> None:
    reserved: list[int] = []

    class Watched(Ledger):
        async def reserve(self, most: Spend, purpose: Purpose) -> None:
            reserved.append(most.tokens)
            await super().reserve(most, purpose)

    clock = JumpingClock()
    budget = Budget(ScriptedModel(["ok"]), Watched(clock), PriceTable())
    request = a_request(ModelConfig(name="openai/gpt-4o-mini"), text=text, max_tokens=50)
    asyncio.run(budget.complete(request))
    assert reserved[0] >= len(bundled_tokenizer().encode(text)) + 50


def test_the_dust_of_added_fractions_blocks_nobody() -> None:
    async def story() -> None:
        ledger = Ledger(JumpingClock(), SpendLimits(usd=0.08))
        purpose = Purpose(role="people")
        prices = [Spend(usd=0.01), Spend(usd=0.01), Spend(usd=0.06)]
        for price in prices:
            await ledger.reserve(price, purpose)
        for price in prices:
            ledger.give_back(price, purpose)
        await asyncio.wait_for(ledger.reserve(Spend(usd=0.08), purpose), timeout=0.5)

    asyncio.run(story())


def test_time_is_a_limit_too() -> None:
    async def late(url: str) -> None:
        async with Stack(url, bounds=SpendLimits(minutes=1)) as stack:
            await stack.clock.sleep(61)
            await stack.chat.complete(a_request(stack.use))

    with FakeProvider() as fake, pytest.raises(LimitReached, match="1 minutes"):
        asyncio.run(late(fake.url))
    assert not fake.requests


def test_an_answer_of_an_earlier_run_is_free() -> None:
    cache = DictStore()

    async def one_run(url: str) -> Stack:
        async with Stack(url, cache=cache) as stack:
            await stack.chat.complete(a_request(stack.use))
            return stack

    with FakeProvider() as fake:
        asyncio.run(one_run(fake.url))
        second = asyncio.run(one_run(fake.url))
        assert len(fake.requests) == 1
    [(_, completion, cost)] = second.store.kept.values()
    assert cost == 0
    assert completion.text
    assert second.ledger.snapshot().calls == 0
    assert second.ledger.snapshot().found == 1


def test_a_refusal_of_an_earlier_run_is_not_asked_again_for_a_better_answer() -> None:
    cache = DictStore()

    async def one_run(url: str) -> None:
        async with Stack(url, cache=cache) as stack:
            with pytest.raises(ProviderRefused):
                await stack.chat.complete(a_request(stack.use))

    with FakeProvider(faults=[FILTERED_SILENTLY]) as fake:
        asyncio.run(one_run(fake.url))
        asyncio.run(one_run(fake.url))
        assert len(fake.requests) == 1


def test_a_fixed_number_of_calls_is_never_exceeded() -> None:
    async def many(url: str) -> None:
        async with Stack(url, fixed=3) as stack:
            await asyncio.gather(*(stack.chat.complete(a_request(stack.use, text=str(n))) for n in range(12)))

    with FakeProvider(latency=0.02) as fake:
        asyncio.run(many(fake.url))
    assert fake.most_at_once == 3


def test_a_storm_of_429s_ends_and_every_request_is_answered() -> None:
    async def many(url: str) -> int:
        async with Stack(url) as stack:
            answers = await asyncio.gather(*(stack.chat.complete(a_request(stack.use, text=str(n))) for n in range(30)))
            return len(answers)

    with FakeProvider(faults=[rate_limited(1)] * 25) as fake:
        assert asyncio.run(many(fake.url)) == 30
    assert len(fake.requests) == 55


def test_a_lane_doubles_until_the_first_429_then_shrinks_once_per_episode() -> None:
    async def story() -> list[float]:
        clock = JumpingClock()
        lane = ProviderSlots(clock, limit=10)
        for _ in range(10):
            lane.on_success()
        seen = [lane.limit]
        for _ in range(5):
            lane.on_rate_limit(None)
        seen.append(lane.limit)
        await clock.sleep(COOLDOWN)
        lane.on_rate_limit(None)
        return [*seen, lane.limit]

    assert asyncio.run(story()) == [20, 16, pytest.approx(12.8)]


def test_a_lane_brakes_when_the_provider_has_little_left() -> None:
    lane = ProviderSlots(JumpingClock(), limit=20)
    lane.observe({"x-ratelimit-remaining-requests": "3"}, tokens=500)
    assert lane.limit == 3


def test_a_lane_brakes_when_few_tokens_are_left_for_calls_of_this_size() -> None:
    lane = ProviderSlots(JumpingClock(), limit=20)
    lane.observe({"x-ratelimit-remaining-requests": "1000", "x-ratelimit-remaining-tokens": "2100"}, tokens=500)
    assert lane.limit == 4


def test_the_headers_of_an_answer_reach_the_lane_it_came_by() -> None:
    async def once(url: str) -> float:
        async with Stack(url) as stack:
            stack.provider.on_headers = stack.limiter.observe
            request = a_request(stack.use)
            await stack.chat.complete(request)
            return stack.limiter.lane(request).limit

    with FakeProvider(headers={"x-ratelimit-remaining-requests": "5"}) as fake:
        assert asyncio.run(once(fake.url)) == 5


def test_calls_already_waiting_for_a_place_keep_the_pause_a_429_asks_for() -> None:
    async def story() -> float:
        clock = JumpingClock()
        lane = ProviderSlots(clock, limit=1)
        await lane.enter()
        waiting = asyncio.create_task(lane.enter())
        await asyncio.sleep(0)
        lane.on_rate_limit(30)
        lane.leave()
        await waiting
        return clock.seconds()

    assert asyncio.run(story()) == 30


def test_a_call_cancelled_while_it_waits_takes_no_place_with_it() -> None:
    async def story() -> int:
        lane = ProviderSlots(JumpingClock(), limit=1)
        await lane.enter()
        waiting = asyncio.create_task(lane.enter())
        await asyncio.sleep(0)
        waiting.cancel()
        lane.leave()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await lane.enter()
        return lane.in_use

    assert asyncio.run(story()) == 1


def test_a_faster_pace_lets_in_those_who_wait_already() -> None:
    async def story() -> int:
        lane = ProviderSlots(JumpingClock(), limit=2)
        waiting = [asyncio.create_task(lane.enter()) for _ in range(6)]
        await asyncio.sleep(0)
        lane.on_success()
        lane.on_success()
        await asyncio.sleep(0)
        inside = lane.in_use
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return inside

    assert asyncio.run(story()) == 4


def test_what_fails_in_flight_is_asked_by_the_next_who_waits() -> None:
    outcomes: list[ScriptedReply] = [Transient("cut"), "yes"]

    async def slowly(_request: Request) -> ScriptedReply:
        await asyncio.sleep(0.01)
        return outcomes.pop(0)

    async def both() -> list[object]:
        model = SingleFlight(ScriptedModel(slowly))
        request = a_request(ModelConfig(name="openai/x"))
        return await asyncio.gather(model.complete(request), model.complete(request), return_exceptions=True)

    first, second = asyncio.run(both())
    assert isinstance(first, Transient)
    assert getattr(second, "text", "") == "yes"


def test_the_trial_is_no_part_of_what_is_asked() -> None:
    request = a_request(ModelConfig(name="openai/x"))
    elsewhere = request.model_copy(update={"purpose": request.purpose.model_copy(update={"trial": "another"})})
    other_model = request.model_copy(update={"model": ModelConfig(name="openai/x", temperature=0.5)})
    assert identity(request) == identity(elsewhere)
    assert identity(request) != identity(other_model)


def test_an_unknown_price_stays_unknown_and_a_local_model_costs_nothing() -> None:
    prices = PriceTable({"my/model": (1.0, 2.0, 0.5)})
    usage = Usage(prompt=1_000_000, completion=1_000_000, cached=400_000)
    assert prices.cost(usage, ModelConfig(name="openai/nobody-knows-this")) is None
    assert prices.cost(usage, ModelConfig(name="local/smollm2-135m")) == 0
    assert prices.cost(usage, ModelConfig(name="my/model")) == pytest.approx(0.6 + 0.2 + 2.0)
    assert (prices.cost(usage, ModelConfig(name="openai/gpt-4o-mini")) or 0) > 0
