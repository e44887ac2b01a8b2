from __future__ import annotations

import asyncio

import pytest

from tinytroupe_cli.core.clock import JumpingClock
from tinytroupe_cli.core.errors import ProviderDown, Transient
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.port import Completion, Message, ModelConfig, Purpose, Request
from tinytroupe_cli.models.retry import Retry


class FailsFor:
    """A provider that fails for some people for ever; `*`: for everybody."""

    def __init__(self, *people: str) -> None:
        self.people = set(people)
        self.asked: list[str] = []

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request.purpose.person)
        await asyncio.sleep(0)
        if self.people & {"*", request.purpose.person}:
            raise Transient("status 500")
        return Completion(text="yes")


def a_call(person: str, step: int = 1) -> Request:
    why = Purpose(role="people", kind="turn", trial="r1", person=person, step=step)
    return Request(model=ModelConfig(name="openai/x"), messages=(Message(role="user", content=f"{step}"),), purpose=why)


def outcomes(provider: FailsFor, *calls: Request) -> list[Completion | BaseException]:
    """Make calls one after the other."""

    async def made() -> list[Completion | BaseException]:
        clock = JumpingClock()
        retry = Retry(provider, clock, Ledger(clock), attempts=6)
        return [(await asyncio.gather(retry.complete(call), return_exceptions=True))[0] for call in calls]

    return asyncio.run(made())


def test_a_provider_that_fails_for_everybody_is_down() -> None:
    *_, last = outcomes(FailsFor("*"), a_call("ann"), a_call("bo"), a_call("cy"))
    assert isinstance(last, ProviderDown)
    assert "status 500" in last.message


def test_a_provider_that_comes_back_is_not_down() -> None:
    provider = FailsFor("bo", "cy", "di")
    calls = [a_call(person, step) for step in range(4) for person in ("bo", "ann", "cy", "ann", "di", "ann")]
    assert not any(isinstance(one, ProviderDown) for one in outcomes(provider, *calls))


def test_who_fails_while_others_work_tells_nothing_of_the_provider() -> None:
    provider = FailsFor("bo")

    async def together() -> list[Completion | BaseException]:
        clock = JumpingClock()
        retry = Retry(provider, clock, Ledger(clock), attempts=6)
        first = await asyncio.gather(*map(retry.complete, (a_call("ann"), a_call("bo"))), return_exceptions=True)
        rest = [a_call("bo", step) for step in range(2, 9)]
        return [*first, *(await asyncio.gather(*map(retry.complete, rest), return_exceptions=True))]

    found = asyncio.run(together())
    assert sum(isinstance(one, Transient) for one in found) == 8
    assert not any(isinstance(one, ProviderDown) for one in found)


def test_whoever_failed_for_good_is_tried_less_often_next() -> None:
    provider = FailsFor("bo")
    outcomes(provider, a_call("ann"), a_call("bo"), a_call("bo", 2))
    assert provider.asked.count("bo") == 6 + 2


@pytest.mark.parametrize("attempts", [1, 6])
def test_a_call_that_works_at_last_counts_as_one_that_worked(attempts: int) -> None:
    assert [type(one) for one in outcomes(FailsFor(), *[a_call("ann", n) for n in range(attempts)])] == (
        [Completion] * attempts
    )
