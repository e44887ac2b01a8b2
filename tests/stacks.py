"""A whole stack of layers over LiteLLM, for tests: `async with Stack(url) as stack`."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from tinytroupe_cli.core.clock import JumpingClock
from tinytroupe_cli.models.ledger import Ledger, SpendLimits
from tinytroupe_cli.models.limiter import Limiter
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import AnswerSchema, Completion, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.stack import build_stack


class DictStore:
    """A call store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Request, Completion, float | None]] = {}

    def get(self, key: str) -> Completion | None:
        return self.kept[key][1] if key in self.kept else None

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        del seconds
        self.kept[key] = (request, completion, cost)


ANSWER = AnswerSchema(
    name="moment",
    body={
        "type": "object",
        "properties": {"to": {"type": "string", "enum": ["Oscar", "Lisa"]}, "words": {"type": "string"}},
        "required": ["to", "words"],
        "additionalProperties": False,
    },
    open=("to",),
)


def a_request(use: ModelConfig, *, text: str = "What do you say?", sample: int = 0, max_tokens: int = 50) -> Request:
    return Request(
        model=use,
        messages=(Message(role="system", content="You are Lisa."), Message(role="user", content=text)),
        answer=ANSWER,
        salt=SampleKey(seed=7, sample=sample),
        max_tokens=max_tokens,
        purpose=Purpose(role="people", kind="turn"),
    )


PAID = {"openai/gpt-4o-mini": (0.15, 0.6, 0.075), "openai/text-embedding-3-small": (0.02, 0.0, None)}
"""USD per million tokens; the fake provider is on this machine, and would cost nothing."""


class Stack:
    """Layers, clock, ledger and stores, all within reach."""

    def __init__(
        self,
        url: str,
        *,
        bounds: SpendLimits | None = None,
        attempts: int = 6,
        structured: Any = "auto",
        fixed: int | None = None,
        cache: DictStore | None = None,
        model: str = "openai/gpt-4o-mini",
    ) -> None:
        self.use = ModelConfig(name=model, api_base=url, structured=structured)
        self.clock = JumpingClock()
        self.store = DictStore()
        self.prices = PriceTable(PAID)
        self.ledger = Ledger(self.clock, bounds or SpendLimits())
        self.provider = LiteLLMProvider()
        self.limiter = Limiter(self.provider, self.clock, fixed)
        self.chat = build_stack(
            self.limiter,
            store=self.store,
            cache=cache,
            ledger=self.ledger,
            prices=self.prices,
            clock=self.clock,
            attempts=attempts,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.provider.aclose()
