"""Refuses calls that could exceed a limit; counts spending."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.models.ledger import Ledger, Spend
from tinytroupe_cli.models.port import ChatModel, Completion, Request, Usage
from tinytroupe_cli.models.prices import PriceTable

BYTES_PER_TOKEN = 2.5
"""Cautious: few texts have more tokens than this suggests. In bytes, as a Chinese character is a token or more."""
IMAGE_TOKENS = 1_600
"""Tokens of one image; providers shrink larger ones."""


@dataclass
class Budget:
    """Reserves the maximum cost of a call; releases it if the call fails."""

    inner: ChatModel
    ledger: Ledger
    prices: PriceTable

    async def complete(self, request: Request) -> Completion:
        """Call within the limits; raises `LimitReached` before anything is spent."""
        most = self._most(request)
        await self.ledger.reserve(most, request.purpose)
        try:
            completion = await self.inner.complete(request)
        except BaseException:
            self.ledger.give_back(most, request.purpose)
            raise
        usd = self.prices.cost(completion.usage, request.model)
        self.ledger.settle(most, request.purpose, usage=completion.usage, usd=usd)
        return completion

    def _most(self, request: Request) -> Spend:
        size = sum(len(message.content.encode()) for message in request.messages)
        if request.answer is not None:
            size += len(str(request.answer.body).encode())
        images = sum(len(message.images) for message in request.messages)
        prompt = int(size / BYTES_PER_TOKEN) + 10 * len(request.messages) + IMAGE_TOKENS * images
        usage = Usage(prompt=prompt, completion=request.reply_limit)
        return Spend(self.prices.cost(usage, request.model) or 0.0, prompt + request.reply_limit, 1)
